import { expect, it } from 'vitest';
import type { Imp } from '../auction/bid-request.ts';
import { decodeBidRequest } from './decode-bid-request.ts';

function imp(more: object, impMore: object): Imp {
  const sent = { id: 'a', imp: [{ id: '1', banner: { w: 300, h: 250 }, ...impMore }], ...more };
  const decoded = decodeBidRequest(Buffer.from(JSON.stringify(sent)), 'demo');
  if (decoded.kind !== 'request') throw new Error(`rejected: ${decoded.reason}`);
  return decoded.request.imps[0]!;
}

it('reads deals with their own floor, currency and terms', () => {
  const deals = [
    { id: 7, bidfloor: '2.5', bidfloorcur: 'eur', at: '3', wseat: 's', wadomain: ['A.example.'] },
    { id: 'd2', guar: 1, at: 1 },
    { id: 'd3' },
  ];
  const pmp = { private_auction: 1, deals };
  const read = imp({ at: 3 }, { bidfloor: 9, bidfloorcur: 'JPY', pmp });
  expect(read).toMatchObject({ dealsOnly: true });
  const floors = { cpmMicrosPerS: 0, ranges: [] };
  const terms = { floors, allowedSeats: ['s'], allowedDomains: ['a.example'], guaranteed: false };
  const floor = { floorCpmMicros: 2_500_000, floorCurrency: 'EUR' };
  expect(read.deals).toEqual([
    { id: '7', ...floor, fixed: true, ...terms },
    {
      id: 'd2',
      floorCpmMicros: 0,
      floorCurrency: 'USD',
      floors,
      fixed: false,
      guaranteed: true,
      allowedSeats: [],
      allowedDomains: [],
    },
    // Of the request's kind of auction.
    expect.objectContaining({ id: 'd3', fixed: true }),
  ]);
});

it('leaves out deals that cannot be read whole or share a name, and keeps at most 64', () => {
  const broken = [
    { id: '' },
    { id: 'a', bidfloor: 'x' },
    { id: 'b', bidfloorcur: '$' },
    { id: 'c', wseat: [null] },
    { id: 'e', wadomain: new Array(201).fill('a.example') },
    { id: 'f', wadomain: ['a'.repeat(254)] },
    { id: 'g', wseat: 7 },
    { id: 'i', durfloors: [{ bidfloor: 'x' }] },
    { id: 'h', wadomain: { 0: 'a.example' } },
    5,
  ];
  const ids = (deals: unknown[]) => imp({}, { pmp: { deals } }).deals.map(({ id }) => id);
  expect(ids([...broken, { id: 'good' }])).toEqual(['good']);
  expect(ids([{ id: 'a' }, { id: 7 }, { id: 'b' }, { id: '7', bidfloor: 'x' }])).toEqual([
    'a',
    'b',
  ]);
  expect(ids(Array.from({ length: 100 }, (_, i) => ({ id: `d${i}` })))).toHaveLength(64);
});
