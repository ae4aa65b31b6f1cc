/** Customer lifetime value: what a customer is expected to bring over a horizon, at today's worth. */
import type { PurchaseModel } from './purchase-model.ts';

/** How many of a model's units a month has, as `lifetimes` counts them: published CLVs compare. */
const UNITS_PER_MONTH = { day: 30, week: 4.345, month: 1 } as const;

export type TimeUnit = keyof typeof UNITS_PER_MONTH;

/** A month of histories is the mean one. */
export const UNIT_DAYS: Readonly<Record<TimeUnit, number>> = {
  day: 1,
  week: 7,
  month: 365.25 / 12,
};

export interface Horizon {
  /** The last one need not be a whole one. */
  readonly months: number;
  /** 0.01: a coin in a month is worth 1 % less than one now. */
  readonly monthlyDiscount: number;
  readonly unit: TimeUnit;
}

/** The horizon in the model's unit. */
export function horizonUnits({ months, unit }: Horizon): number {
  return months * UNITS_PER_MONTH[unit];
}

/**
 * Expected purchases of each month of the horizon, each discounted as if made at the month's end,
 * divided by P(alive). Times P(alive) and the expected value of a purchase it is the CLV.
 */
export function discountedIfAlive(
  model: PurchaseModel,
  repeats: number,
  age: number,
  { months, monthlyDiscount, unit }: Horizon,
): number {
  let sum = 0;
  let before = 0;
  for (let month = 1; month < months + 1; month++) {
    const end = Math.min(month, months);
    const until = model.expectedIfAlive(repeats, age, end * UNITS_PER_MONTH[unit]);
    sum += (until - before) / (1 + monthlyDiscount) ** end;
    before = until;
  }
  return sum;
}
