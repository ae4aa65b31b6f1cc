/**
 * Whether a model may be believed: it is fitted on the days up to one, foretells the days after it,
 * and is held against what was bought then.
 */
import { type Histories, sum } from './purchase-history.ts';

export interface HoldoutReport {
  readonly customers: number;
  /** Purchases of all customers in the holdout. */
  readonly actual: number;
  readonly expected: number;
  /** What everybody's own rate so far, x / T, would have foretold. */
  readonly ownRateExpected: number;
  /** Mean absolute error of a customer's purchases. */
  readonly mae: number;
  readonly ownRateMae: number;
  /** By repeat purchases in the calibration: 0 to 6, and 7 or more. */
  readonly byRepeats: readonly HoldoutGroup[];
  /** By expected purchases: the tenth that the model expects least of first. */
  readonly byDecile: readonly HoldoutGroup[];
}

/** Means a customer. */
export interface HoldoutGroup {
  readonly group: string;
  readonly customers: number;
  readonly actual: number;
  readonly expected: number;
}

export interface Holdout {
  /** At the end of the calibration. */
  readonly histories: Histories;
  /** Purchases in the holdout, in the order of the histories. */
  readonly actual: Int32Array;
  readonly expected: Float64Array;
  readonly days: number;
}

const REPEATS_OPEN = 7;
const DECILES = 10;

export function holdoutReport({ histories, actual, expected, days }: Holdout): HoldoutReport {
  const { repeats, ageDays } = histories;
  const customers = repeats.length;
  const ownRate = Float64Array.from(repeats, (x, i) => (x === 0 ? 0 : (x / ageDays[i]!) * days));
  const byRepeats = newGroups(REPEATS_OPEN + 1);
  const byDecile = newGroups(DECILES);
  for (let i = 0; i < customers; i++) {
    add(byRepeats[Math.min(repeats[i]!, REPEATS_OPEN)]!, actual[i]!, expected[i]!);
  }
  const ranked = Int32Array.from(expected.keys()).sort((i, j) => expected[i]! - expected[j]!);
  ranked.forEach((i, rank) => {
    add(byDecile[Math.floor((rank * DECILES) / customers)]!, actual[i]!, expected[i]!);
  });
  return {
    customers,
    actual: sum(actual),
    expected: sum(expected),
    ownRateExpected: sum(ownRate),
    mae: meanError(expected, actual),
    ownRateMae: meanError(ownRate, actual),
    byRepeats: means(byRepeats, (x) => (x === REPEATS_OPEN ? `${x}+` : `${x}`)),
    byDecile: means(byDecile, (decile) => `${decile + 1}`),
  };
}

interface Sums {
  customers: number;
  actual: number;
  expected: number;
}

function newGroups(length: number): Sums[] {
  return Array.from({ length }, () => ({ customers: 0, actual: 0, expected: 0 }));
}

function add(group: Sums, actual: number, expected: number): void {
  group.customers++;
  group.actual += actual;
  group.expected += expected;
}

/** Groups that nobody is in are left out. */
function means(groups: readonly Sums[], nameOf: (index: number) => string): HoldoutGroup[] {
  return groups
    .map(({ customers, actual, expected }, index) => ({
      group: nameOf(index),
      customers,
      actual: actual / customers,
      expected: expected / customers,
    }))
    .filter(({ customers }) => customers > 0);
}

function meanError(expected: Float64Array, actual: Int32Array): number {
  let error = 0;
  for (let i = 0; i < actual.length; i++) error += Math.abs(expected[i]! - actual[i]!);
  return error / actual.length;
}
