/** Orders and their lines: staged part by part, then merged with what earlier imports left. */
import { statSync } from 'node:fs';
import type { StatusGroup } from '../../rules/customer.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { statusGroup } from '../status-groups.ts';
import type { ImportContext } from './import-context.ts';
import { ImportError } from './import-error.ts';
import { inOrder } from './in-order.ts';
import { openRows } from './open-rows.ts';
import { STAGE_COLUMNS } from './order-batch.ts';
import { columnPlaces } from './order-row.ts';
import { RejectLog, type RejectSummary } from './reject-log.ts';

interface StatusTotals {
  readonly status: string;
  /** Null when `statuses:` does not map it: its orders do not count. */
  readonly group: StatusGroup | null;
  readonly lines: number;
  readonly orders: number;
  /** As in the file: refunds may be negative. Micros of the shop's currency. */
  readonly revenueMicros: number;
}

export interface OrdersReport {
  readonly file: string;
  /** Rows of the file without its header. read = loaded + withoutCustomer + rejected. */
  readonly linesRead: number;
  readonly linesLoaded: number;
  readonly linesWithoutCustomer: number;
  readonly rejected: RejectSummary;
  /** Of this file. */
  readonly orders: number;
  readonly customers: number;
  readonly byStatus: readonly StatusTotals[];
  readonly unmappedStatuses: readonly StatusTotals[];
}

/** Leaves the tables stage (lines) and fresh_orders (one row an order). */
export async function importOrders(
  context: ImportContext,
  mapping: OrdersMapping,
  file: string,
): Promise<OrdersReport> {
  using rejects = new RejectLog(file, context.files.imports, context.nowMs);
  const counts = await stageOrders(context, { mapping, file, rejects });
  await totalOrders(context, mapping);
  const byStatus = await statusTotals(context);
  const [orders, customers] = await context.duck.numbers(
    'SELECT count(*), count(DISTINCT customer_id) FROM fresh_orders',
  );
  return {
    file,
    ...counts,
    rejected: rejects.summary(),
    orders: orders!,
    customers: customers!,
    byStatus,
    unmappedStatuses: byStatus.filter(({ group }) => group === null),
  };
}

interface StageCounts {
  linesRead: number;
  linesLoaded: number;
  linesWithoutCustomer: number;
}

/** Parts of a file that wait for a thread or for their turn, a quarter of a megabyte each. */
const PARTS_AHEAD = 8;

async function stageOrders(
  context: ImportContext,
  input: { mapping: OrdersMapping; file: string; rejects: RejectLog },
): Promise<StageCounts> {
  const { mapping, file, rejects } = input;
  const { zone, key, shop } = context;
  const table = await context.duck.createTable('stage', STAGE_COLUMNS);
  const counts = { linesRead: 0, linesLoaded: 0, linesWithoutCustomer: 0 };
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const onBytes = (done: number) => context.progress({ phase: 'reading orders', done, total });
  const { columns } = columnPlaces(mapping);
  const { delimiter, encoding, like } = mapping;
  const parts = openRows({ file, columns, delimiter, encoding, like, onBytes }, context.duck);
  await using batches = context.openOrderBatches({ mapping, zone, key, shop });
  for await (const batch of inOrder(parts, (part) => batches.read(part), PARTS_AHEAD)) {
    counts.linesRead += batch.linesRead;
    counts.linesLoaded += batch.linesLoaded;
    counts.linesWithoutCustomer += batch.linesWithoutCustomer;
    for (const { raw, ...problem } of batch.rejected) rejects.add(problem, raw);
    if (batch.pack !== null) table.addPack(batch.pack);
  }
  await table.close();
  return counts;
}

/** One row an order. Where its lines disagree the first one names the customer, the last one the status. */
async function totalOrders({ duck }: ImportContext, mapping: OrdersMapping): Promise<void> {
  const revenue =
    mapping.columns.revenue === undefined
      ? 'sum(CAST(amount_micros AS BIGINT))'
      : 'CAST(arg_max(amount_micros, line) AS HUGEINT)';
  await duck.run(`CREATE TABLE fresh_orders AS
    SELECT order_id, min(order_key) AS order_key, arg_min(customer_id, line) AS customer_id,
      CAST(min(time_ms) AS BIGINT) AS time_ms, arg_max(status, line) AS status,
      ${revenue} AS revenue_micros, count(*) AS lines
    FROM stage GROUP BY order_id`);
  const tooLarge = await duck.rows(
    `SELECT order_id FROM fresh_orders WHERE abs(revenue_micros) > ${Number.MAX_SAFE_INTEGER}
     ORDER BY order_id LIMIT 1`,
  );
  if (tooLarge.length > 0) {
    throw new ImportError(`the lines of order ${tooLarge[0]![0]} add up to more than 9.007e9`);
  }
}

async function statusTotals({ duck, statuses }: ImportContext): Promise<StatusTotals[]> {
  const rows = await duck.rows(
    `SELECT status, CAST(sum(lines) AS BIGINT), count(*), CAST(sum(revenue_micros) AS DOUBLE)
     FROM fresh_orders GROUP BY status ORDER BY count(*) DESC, status`,
  );
  return rows.map(([status, lines, orders, revenueMicros]) => ({
    status: String(status),
    group: statusGroup(String(status), statuses),
    lines: Number(lines),
    orders: Number(orders),
    revenueMicros: Number(revenueMicros),
  }));
}
