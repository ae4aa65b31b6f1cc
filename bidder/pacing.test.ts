import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildZone } from '../rules/local-day.ts';
import { campaign, DAY_MS, NOW_MS } from './auction/shop.contract.ts';
import {
  budgetPeriod,
  elapsedShare,
  pacingCeilingNanos,
  pacingFactor,
  periodEndMs,
} from './pacing.ts';

const zone = buildZone('Asia/Tokyo', NOW_MS - DAY_MS, NOW_MS + DAY_MS);
const daily = campaign('d', { budgetPer: 'day', pacing: 'even', budgetNanos: 1_000_000 });

it('names a day’s budget by the shop’s own calendar', () => {
  // 15:00 UTC is midnight in Tokyo.
  expect(budgetPeriod(daily, zone, NOW_MS + 3 * 3_600_000 - 1)).toBe('2026-11-22');
  expect(budgetPeriod(daily, zone, NOW_MS + 3 * 3_600_000)).toBe('2026-11-23');
});

it('ends a period where the next one’s name begins', () => {
  const endMs = periodEndMs(daily, zone, NOW_MS);
  expect(budgetPeriod(daily, zone, endMs - 1)).toBe(budgetPeriod(daily, zone, NOW_MS));
  expect(budgetPeriod(daily, zone, endMs)).not.toBe(budgetPeriod(daily, zone, NOW_MS));
  expect(periodEndMs(campaign('f'), zone, NOW_MS)).toBe(Number.POSITIVE_INFINITY);
});

it('lets a day’s money out as the day passes, a little ahead', () => {
  expect(elapsedShare(daily, zone, NOW_MS)).toBeCloseTo(21 / 24, 10);
  expect(pacingCeilingNanos(daily, zone, NOW_MS)).toBe(885_000);
  expect(pacingCeilingNanos({ ...daily, pacing: 'asap' }, zone, NOW_MS)).toBe(1_000_000);
});

it('pays the full price up to the plan and less beyond it', () => {
  const cases = [
    [0, 1],
    [875_000, 1],
    [880_000, 0.75],
    [1_000_000, 0.5],
  ] as const;
  for (const [used, factor] of cases) {
    expect(pacingFactor(daily, used, 0.875)).toBeCloseTo(factor, 10);
  }
});

it('never raises a price: the auction may stop at the bound', () =>
  fc.assert(
    fc.property(
      fc.double({ min: -1e15, max: 1e15, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (used, elapsed) => {
        const factor = pacingFactor(daily, used, elapsed);
        expect(factor).toBeGreaterThan(0);
        expect(factor).toBeLessThanOrEqual(1);
      },
    ),
  ));
