/** The fit of lifetime value, from the purchases of the whole base or of an even sample of it. */
import type { ClvSettings } from '../../settings/model-settings.ts';
import type { Duck } from '../duck.ts';
import type { Horizon } from '../models/clv.ts';
import { horizonUnits, UNIT_DAYS } from '../models/clv.ts';
import { FIT_CUSTOMERS_MAX } from '../models/fit-sample.ts';
import type { LifetimeFit, LifetimeTask } from '../models/lifetime-fit.ts';
import type { Histories } from '../models/purchase-history.ts';
import { VALID } from './facts.ts';
import type { ClvModel } from './shop-models.ts';

/** fitLifetime(), here or in a thread, which may be stopped. */
export type FitLifetime = (task: LifetimeTask, stop?: AbortSignal) => Promise<LifetimeFit>;

/** SQL for tables of the whole base, as facts.ts makes them, and the as-of day. */
export interface WholeBase {
  readonly customers: string;
  readonly orders: string;
  readonly day: number;
}

/** Days of a holdout that says anything. */
const HOLDOUT_DAYS_MIN = 28;
const MICROS = 1_000_000;

export function horizonOf({ horizonMonths, monthlyDiscount }: ClvSettings): Horizon {
  return { months: horizonMonths, monthlyDiscount, unit: 'week' };
}

export async function learnLifetime(
  duck: Duck,
  base: WholeBase,
  asked: {
    readonly settings: ClvSettings;
    readonly data: string;
    readonly fitLifetime: FitLifetime;
    /** Of more than these a sample is fitted to. */
    readonly customersMax?: number;
  },
): Promise<ClvModel> {
  const { settings, data, fitLifetime, customersMax = FIT_CUSTOMERS_MAX } = asked;
  const { day } = base;
  const horizon = horizonOf(settings);
  const [customers, firstDay] = await duck.numbers(
    `SELECT count(*), min(first_day) FROM ${base.customers} WHERE valid_orders > 0`,
  );
  const everyCustomer = Math.max(1, Math.ceil(customers! / customersMax));
  const learned = { settings, data, day, customers: customers!, everyCustomer };
  if (customers === 0) return { ...learned, fit: null };
  const purchases = purchasesSql(base, everyCustomer);
  const from = historiesSql(purchases, day);
  const histories = historiesOf(await readHistories(duck, { from, order: 'person' }));
  const days = holdoutDays(horizon, day - firstDay!);
  const holdout = days === null ? null : await readHoldout(duck, purchases, day, days);
  return {
    ...learned,
    fit: await fitLifetime({ model: settings.model, horizon, histories, holdout }),
  };
}

/** As long as the horizon, but no longer than half of what is known; null where that is too short. */
function holdoutDays(horizon: Horizon, daysKnown: number): number | null {
  const wanted = Math.round(horizonUnits(horizon) * UNIT_DAYS[horizon.unit]);
  const days = Math.min(wanted, Math.floor(daysKnown / 2));
  return days < HOLDOUT_DAYS_MIN ? null : days;
}

/** Every n-th of those who have bought, in person order: no chance is involved. */
function purchasesSql({ customers, orders }: WholeBase, every: number): string {
  if (every === 1) return purchaseDays(orders, VALID);
  const sample = `SELECT person FROM (
    SELECT person, row_number() OVER (ORDER BY person) - 1 AS nth
    FROM ${customers} WHERE valid_orders > 0) WHERE nth % ${every} = 0`;
  return purchaseDays(orders, `${VALID} AND person IN (${sample})`);
}

/** SQL for purchases: local days with orders in progress or paid, and what these were worth. */
function purchaseDays(orders: string, where: string): string {
  return `(SELECT person, day, CAST(sum(revenue_micros) AS BIGINT) AS value_micros
    FROM ${orders} WHERE ${where} GROUP BY person, day)`;
}

/**
 * SQL for what the models know of each person at the end of a day (models/purchase-history.ts): person,
 * repeats, recency_days, age_days, repeat_micros (what all repeat purchases were worth).
 */
function historiesSql(purchases: string, untilDay: number): string {
  return `(SELECT person, CAST(count(*) - 1 AS INTEGER) AS repeats,
      CAST(max(day) - min(day) AS INTEGER) AS recency_days,
      CAST(${untilDay} - min(day) AS INTEGER) AS age_days,
      CAST(sum(value_micros) - arg_min(value_micros, day) AS DOUBLE) AS repeat_micros
    FROM ${purchases} WHERE day <= ${untilDay} GROUP BY person)`;
}

/** The same of the people of the table `orders`. */
export function historiesOfOrders(day: number): string {
  return historiesSql(purchaseDays('orders', VALID), day);
}

async function readHoldout(
  duck: Duck,
  purchases: string,
  day: number,
  days: number,
): Promise<LifetimeTask['holdout']> {
  const until = day - days;
  const since = `(SELECT person, count(*) AS bought FROM ${purchases} WHERE day > ${until} GROUP BY person)`;
  const cohort = `(SELECT h.*, CAST(COALESCE(s.bought, 0) AS INTEGER) AS bought
    FROM ${historiesSql(purchases, until)} h LEFT JOIN ${since} s ON s.person = h.person)`;
  const rows = await readHistories(duck, { from: cohort, order: 'person', more: 'bought' });
  return { histories: historiesOf(rows), actual: Int32Array.from(rows.more), days };
}

/** Columns of historiesSql, and one `more` of whole numbers. */
export interface HistoryRows {
  readonly repeats: readonly number[];
  readonly recencyDays: readonly number[];
  readonly ageDays: readonly number[];
  readonly repeatMicros: readonly number[];
  readonly more: readonly number[];
}

export async function readHistories(
  duck: Duck,
  { from, order, more = '0' }: { from: string; order: string; more?: string },
): Promise<HistoryRows> {
  const columns: number[][] = [[], [], [], [], []];
  const query = `SELECT ${HISTORY_COLUMNS}, ${more} FROM ${from} ORDER BY ${order}`;
  for await (const chunk of duck.chunks(query)) {
    columns.forEach((column, i) => {
      for (const value of chunk.numbers(i)) column.push(value);
    });
  }
  const [repeats, recencyDays, ageDays, repeatMicros, others] = columns as [
    ...[number[], number[], number[], number[], number[]],
  ];
  return { repeats, recencyDays, ageDays, repeatMicros, more: others };
}

export const HISTORY_COLUMNS = 'repeats, recency_days, age_days, repeat_micros';

export function historiesOf({
  repeats,
  recencyDays,
  ageDays,
  repeatMicros,
}: HistoryRows): Histories {
  return {
    customer: Int32Array.from(repeats, (_, i) => i),
    repeats: Int32Array.from(repeats),
    recencyDays: Int32Array.from(recencyDays),
    ageDays: Int32Array.from(ageDays),
    meanValue: Float64Array.from(repeats, (x, i) => (x === 0 ? 0 : repeatMicros[i]! / x / MICROS)),
  };
}
