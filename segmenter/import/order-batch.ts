/** Many rows of an orders file as the columns of the table `stage`: the part of an import that threads share. */
import type { KeyObject } from 'node:crypto';
import { orderKey } from '../../proto/ids.ts';
import type { ZoneOffsets } from '../../rules/local-day.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import type { ShopMoney } from '../../settings/order-money.ts';
import { type ColumnPack, packColumns } from '../column-pack.ts';
import { attributesReader } from './attribute-cells.ts';
import type { TextRow } from './csv-rows.ts';
import { exchanger } from './exchanged-money.ts';
import type { CellProblem } from './order-columns.ts';
import { type OrderRow, type OrderRowReader, orderRowReader } from './order-row.ts';
import { type RowsPart, rowNumbers, rowsOf } from './row-parts.ts';
import { StageValues } from './stage-columns.ts';
import { timeReader } from './time-reader.ts';

/** What rows are read with; crosses to a thread as it is. */
export interface OrderSpec {
  readonly mapping: OrdersMapping;
  readonly money: ShopMoney;
  readonly zone: ZoneOffsets;
  readonly key: KeyObject;
  readonly shop: string;
}

export interface OrderBatch {
  readonly linesRead: number;
  readonly linesLoaded: number;
  readonly linesWithoutCustomer: number;
  readonly rejected: readonly (CellProblem & { readonly line: number; readonly raw: string })[];
  /** stageColumns() of the mapping; null when no row was loaded. */
  readonly pack: ColumnPack | null;
}

/** Reads parts of a file, here or in threads. */
export interface OrderBatches extends AsyncDisposable {
  read(part: RowsPart): OrderBatch | Promise<OrderBatch>;
}

/** Compiles what is to be read once for all parts. */
export function orderBatchReader(spec: OrderSpec): (part: RowsPart) => OrderBatch {
  const { mapping, money, zone } = spec;
  const readTime = timeReader(mapping.time_format, zone);
  const readAttributes = attributesReader(mapping.attributes ?? {}, zone);
  const readers = { readTime, exchange: exchanger(money, zone), readAttributes };
  const reader = orderRowReader(mapping, readers);
  return (part) => {
    const values = new StageValues(mapping);
    const keyOf = orderKeys(spec);
    const rows = rowsOf(part);
    const numbers = rowNumbers(part, rows);
    const rejected: (CellProblem & { line: number; raw: string })[] = [];
    let linesWithoutCustomer = 0;
    for (const [i, text] of rows.entries()) {
      const row = orderOf(text, reader);
      if ('reason' in row) rejected.push({ ...row, line: text.line, raw: text.raw });
      else if (row.customer === '') linesWithoutCustomer++;
      else values.add(row, numbers[i]!, keyOf(row.order));
    }
    const linesLoaded = rows.length - rejected.length - linesWithoutCustomer;
    const pack = linesLoaded === 0 ? null : packColumns(values.columns);
    return { linesRead: rows.length, linesLoaded, linesWithoutCustomer, rejected, pack };
  };
}

function orderOf(text: TextRow, reader: OrderRowReader): OrderRow | CellProblem {
  if (text.fields !== null) return reader.read(text.fields);
  return { column: '', reason: text.problem, value: text.raw };
}

/** Makes the key of an order; lines of one stand together in most files, so that it is made once. */
function orderKeys({ key, shop }: OrderSpec): (order: string) => string {
  let lastOrder = '';
  let lastKey = '';
  return (order) => {
    if (order === lastOrder) return lastKey;
    lastOrder = order;
    lastKey = orderKey(key, shop, order);
    return lastKey;
  };
}

/** Reads in this thread. */
export function readInPlace(spec: OrderSpec): OrderBatches {
  return { read: orderBatchReader(spec), [Symbol.asyncDispose]: async () => {} };
}
