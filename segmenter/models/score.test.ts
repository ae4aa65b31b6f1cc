import { expect, it } from 'vitest';
import { bgNbdModel } from './bg-nbd.ts';
import { discountedIfAlive } from './clv.ts';
import { expectedValue } from './gamma-gamma.ts';
import { holdoutReport } from './holdout.ts';
import { type Histories, purchasesOf } from './purchase-history.ts';
import { expectedPurchases } from './purchase-model.ts';
import { expectedOf, scoreCustomers } from './score.ts';
import { trackPurchases } from './tracking.ts';

const MODEL = bgNbdModel({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 });
const SPEND = { p: 6.25, q: 3.74, v: 15.44 };
const HISTORIES: Histories = {
  customer: Int32Array.of(0, 1, 2),
  repeats: Int32Array.of(2, 0, 2),
  recencyDays: Int32Array.of(213, 0, 100),
  ageDays: Int32Array.of(272, 272, 272),
  meanValue: Float64Array.of(22.35, 0, 40),
};

it('values each month of the horizon at what it is worth now', () => {
  const year = { months: 12, monthlyDiscount: 0.01, unit: 'week' } as const;
  let sum = 0;
  for (let month = 1; month <= 12; month++) {
    const inMonth =
      MODEL.expectedIfAlive(2, 38.86, month * 4.345) -
      MODEL.expectedIfAlive(2, 38.86, (month - 1) * 4.345);
    sum += inMonth / 1.01 ** month;
  }
  expect(discountedIfAlive(MODEL, 2, 38.86, year)).toBeCloseTo(sum, 12);
  const undiscounted = { ...year, monthlyDiscount: 0 };
  expect(discountedIfAlive(MODEL, 2, 38.86, undiscounted)).toBeCloseTo(
    MODEL.expectedIfAlive(2, 38.86, 52.14),
    12,
  );
});

it('scores every customer as if alone', () => {
  const horizon = { months: 3, monthlyDiscount: 0.02, unit: 'week' } as const;
  const scores = scoreCustomers(HISTORIES, MODEL, SPEND, horizon);
  HISTORIES.repeats.forEach((repeats, i) => {
    const recency = HISTORIES.recencyDays[i]! / 7;
    const age = HISTORIES.ageDays[i]! / 7;
    const alive = MODEL.pAlive({ repeats, recency, age });
    const value = expectedValue(SPEND, repeats, HISTORIES.meanValue[i]!);
    expect(scores.pAlive[i]).toBe(alive);
    expect(scores.expectedPurchases[i]).toBe(
      expectedPurchases(MODEL, { repeats, recency, age }, 3 * 4.345),
    );
    expect(scores.expectedValue[i]).toBe(value);
    expect(scores.clv[i]).toBeCloseTo(
      discountedIfAlive(MODEL, repeats, age, horizon) * alive * value,
      12,
    );
  });
});

it('has no CLV where spend has no model', () => {
  const horizon = { months: 3, monthlyDiscount: 0, unit: 'week' } as const;
  const { pAlive, expectedValue: value, clv } = scoreCustomers(HISTORIES, MODEL, null, horizon);
  expect(pAlive[0]).toBeGreaterThan(0);
  expect([...value, ...clv].every(Number.isNaN)).toBe(true);
});

it('compares what was expected with what was bought', () => {
  const expected = expectedOf(HISTORIES, MODEL, 7, 39);
  const actual = Int32Array.of(3, 1, 0);
  const report = holdoutReport({ histories: HISTORIES, actual, expected, days: 273 });
  expect(report).toMatchObject({ customers: 3, actual: 4 });
  const ownRate = (2 / 272) * 273;
  expect(report.ownRateExpected).toBeCloseTo(2 * ownRate, 12);
  expect(report.ownRateMae).toBeCloseTo((3 - ownRate + 1 + ownRate) / 3, 12);
  expect(report.byRepeats).toEqual([
    { group: '0', customers: 1, actual: 1, expected: expected[1] },
    { group: '2', customers: 2, actual: 1.5, expected: (expected[0]! + expected[2]!) / 2 },
  ]);
  const deciles = report.byDecile.map(({ group, actual: bought }) => [group, bought]);
  expect(deciles).toEqual([
    ['1', 1],
    ['4', 0],
    ['7', 3],
  ]);
});

it('adds up repeat purchases by periods since the first day', () => {
  // Two customers, of day 100 and day 105; repeats on days 106, 107 and 114; a week is 7 days.
  const purchases = purchasesOf(
    {
      customer: Int32Array.of(0, 0, 0, 1, 1),
      day: Int32Array.of(100, 106, 107, 105, 114),
      valueMicros: new Float64Array(5),
    },
    2,
  );
  const cohort = { ...HISTORIES, customer: Int32Array.of(0, 1), ageDays: Int32Array.of(10, 5) };
  const days = { cohortUntil: 110, until: 120 };
  const { actual, expected } = trackPurchases({ purchases, cohort }, MODEL, 7, days);
  expect(actual).toEqual([1, 2, 3]);
  expect(expected).toHaveLength(3);
  expect(expected[0]).toBeCloseTo(MODEL.expectedNew(1) + MODEL.expectedNew(2 / 7), 12);
});
