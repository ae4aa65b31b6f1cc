/**
 * What the purchase models know of a customer: repeat purchases x, first to last purchase t_x, first
 * purchase to now T, and the mean value m of the repeat purchases. A purchase is a local day with
 * orders: orders of one day are one purchase, their values summed. The first purchase made the
 * customer one, so it counts neither in x nor in m.
 */

/** Orders in any sequence, a column each: `customer` is an index from 0, `day` days since 1970. */
export interface OrderColumns {
  readonly customer: Int32Array;
  readonly day: Int32Array;
  readonly valueMicros: Float64Array;
}

/** Purchases by customer, then day: those of customer c are at `starts[c]` up to `starts[c + 1]`. */
export interface Purchases {
  readonly starts: Int32Array;
  readonly day: Int32Array;
  readonly valueMicros: Float64Array;
}

/** Days are packed into keys with other numbers (distinct-histories.ts); 2^17 days are 358 years. */
export const DAYS_MAX = 2 ** 17;

/** Merges orders into purchases. Linear in time: two stable counting sorts, by day and by customer. */
export function purchasesOf(orders: OrderColumns, customers: number): Purchases {
  const rows = orders.day.length;
  const byDay = countingSort(
    orders.day,
    Int32Array.from({ length: rows }, (_, i) => i),
    DAYS_MAX,
  );
  const order = countingSort(orders.customer, byDay, customers);
  const starts = new Int32Array(customers + 1);
  const day = new Int32Array(rows);
  const valueMicros = new Float64Array(rows);
  let purchases = 0;
  let customer = -1;
  for (const row of order) {
    const sameCustomer = orders.customer[row] === customer;
    if (sameCustomer && day[purchases - 1] === orders.day[row]) {
      valueMicros[purchases - 1]! += orders.valueMicros[row]!;
      continue;
    }
    while (customer < orders.customer[row]!) starts[++customer] = purchases;
    day[purchases] = orders.day[row]!;
    valueMicros[purchases++] = orders.valueMicros[row]!;
  }
  while (customer < customers) starts[++customer] = purchases;
  return { starts, day: day.slice(0, purchases), valueMicros: valueMicros.slice(0, purchases) };
}

/** The rows of `order` by their key, those of one key as they stood. Keys are 0 up to `keys`. */
function countingSort(keyOf: Int32Array, order: Int32Array, keys: number): Int32Array {
  const next = new Int32Array(keys + 1);
  for (const row of order) next[keyOf[row]! + 1]!++;
  for (let key = 0; key < keys; key++) next[key + 1]! += next[key]!;
  const sorted = new Int32Array(order.length);
  for (const row of order) sorted[next[keyOf[row]!]!++] = row;
  return sorted;
}

/** One entry for each customer who has bought by then. */
export interface Histories {
  /** Index of the customer in the purchases. */
  readonly customer: Int32Array;
  /** x: purchases after the first. */
  readonly repeats: Int32Array;
  /** t_x: days from the first purchase to the last. */
  readonly recencyDays: Int32Array;
  /** T: days from the first purchase until now. */
  readonly ageDays: Int32Array;
  /** m: mean value of the repeat purchases, in units of currency; 0 without any. */
  readonly meanValue: Float64Array;
}

const MICROS = 1_000_000;

/** What was known at the end of a day: later purchases are not seen. */
export function historiesUntil(purchases: Purchases, untilDay: number): Histories {
  const { starts, day, valueMicros } = purchases;
  const all = starts.length - 1;
  const customer = new Int32Array(all);
  const repeats = new Int32Array(all);
  const recencyDays = new Int32Array(all);
  const ageDays = new Int32Array(all);
  const meanValue = new Float64Array(all);
  let known = 0;
  for (let c = 0; c < all; c++) {
    const first = starts[c]!;
    let at = first;
    let sumMicros = 0;
    for (; at < starts[c + 1]! && day[at]! <= untilDay; at++) {
      if (at > first) sumMicros += valueMicros[at]!;
    }
    if (at === first) continue;
    const x = at - first - 1;
    customer[known] = c;
    repeats[known] = x;
    recencyDays[known] = day[at - 1]! - day[first]!;
    ageDays[known] = untilDay - day[first]!;
    meanValue[known++] = x === 0 ? 0 : sumMicros / x / MICROS;
  }
  return {
    customer: customer.slice(0, known),
    repeats: repeats.slice(0, known),
    recencyDays: recencyDays.slice(0, known),
    ageDays: ageDays.slice(0, known),
    meanValue: meanValue.slice(0, known),
  };
}

/** Purchases of each of these customers after one day and up to another. */
export function purchasesBetween(
  purchases: Purchases,
  customers: Int32Array,
  afterDay: number,
  untilDay: number,
): Int32Array {
  const { starts, day } = purchases;
  return customers.map((c) => {
    let count = 0;
    for (let at = starts[c]!; at < starts[c + 1]!; at++) {
      if (day[at]! > afterDay && day[at]! <= untilDay) count++;
    }
    return count;
  });
}

/** Sums over customers; times in the unit of the models. */
export interface SufficientStatistics {
  readonly customers: number;
  /** Customers with a repeat purchase. */
  readonly repeaters: number;
  readonly repeatPurchases: number;
  readonly sumRecency: number;
  readonly sumAge: number;
  /** Of the repeaters' mean values. */
  readonly sumMeanValue: number;
}

export function sufficientStatistics(histories: Histories, unitDays: number): SufficientStatistics {
  const { repeats, recencyDays, ageDays, meanValue } = histories;
  return {
    customers: repeats.length,
    repeaters: repeats.reduce((count, x) => (x > 0 ? count + 1 : count), 0),
    repeatPurchases: sum(repeats),
    sumRecency: sum(recencyDays) / unitDays,
    sumAge: sum(ageDays) / unitDays,
    sumMeanValue: sum(meanValue),
  };
}

export function sum(values: Int32Array | Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
