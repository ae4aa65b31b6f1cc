/** Staged rows as orders: one row each, with what the customer kept of it. */
import { localDaySql, type ZoneOffsets } from '../../rules/local-day.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import type { Duck } from '../duck.ts';
import { ImportError } from './import-error.ts';
import { stagedSql } from './stage-columns.ts';

/**
 * Makes fresh_orders. Where lines disagree the first one names the customer, the last one the
 * status. A sum with an unknown part is unknown.
 */
export async function totalOrders(duck: Duck, mapping: OrdersMapping): Promise<void> {
  if (mapping.columns.status_time !== undefined) await keepNewestVersions(duck, mapping);
  const sum = (value: string) =>
    mapping.columns.revenue === undefined
      ? `CASE WHEN count(${value}) = count(*) THEN sum(CAST(${value} AS BIGINT)) END`
      : `CAST(arg_max_null(${value}, row_no) AS HUGEINT)`;
  const currency = stagedSql(mapping, 'currency');
  await duck.run(`CREATE TABLE fresh_orders AS
    SELECT order_id, min(order_key) AS order_key, arg_min(customer_id, row_no) AS customer_id,
      CAST(min(time_ms) AS BIGINT) AS time_ms, arg_max(status, row_no) AS status,
      CAST(max(${stagedSql(mapping, 'status_ms')}) AS BIGINT) AS status_ms,
      CAST(min(${stagedSql(mapping, 'paid_ms')}) AS BIGINT) AS paid_ms,
      ${sum('amount_micros')} AS revenue_micros,
      ${sum(stagedSql(mapping, 'refunded_micros'))} AS refunded_micros,
      ${sum(stagedSql(mapping, 'cost_micros'))} AS cost_micros,
      COALESCE(max(${currency}) FILTER (amount_micros IS NULL), arg_max(${currency}, row_no))
        AS currency,
      arg_max(${stagedSql(mapping, 'revenue_said')}, row_no) = 1 AS revenue_said,
      count(*) AS lines
    FROM stage GROUP BY order_id`);
  const sums = 'greatest(abs(revenue_micros), refunded_micros, abs(cost_micros))';
  const tooLarge = await duck.rows(
    `SELECT order_id FROM fresh_orders WHERE ${sums} > ${Number.MAX_SAFE_INTEGER}
     ORDER BY order_id LIMIT 1`,
  );
  if (tooLarge.length > 0) {
    const [order, most] = [tooLarge[0]![0], 'add up to more than 9.007e9'];
    throw new ImportError(`the lines of order ${order} ${most}`, `the lines of an order ${most}`);
  }
}

/**
 * A file with the history of its orders repeats them: rows of an older status are an earlier version
 * of the order, and only tell when it was made and first paid.
 */
async function keepNewestVersions(duck: Duck, mapping: OrdersMapping): Promise<void> {
  const since = 'COALESCE(stage.status_ms, -1)';
  await duck.run(`CREATE TABLE versions AS
    SELECT order_id, max(${since}) AS newest, min(time_ms) AS time_ms,
      min(${stagedSql(mapping, 'paid_ms')}) AS paid_ms
    FROM stage GROUP BY order_id HAVING min(${since}) < max(${since})`);
  const ofVersion = 'versions v WHERE v.order_id = stage.order_id';
  await duck.run(`DELETE FROM stage USING ${ofVersion} AND ${since} < v.newest`);
  const paid = mapping.columns.paid_at !== undefined ? ', paid_ms = v.paid_ms' : '';
  await duck.run(`UPDATE stage SET time_ms = v.time_ms${paid} FROM ${ofVersion}`);
}

/** Orders whose revenue is unknown, because their currency has no rate of their day. */
export interface WithoutRate {
  readonly currency: string;
  readonly orders: number;
  /** Local days, since 1970-01-01. */
  readonly firstDay: number;
  readonly lastDay: number;
}

/** By currency, most orders first. `table` is one with the columns of orders.parquet. */
export async function ordersWithoutRate(
  duck: Duck,
  table: string,
  zone: ZoneOffsets,
): Promise<WithoutRate[]> {
  const rows = await duck.rows(
    `SELECT currency, count(*), min(day), max(day)
     FROM (SELECT currency, ${localDaySql('time_ms', zone)} AS day FROM ${table}
       WHERE revenue_micros IS NULL)
     GROUP BY currency ORDER BY count(*) DESC, currency`,
  );
  return rows.map(([currency, orders, firstDay, lastDay]) => ({
    currency: String(currency),
    orders: Number(orders),
    firstDay: Number(firstDay),
    lastDay: Number(lastDay),
  }));
}
