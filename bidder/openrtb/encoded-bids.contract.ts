/** Decided bids of every kind, ready to be encoded, for the tests of both encoders and their costs. */
import { JINGLE, mediaPlacement, SPOT } from '../../creative/media.contract.ts';
import { asset, CREATIVE, nativePlacement } from '../../creative/native.contract.ts';
import type { DsaTerms } from '../../settings/workspace.ts';
import type { BidRequest, Placement } from '../auction/bid-request.ts';
import { banner, campaign, NOW_MS, SETTINGS, snapshotOf } from '../auction/shop.contract.ts';
import { shopCategories } from '../auction/shop-categories.ts';
import { EXCHANGE, KEY } from '../bidder.contract.ts';
import type { EncodedBidInput, EncodingContext } from './bid-fields.ts';
import type { WireFormat } from './wire-format.ts';

/** What differs from bid to bid. */
export interface BidsWanted {
  readonly requestId: string;
  readonly deal: string;
  readonly kind: Placement['kind'];
  /** A bid for each. */
  readonly impIds: readonly string[];
  readonly seat: string;
  readonly domains: readonly string[];
  readonly categories: readonly string[];
  readonly attributes: readonly number[];
  readonly size: string;
  readonly priceCpmMicros: number;
  readonly expS: number;
  readonly taxonomy: number;
  readonly dsa: BidRequest['dsa'];
  readonly dsaTerms: DsaTerms | null;
  readonly person: string;
}

export interface Bids {
  readonly context: EncodingContext;
  readonly inputs: readonly EncodedBidInput[];
}

/** The whole answer. */
export function answer(format: WireFormat, { context, inputs }: Bids): string | Uint8Array {
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

export function bidsOf(given: BidsWanted): Bids {
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
