import { createSecretKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { customerPersonId, identityKey, isHashedId, orderKey } from './ids.ts';
import {
  decodeEvent,
  decodeLiveFacts,
  decodeProfile,
  encodeEvent,
  encodeLiveFacts,
  encodeProfile,
  NoticeKind,
} from './records.ts';

const profile = {
  person: 'person-1',
  segments: [0, 3],
  orders: [{ atS: 1_700_000_000, status: 1, revenueMicros: 123_456_789_012, orderKey: 'o1' }],
  cycleHalfDays: 61,
  products: ['a'],
  categories: ['Tents'],
  boughtWith: ['b'],
};

it('keeps a profile to the micro, with plain numbers', () => {
  const back = decodeProfile(encodeProfile(profile), 'person-1');
  expect(back?.orders[0]?.revenueMicros).toBe(123_456_789_012);
  expect(back?.segments).toEqual([0, 3]);
});

it("treats another person's value and garbage as no value", () => {
  expect(decodeProfile(encodeProfile(profile), 'person-2')).toBeNull();
  for (const bytes of [Buffer.from('garbage'), Buffer.alloc(64, 0xff), Buffer.alloc(0)]) {
    expect(decodeProfile(bytes, 'person-1')).toBeNull();
    expect(decodeLiveFacts(bytes, 'person-1')).toBeNull();
  }
  expect(decodeEvent(Buffer.alloc(64, 0xff))).toBeNull();
});

it('keeps live facts and events', () => {
  const live = { person: 'p', views: [{ item: 'x', atS: 5 }], cart: [], orders: [] };
  expect(decodeLiveFacts(encodeLiveFacts(live), 'p')?.views[0]?.item).toBe('x');
  const event = {
    atMs: 1_795_000_000_123,
    id: 'b1:b',
    notice: {
      kind: NoticeKind.BILLING,
      token: Buffer.from('t'),
      priceKnown: true,
      priceCpmMicros: 5,
    },
  };
  const back = decodeEvent(encodeEvent(event));
  expect(back?.atMs).toBe(1_795_000_000_123);
  expect(back?.notice?.kind).toBe(NoticeKind.BILLING);
});

it('gives ids that are safe as a key of any store and differ by kind, shop and key', () => {
  const key = createSecretKey(Buffer.alloc(32, 1));
  const ids = [
    identityKey(key, 'cookie', 'c1'),
    identityKey(key, 'ifa', 'c1'),
    customerPersonId(key, 'demo', 'c1'),
    customerPersonId(key, 'other', 'c1'),
    orderKey(key, 'demo', 'c1'),
    identityKey(createSecretKey(Buffer.alloc(32, 2)), 'cookie', 'c1'),
  ];
  expect(ids.every(isHashedId)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(isHashedId('not a key')).toBe(false);
});
