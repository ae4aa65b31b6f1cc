import fc from 'fast-check';
import { expect, it } from 'vitest';
import { distinctHistories } from './distinct-histories.ts';
import { historiesUntil, purchasesBetween, purchasesOf } from './purchase-history.ts';

type Order = readonly [customer: number, day: number, value: number];

function columns(orders: readonly Order[]) {
  return {
    customer: Int32Array.from(orders, ([customer]) => customer),
    day: Int32Array.from(orders, ([, day]) => day),
    valueMicros: Float64Array.from(orders, ([, , value]) => value * 1e6),
  };
}

const JAN_1_2015 = 16_436;
const AS_OF = JAN_1_2015 + 37;

it('counts as the tests of lifetimes do', () => {
  // 1: 1 and 6 February; 2: 1 January; 3: 1, 2 and 5 January; seen on 7 February.
  const orders: Order[] = [
    [0, JAN_1_2015 + 31, 1],
    [0, JAN_1_2015 + 36, 2],
    [1, JAN_1_2015, 2],
    [2, JAN_1_2015, 3],
    [2, JAN_1_2015 + 1, 1],
    [2, JAN_1_2015 + 4, 5],
  ];
  const histories = historiesUntil(purchasesOf(columns(orders), 3), AS_OF);
  expect([...histories.repeats]).toEqual([1, 0, 2]);
  expect([...histories.recencyDays]).toEqual([5, 0, 4]);
  expect([...histories.ageDays]).toEqual([6, 37, 37]);
  expect([...histories.meanValue]).toEqual([2, 0, 3]);
});

it('makes one purchase of the orders of a day, and leaves the first out of the mean', () => {
  const orders: Order[] = [
    [0, 12, 3],
    [0, 10, 6],
    [0, 12, 3],
    [1, 11, 3],
    [1, 12, 1],
    [1, 13, 8],
  ];
  const { repeats, meanValue } = historiesUntil(purchasesOf(columns(orders), 2), 20);
  expect([...repeats]).toEqual([1, 2]);
  expect([...meanValue]).toEqual([6, 4.5]);
});

it('does not see what came later, nor who', () => {
  const orders: Order[] = [
    [0, 10, 1],
    [0, 15, 1],
    [0, 16, 1],
    [1, 16, 1],
  ];
  const purchases = purchasesOf(columns(orders), 2);
  const histories = historiesUntil(purchases, 15);
  expect([...histories.customer]).toEqual([0]);
  expect([...histories.repeats]).toEqual([1]);
  expect([...histories.ageDays]).toEqual([5]);
  expect([...purchasesBetween(purchases, histories.customer, 15, 16)]).toEqual([1]);
});

const anyOrders = fc.array(
  fc.tuple(fc.nat({ max: 5 }), fc.integer({ min: 100, max: 130 }), fc.nat({ max: 9 })),
  { maxLength: 60 },
);

it('asks not in which order rows came', () => {
  fc.assert(
    fc.property(anyOrders, (orders) => {
      const there = purchasesOf(columns(orders), 6);
      expect(purchasesOf(columns([...orders].reverse()), 6)).toEqual(there);
      expect(there.starts.at(-1)).toBe(new Set(orders.map(([c, d]) => `${c} ${d}`)).size);
    }),
  );
});

it('weighs equal histories as one, and loses none', () => {
  fc.assert(
    fc.property(anyOrders, (orders) => {
      const histories = historiesUntil(purchasesOf(columns(orders), 6), 125);
      const distinct = distinctHistories(histories, 7);
      const { pairs } = distinct;
      const expanded = [...distinct.weight].flatMap((weight, i) =>
        Array.from({ length: weight }, () => [
          distinct.repeats[i]!,
          Math.round(pairs.time[distinct.recencyPair[i]!]! * 7),
          Math.round(pairs.time[distinct.agePair[i]!]! * 7),
        ]),
      );
      const each = [...histories.repeats].map((x, i) => [
        x,
        histories.recencyDays[i]!,
        histories.ageDays[i]!,
      ]);
      expect(expanded.map(String).sort()).toEqual(each.map(String).sort());
      for (const i of distinct.weight.keys()) {
        expect(pairs.repeats[distinct.recencyPair[i]!]).toBe(distinct.repeats[i]);
        expect(pairs.repeats[distinct.agePair[i]!]).toBe(distinct.repeats[i]);
      }
      const repeats = each.map(([x]) => x!);
      expect(distinct).toMatchObject({
        customers: each.length,
        repeaters: repeats.filter((x) => x > 0).length,
        repeatPurchases: repeats.reduce((sum, x) => sum + x, 0),
        repeatsMax: Math.max(0, ...repeats),
      });
      expect(distinct.sumAge * 7).toBeCloseTo(
        each.reduce((sum, [, , age]) => sum + age!, 0),
        6,
      );
    }),
  );
});
