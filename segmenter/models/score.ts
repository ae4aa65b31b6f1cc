/** One row a customer: whether they still buy, how often they will, for how much, and the CLV. */
import { discountedIfAlive, type Horizon, horizonUnits, UNIT_DAYS } from './clv.ts';
import { expectedValue, type GammaGammaParameters } from './gamma-gamma.ts';
import { DAYS_MAX, type Histories } from './purchase-history.ts';
import type { PurchaseModel } from './purchase-model.ts';

/** In the order of the histories. */
export interface Scores {
  readonly pAlive: Float64Array;
  /** Purchases in the horizon. */
  readonly expectedPurchases: Float64Array;
  /** Mean value of those, in units of currency; NaN where spend has no model, or no mean. */
  readonly expectedValue: Float64Array;
  /** Their discounted value; NaN where `expectedValue` is. */
  readonly clv: Float64Array;
}

/** `spend` is null where the Gamma-Gamma model may not be believed. */
export function scoreCustomers(
  histories: Histories,
  model: PurchaseModel,
  spend: GammaGammaParameters | null,
  horizon: Horizon,
): Scores {
  const unitDays = UNIT_DAYS[horizon.unit];
  const alive = pAliveOf(histories, model, unitDays);
  const units = horizonUnits(horizon);
  const counted = ofRepeatsAndAge(histories, unitDays, (x, age) =>
    model.expectedIfAlive(x, age, units),
  );
  const discounted = ofRepeatsAndAge(histories, unitDays, (x, age) =>
    discountedIfAlive(model, x, age, horizon),
  );
  const { repeats, meanValue } = histories;
  const value = meanValue.map((m, i) =>
    spend === null ? Number.NaN : expectedValue(spend, repeats[i]!, m),
  );
  return {
    pAlive: alive,
    expectedPurchases: counted.map((count, i) => count * alive[i]!),
    expectedValue: value,
    clv: discounted.map((count, i) => count * alive[i]! * value[i]!),
  };
}

/** E[Y(t) | x, t_x, T] of every customer, t in the model's unit. */
export function expectedOf(
  histories: Histories,
  model: PurchaseModel,
  unitDays: number,
  t: number,
): Float64Array {
  const alive = pAliveOf(histories, model, unitDays);
  return ofRepeatsAndAge(histories, unitDays, (x, age) => model.expectedIfAlive(x, age, t)).map(
    (count, i) => count * alive[i]!,
  );
}

function pAliveOf(
  { repeats, recencyDays, ageDays }: Histories,
  model: PurchaseModel,
  unitDays: number,
): Float64Array {
  return Float64Array.from(repeats, (x, i) =>
    model.pAlive({
      repeats: x,
      recency: recencyDays[i]! / unitDays,
      age: ageDays[i]! / unitDays,
    }),
  );
}

/** A function of x and T for every customer, computed once for each (x, T) that occurs. */
function ofRepeatsAndAge(
  { repeats, ageDays }: Histories,
  unitDays: number,
  compute: (repeats: number, age: number) => number,
): Float64Array {
  const known = new Map<number, number>();
  return Float64Array.from(repeats, (x, i) => {
    const key = x * DAYS_MAX + ageDays[i]!;
    let value = known.get(key);
    if (value === undefined) {
      value = compute(x, ageDays[i]! / unitDays);
      known.set(key, value);
    }
    return value;
  });
}
