/** Repeat purchases of a cohort as they added up, beside what a model expects of new customers. */
import type { Histories, Purchases } from './purchase-history.ts';
import type { PurchaseModel } from './purchase-model.ts';

/** Cumulative repeat purchases at the end of period 1, 2, … since the cohort's first day. */
export interface Tracking {
  readonly actual: readonly number[];
  readonly expected: readonly number[];
}

/** A period is one unit of the model, rounded down to whole days; those not over are left out. */
export function trackPurchases(
  { purchases, cohort }: { readonly purchases: Purchases; readonly cohort: Histories },
  model: PurchaseModel,
  unitDays: number,
  days: { readonly cohortUntil: number; readonly until: number },
): Tracking {
  const oldest = cohort.ageDays.reduce((max, age) => Math.max(max, age), 0);
  const firstDay = days.cohortUntil - oldest;
  const length = days.until - firstDay + 1;
  const actualByDay = repeatsByDay(purchases, cohort, firstDay, length);
  const expectedByDay = expectedUntil(cohort, oldest, length + 1, (day) =>
    model.expectedNew(day / unitDays),
  );
  const ends: number[] = [];
  for (let k = 1; Math.floor(k * unitDays) <= length; k++) ends.push(Math.floor(k * unitDays));
  return {
    actual: ends.map((end) => actualByDay[end - 1]!),
    expected: ends.map((end) => expectedByDay[end]!),
  };
}

/** Cumulative, by days since the first. */
function repeatsByDay(
  { starts, day }: Purchases,
  cohort: Histories,
  firstDay: number,
  length: number,
): Int32Array {
  const counts = new Int32Array(length);
  for (const c of cohort.customer) {
    for (let at = starts[c]! + 1; at < starts[c + 1]!; at++) {
      const since = day[at]! - firstDay;
      if (since < length) counts[since]!++;
    }
  }
  for (let since = 1; since < length; since++) counts[since]! += counts[since - 1]!;
  return counts;
}

/** Of all customers together, each counted from their own first day. */
function expectedUntil(
  { ageDays }: Histories,
  oldest: number,
  length: number,
  expectedNew: (days: number) => number,
): Float64Array {
  const newcomers = new Float64Array(oldest + 1);
  for (const age of ageDays) newcomers[oldest - age]!++;
  const ofOne = Float64Array.from({ length }, (_, days) => expectedNew(days));
  return Float64Array.from({ length }, (_, until) => {
    let sum = 0;
    for (let born = 0; born <= Math.min(oldest, until); born++) {
      sum += newcomers[born]! * ofOne[until - born]!;
    }
    return sum;
  });
}
