/** Orders and their lines: staged part by part, then merged with what earlier imports left. */
import { statSync } from 'node:fs';
import type { StatusGroup } from '../../rules/customer.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { statusGroup } from '../status-groups.ts';
import { exchangeHeld } from './held-currency.ts';
import type { ImportContext } from './import-context.ts';
import { inOrder } from './in-order.ts';
import { requiredColumns } from './merge-mode.ts';
import { openRows } from './open-rows.ts';
import { columnPlaces } from './order-columns.ts';
import { RejectLog, type RejectSummary } from './reject-log.ts';
import { stageColumns } from './stage-columns.ts';
import { ordersWithoutRate, totalOrders, type WithoutRate } from './total-orders.ts';
import { keepUnsaid } from './unsaid-fields.ts';

interface StatusTotals {
  readonly status: string;
  /** Null when `statuses:` does not map it: its orders do not count. */
  readonly group: StatusGroup | null;
  readonly lines: number;
  readonly orders: number;
  /** What was kept, as in the file: refunds may be negative. Micros of the shop's currency. */
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
  /** Orders in a currency that `rates:` has no rate of on their day: they do not count. */
  readonly withoutRate: readonly WithoutRate[];
}

/** Leaves the tables stage (lines) and fresh_orders (one row an order). */
export async function importOrders(
  context: ImportContext,
  mapping: OrdersMapping,
  file: string,
): Promise<OrdersReport> {
  using rejects = new RejectLog(file, context.files.imports, context.nowMs);
  const counts = await stageOrders(context, { mapping, file, rejects });
  await exchangeHeld(context, mapping);
  await totalOrders(context.duck, mapping);
  await keepUnsaid(context, mapping);
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
    withoutRate: await ordersWithoutRate(context.duck, 'fresh_orders', context.zone),
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
  const { zone, key, shop, money } = context;
  const table = await context.duck.createTable('stage', stageColumns(mapping));
  const counts = { linesRead: 0, linesLoaded: 0, linesWithoutCustomer: 0 };
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const onBytes = (done: number) => context.progress({ phase: 'reading orders', done, total });
  const { columns } = columnPlaces(mapping);
  const { delimiter, encoding, like, blanksStay } = mapping;
  const { order, customer, time } = mapping.columns;
  const required = requiredColumns(context.merge, [order, customer, time]);
  const rows = { file, columns, required, delimiter, encoding, like, blanksStay, onBytes };
  const parts = openRows(rows, context.duck);
  await using batches = context.openOrderBatches({ mapping, money, zone, key, shop });
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
