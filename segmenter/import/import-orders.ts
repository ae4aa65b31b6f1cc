/** Orders and their lines: staged row by row, then merged with what earlier imports left. */
import { statSync } from 'node:fs';
import { orderKey } from '../../proto/ids.ts';
import type { StatusGroup } from '../../rules/customer.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import type { DuckTable } from '../duck.ts';
import { statusGroup } from '../status-groups.ts';
import type { TextRow } from './csv-rows.ts';
import type { ImportContext } from './import-context.ts';
import { ImportError } from './import-error.ts';
import { openRows } from './open-rows.ts';
import {
  type CellProblem,
  type OrderRow,
  type OrderRowReader,
  orderRowReader,
} from './order-row.ts';
import { RejectLog, type RejectSummary } from './reject-log.ts';
import { timeReader } from './time-reader.ts';

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

async function stageOrders(
  context: ImportContext,
  input: { mapping: OrdersMapping; file: string; rejects: RejectLog },
): Promise<StageCounts> {
  const { mapping, file, rejects } = input;
  const reader = orderRowReader(mapping, timeReader(mapping.time_format, context.zone));
  const table = await context.duck.createTable('stage', {
    line: 'integer',
    order_id: 'text',
    order_key: 'text',
    customer_id: 'text',
    time_ms: 'number',
    status: 'text',
    product: 'text',
    quantity_micros: 'number',
    amount_micros: 'number',
  });
  const writer = new StageWriter(context, table);
  const counts = { linesRead: 0, linesLoaded: 0, linesWithoutCustomer: 0 };
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const onBytes = (done: number) => context.progress({ phase: 'reading orders', done, total });
  const request = { file, columns: reader.columns, delimiter: mapping.delimiter, onBytes };
  for await (const rows of openRows(request, context.duck)) {
    counts.linesRead += rows.length;
    for (const text of rows) {
      const row = orderOf(text, reader);
      if ('reason' in row) rejects.add({ line: text.line, ...row }, text.raw);
      else if (row.customer === '') counts.linesWithoutCustomer++;
      else writer.add(row, text.line);
    }
  }
  table.close();
  counts.linesLoaded = writer.rows;
  return counts;
}

function orderOf(text: TextRow, reader: OrderRowReader): OrderRow | CellProblem {
  if (text.fields !== null) return reader.read(text.fields);
  return { column: '', reason: text.problem, value: text.raw };
}

class StageWriter {
  readonly #context: ImportContext;
  readonly #table: DuckTable;
  // Lines of one order stand together in most files: its key is made once.
  #lastOrder = '';
  #lastKey = '';
  rows = 0;

  constructor(context: ImportContext, table: DuckTable) {
    this.#context = context;
    this.#table = table;
  }

  add(row: OrderRow, line: number): void {
    if (row.order !== this.#lastOrder) {
      this.#lastOrder = row.order;
      this.#lastKey = orderKey(this.#context.key, this.#context.shop, row.order);
    }
    this.rows++;
    this.#table.add([
      line,
      row.order,
      this.#lastKey,
      row.customer,
      row.timeMs,
      row.status,
      row.product,
      row.quantityMicros,
      row.amountMicros,
    ]);
  }
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
