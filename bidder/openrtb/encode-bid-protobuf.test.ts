import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answer, bidsOf } from './encoded-bids.contract.ts';
import { fromProtobuf, openrtbProto } from './openrtb-proto.contract.ts';
import { JSON_FORMAT, PROTOBUF_FORMAT } from './wire-format.ts';

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
