/**
 * Histories with the same (x, t_x, T) weigh as one, so a likelihood over millions of customers is a
 * sum over the few hundred thousand triples that occur. Its dear parts depend on (x, t_x) or (x, T)
 * only, and those pairs are fewer still: they are listed apart.
 */
import { DAYS_MAX, type Histories, sufficientStatistics } from './purchase-history.ts';

export interface DistinctHistories {
  readonly customers: number;
  readonly repeaters: number;
  readonly repeatPurchases: number;
  /** Sum of all T, in units. */
  readonly sumAge: number;
  /** The largest x. */
  readonly repeatsMax: number;
  /** Every (x, t) with t a t_x or a T of somebody; t in units. */
  readonly pairs: { readonly repeats: Int32Array; readonly time: Float64Array };
  /** By triple: x, where its (x, t_x) and its (x, T) are in `pairs`, and how many customers have it. */
  readonly repeats: Int32Array;
  readonly recencyPair: Int32Array;
  readonly agePair: Int32Array;
  readonly weight: Float64Array;
}

export function distinctHistories(histories: Histories, unitDays: number): DistinctHistories {
  const { repeats, recencyDays, ageDays } = histories;
  // x is less than DAYS_MAX, so a triple is an exact double, and native sorting brings equals together.
  const packed = Float64Array.from(
    repeats,
    (x, i) => (x * DAYS_MAX + recencyDays[i]!) * DAYS_MAX + ageDays[i]!,
  ).sort();
  const { keys, counts } = runs(packed);
  const recencyKeys = keys.map((key) => Math.floor(key / DAYS_MAX));
  const ageKeys = keys.map(
    (key, i) => Math.floor(recencyKeys[i]! / DAYS_MAX) * DAYS_MAX + (key % DAYS_MAX),
  );
  const pairKeys = runs(concatenated(recencyKeys, ageKeys).sort()).keys;
  const tripleRepeats = Int32Array.from(recencyKeys, (key) => Math.floor(key / DAYS_MAX));
  const { customers, repeaters, repeatPurchases, sumAge } = sufficientStatistics(
    histories,
    unitDays,
  );
  return {
    customers,
    repeaters,
    repeatPurchases,
    sumAge,
    repeatsMax: repeats.reduce((max, x) => Math.max(max, x), 0),
    pairs: {
      repeats: Int32Array.from(pairKeys, (key) => Math.floor(key / DAYS_MAX)),
      time: pairKeys.map((key) => (key % DAYS_MAX) / unitDays),
    },
    repeats: tripleRepeats,
    recencyPair: Int32Array.from(recencyKeys, (key) => indexOf(pairKeys, key)),
    agePair: Int32Array.from(ageKeys, (key) => indexOf(pairKeys, key)),
    weight: counts,
  };
}

/** Different numbers of a sorted list, and how often each is there. */
function runs(sorted: Float64Array): { keys: Float64Array; counts: Float64Array } {
  const keys = new Float64Array(sorted.length);
  const counts = new Float64Array(sorted.length);
  let length = 0;
  for (const key of sorted) {
    if (length === 0 || keys[length - 1] !== key) keys[length++] = key;
    counts[length - 1]!++;
  }
  return { keys: keys.slice(0, length), counts: counts.slice(0, length) };
}

function concatenated(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Of a number that is in the sorted list. */
function indexOf(sorted: Float64Array, key: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
