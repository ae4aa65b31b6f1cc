/** Many rows of an orders file as the columns of the table `stage`: the part of an import that threads share. */
import type { KeyObject } from 'node:crypto';
import { orderKey } from '../../proto/ids.ts';
import type { ZoneOffsets } from '../../rules/local-day.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { type ColumnPack, packColumns } from '../column-pack.ts';
import type { TextRow } from './csv-rows.ts';
import {
  type CellProblem,
  type OrderRow,
  type OrderRowReader,
  orderRowReader,
} from './order-row.ts';
import { type RowsPart, rowsOf } from './row-parts.ts';
import { timeReader } from './time-reader.ts';

/** What rows are read with; crosses to a thread as it is. */
export interface OrderSpec {
  readonly mapping: OrdersMapping;
  readonly zone: ZoneOffsets;
  readonly key: KeyObject;
  readonly shop: string;
}

export interface OrderBatch {
  readonly linesRead: number;
  readonly linesLoaded: number;
  readonly linesWithoutCustomer: number;
  readonly rejected: readonly (CellProblem & { readonly line: number; readonly raw: string })[];
  /** STAGE_COLUMNS; null when no row was loaded. */
  readonly pack: ColumnPack | null;
}

/** Reads parts of a file, here or in threads. */
export interface OrderBatches extends AsyncDisposable {
  read(part: RowsPart): OrderBatch | Promise<OrderBatch>;
}

export const STAGE_COLUMNS = {
  line: 'integer',
  order_id: 'text',
  order_key: 'text',
  customer_id: 'text',
  time_ms: 'number',
  status: 'text',
  product: 'text',
  quantity_micros: 'number',
  amount_micros: 'number',
} as const;

/** Compiles what is to be read once for all parts. */
export function orderBatchReader(spec: OrderSpec): (part: RowsPart) => OrderBatch {
  const reader = orderRowReader(spec.mapping, timeReader(spec.mapping.time_format, spec.zone));
  return (part) => {
    const columns = new StageColumns(spec);
    const rows = rowsOf(part);
    const rejected: (CellProblem & { line: number; raw: string })[] = [];
    let linesWithoutCustomer = 0;
    for (const text of rows) {
      const row = orderOf(text, reader);
      if ('reason' in row) rejected.push({ ...row, line: text.line, raw: text.raw });
      else if (row.customer === '') linesWithoutCustomer++;
      else columns.add(row, text.line);
    }
    const linesLoaded = rows.length - rejected.length - linesWithoutCustomer;
    const pack = linesLoaded === 0 ? null : packColumns(columns.values);
    return { linesRead: rows.length, linesLoaded, linesWithoutCustomer, rejected, pack };
  };
}

function orderOf(text: TextRow, reader: OrderRowReader): OrderRow | CellProblem {
  if (text.fields !== null) return reader.read(text.fields);
  return { column: '', reason: text.problem, value: text.raw };
}

class StageColumns {
  readonly #spec: OrderSpec;
  // Lines of one order stand together in most files: its key is made once.
  #lastOrder = '';
  #lastKey = '';
  /** In the order of STAGE_COLUMNS. */
  readonly values: (string | number)[][] = Object.keys(STAGE_COLUMNS).map(() => []);

  constructor(spec: OrderSpec) {
    this.#spec = spec;
  }

  add(row: OrderRow, line: number): void {
    if (row.order !== this.#lastOrder) {
      this.#lastOrder = row.order;
      this.#lastKey = orderKey(this.#spec.key, this.#spec.shop, row.order);
    }
    const { values } = this;
    values[0]!.push(line);
    values[1]!.push(row.order);
    values[2]!.push(this.#lastKey);
    values[3]!.push(row.customer);
    values[4]!.push(row.timeMs);
    values[5]!.push(row.status);
    values[6]!.push(row.product);
    values[7]!.push(row.quantityMicros);
    values[8]!.push(row.amountMicros);
  }
}

/** Reads in this thread. */
export function readInPlace(spec: OrderSpec): OrderBatches {
  return { read: orderBatchReader(spec), [Symbol.asyncDispose]: async () => {} };
}
