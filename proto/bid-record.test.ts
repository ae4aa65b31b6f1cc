import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BidRecord, encodeBidRecord } from './bid-record.ts';
import { decodeEvent, encodeEvent } from './records.ts';

const record: BidRecord = {
  atMs: 1_795_000_000_123,
  id: 'k3x9-1',
  exchange: 'generic',
  shop: 'demo',
  campaign: 'winback',
  creative: 'product-gr-300x250-abc',
  person: 'AbCdEfGhIjKlMnOp',
  bidCpmMicros: 2_345_678,
  currency: 'EUR',
  lease: 'w1-22',
  test: false,
  impKey: 'auction-1 1',
};

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ09_- .\u007f'), maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'binary-ascii', minLength: 120, maxLength: 5000 }),
);
const number = fc.oneof(fc.constantFrom(0, -0), fc.nat(), fc.double({ noNaN: true }));

it('writes what the generated code writes, to the byte', () => {
  const drawn = fc.record({
    atMs: number,
    id: text,
    exchange: text,
    shop: text,
    campaign: text,
    creative: text,
    person: text,
    bidCpmMicros: number,
    currency: text,
    lease: text,
    test: fc.boolean(),
    impKey: text,
  });
  fc.assert(
    fc.property(drawn, (given) => {
      const { atMs, id, ...bid } = given;
      expect(Buffer.from(encodeBidRecord(given))).toEqual(
        Buffer.from(encodeEvent({ atMs, id, bid })),
      );
    }),
    { numRuns: 200 },
  );
});

it('writes the same where its room ends', () => {
  for (let length = 3900; length < 4200; length++) {
    for (const change of [{ id: 'x'.repeat(length) }, { impKey: 'x'.repeat(length) }]) {
      const given = { ...record, ...change };
      const { atMs, id, ...bid } = given;
      const same = Buffer.from(encodeEvent({ atMs, id, bid })).equals(encodeBidRecord(given));
      expect(same, `${length}`).toBe(true);
    }
  }
});

const carried: readonly (readonly [string, Partial<BidRecord>])[] = [
  ['a length of one byte', { impKey: 'x'.repeat(127) }],
  ['a length of two bytes', { impKey: 'x'.repeat(128) }],
  ['no person', { person: '', lease: '' }],
  ['a test', { test: true }],
  ['letters of one byte in Latin-1', { impKey: 'caf\u00e9 \u0080\u00ff' }],
  ['another script', { impKey: 'два' }],
  ['what is too long', { impKey: 'x'.repeat(9000) }],
];

it.each(carried)('carries %s there and back', (_, change) => {
  const given = { ...record, ...change };
  const { atMs, id, ...bid } = given;
  const back = decodeEvent(encodeBidRecord(given));
  expect(back?.atMs).toBe(atMs);
  expect(back?.id).toBe(id);
  expect(back?.bid).toMatchObject(bid);
});
