import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JINGLE, mediaPlacement, SPOT } from '../../creative/media.contract.ts';
import { asset, CREATIVE, nativePlacement } from '../../creative/native.contract.ts';
import { banner, campaign, NOW_MS, SETTINGS, snapshotOf } from '../auction/shop.contract.ts';
import { shopCategories } from '../auction/shop-categories.ts';
import { EXCHANGE, KEY } from '../bidder.contract.ts';
import type { EncodedBidInput, EncodingContext } from './bid-fields.ts';
import { fromProtobuf, openrtbProto } from './openrtb-proto.contract.ts';
import { JSON_FORMAT, PROTOBUF_FORMAT, type WireFormat } from './wire-format.ts';

const PROTO = openrtbProto(false);
const text = fc.string({ unit: fc.constantFrom('a', 'Z', '"', '\\', '${', 'é', '€', '😀', '\n') });
const texts = fc.array(text, { maxLength: 3 });

const drawn = fc.record({
  requestId: text,
  deal: fc.string({ unit: 'binary' }),
  kind: fc.constantFrom('banner' as const, 'native' as const, 'video' as const, 'audio' as const),
  impIds: fc.array(text, { minLength: 1, maxLength: 3 }),
  seat: text,
  // Settings hold one at least.
  domains: fc.array(text, { minLength: 1, maxLength: 3 }),
  categories: texts,
  attributes: fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 3 }),
  size: fc.constantFrom('300x250', '728x90'),
  priceCpmMicros: fc.integer({ min: 1, max: 1_000_000_000 }),
  expS: fc.integer({ min: 0, max: 86_400 }),
  taxonomy: fc.constantFrom(0, 1, 2, 7, 999),
  dsa: fc.option(
    fc.record({ required: fc.boolean(), pubRender: fc.nat(2), takesParams: fc.boolean() }),
  ),
  dsaTerms: fc.option(fc.record({ behalf: text, paid: text, rendered: fc.boolean() })),
  person: fc.constantFrom('', 'LPh3ineth4tznT-o'),
});

it('says in protobuf what it says in JSON, field by field', () => {
  fc.assert(
    fc.property(drawn, (given) => {
      const bids = bidsOf(given);
      const json = JSON.parse(answer(JSON_FORMAT, bids) as string);
      const bytes = answer(PROTOBUF_FORMAT, bids) as Uint8Array;
      expect(fromProtobuf(PROTO, 'BidResponse', bytes)).toEqual(json);
    }),
    { numRuns: 300 },
  );
});

it('gives each answer bytes of its own', () => {
  const bids = bidsOf({ ...fc.sample(drawn, { numRuns: 1, seed: 1 })[0]!, requestId: 'first' });
  const first = answer(PROTOBUF_FORMAT, bids) as Uint8Array;
  const copy = Uint8Array.from(first);
  for (let i = 0; i < 100; i++) answer(PROTOBUF_FORMAT, bids);
  expect(first).toEqual(copy);
});

it('answers more than usual at once', () => {
  const impIds = ['1'.repeat(70_000), '2'];
  const bids = bidsOf({ ...fc.sample(drawn, { numRuns: 1, seed: 2 })[0]!, impIds });
  const bytes = answer(PROTOBUF_FORMAT, bids) as Uint8Array;
  expect(fromProtobuf(PROTO, 'BidResponse', bytes)).toMatchObject({
    seatbid: [{ bid: impIds.map((impid) => ({ impid })) }],
  });
});

interface Bids {
  readonly context: EncodingContext;
  readonly inputs: readonly EncodedBidInput[];
}

function answer(format: WireFormat, { context, inputs }: Bids): string | Uint8Array {
  const bids = inputs.map((input) => format.encodeBid(context, input));
  return format.encodeResponse(context, bids.join(format.separator), 'bid-0');
}

const CHOICE = { protocol: 3, version: '3.0', files: [0] };
/** What a decision says of each kind of creative. */
const SHOWN = {
  banner: {
    placement: banner({ shapes: [{ wRatio: 364, hRatio: 45, wMin: 0 }] }),
    media: null,
  },
  native: {
    placement: nativePlacement([asset('title'), asset('price', { required: false })]),
    media: null,
  },
  video: { placement: mediaPlacement(), media: CHOICE },
  audio: { placement: mediaPlacement({ kind: 'audio' }), media: CHOICE },
};

type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

function bidsOf(given: Drawn): Bids {
  const { attributes } = given;
  const made = { attributes, native: CREATIVE, video: SPOT, audio: JINGLE };
  const snapshot = snapshotOf([campaign('open', made)]);
  const [acme] = snapshot.shops;
  const { domains, size, priceCpmMicros, expS, taxonomy: categoryTaxonomy, dsa } = given;
  const categories = { 1: given.categories, 7: ['473', 'JLBCU7'] };
  const settings = { ...SETTINGS, domains, categories, dsa: given.dsaTerms };
  const shop = { ...acme!, settings, categories: shopCategories(categories) };
  const items = shop.campaigns[0]!.banners.get(size)!.banner.cards.catalogue.items.slice(0, 2);
  const context = {
    exchange: { ...EXCHANGE, seat: given.seat },
    request: {
      id: given.requestId,
      imps: given.impIds.map((id) => ({ id })),
      categoryTaxonomy,
      dsa,
    },
    publicUrl: 'https://ads.example',
    tokenKey: KEY,
    currency: 'EUR',
    nowMs: NOW_MS,
  } as unknown as EncodingContext;
  const inputs = given.impIds.map((_, imp) => ({
    bid: {
      shop: 0,
      campaign: 0,
      imp,
      deal: given.deal === '' ? null : { id: given.deal },
      ...SHOWN[given.kind],
      creative: 'creative-1',
      size,
      selection: { items },
      priceCpmMicros,
      reservedNanos: 1,
    },
    shop,
    view: { person: given.person, shaping: null },
    bidId: `bid-${imp}`,
    leaseId: 'w0-1',
    period: '2026-11-22',
    expS,
  })) as unknown as EncodedBidInput[];
  return { context, inputs };
}
