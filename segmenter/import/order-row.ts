/** One row of an orders file as typed values, by the shop's mapping. */
import { MICROS_PER_UNIT, parseMicros } from '../../proto/micros.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import type { TimeReader } from './time-reader.ts';

export interface OrderRow {
  readonly order: string;
  /** '' when the row has none. */
  readonly customer: string;
  readonly timeMs: number;
  readonly status: string;
  /** '' when the file has no products. */
  readonly product: string;
  /** Millionths, so that 0.345 kg is whole. */
  readonly quantityMicros: number;
  readonly amountMicros: number;
}

export interface CellProblem {
  readonly column: string;
  readonly reason: string;
  readonly value: string;
}

export interface OrderRowReader {
  /** Takes the cells of columnPlaces().columns. Never throws: what cannot be read is a CellProblem. */
  read(cells: readonly string[]): OrderRow | CellProblem;
}

const ID_CHARS_MAX = 255;

/** Compiles a mapping once for all rows. */
export function orderRowReader(mapping: OrdersMapping, readTime: TimeReader): OrderRowReader {
  const at = columnPlaces(mapping);
  const { columns } = at;
  const statusOf = statusReader(mapping.status);
  const readAmount = amountReader(mapping, at);
  const timeReason = `expected a time (${mapping.time_format})`;
  return {
    read(cells) {
      const order = cells[at.order]!.trim();
      const customer = cells[at.customer]!.trim();
      if (!isOrderId(order)) return problem(columns, at.order, cells, 'expected an order id');
      if (customer.length > ID_CHARS_MAX) return problem(columns, at.customer, cells, ID_TOO_LONG);
      const timeMs = readTime(cells[at.time]!);
      if (timeMs === null) return problem(columns, at.time, cells, timeReason);
      const amount = readAmount(cells);
      if ('reason' in amount) return amount;
      const status = statusOf(cells[at.status]?.trim() ?? '');
      const product = cells[at.product]?.trim().slice(0, ID_CHARS_MAX) ?? '';
      return { order, customer, timeMs, status, product, ...amount };
    },
  };
}

function isOrderId(text: string): boolean {
  return text !== '' && text.length <= ID_CHARS_MAX;
}

const ID_TOO_LONG = 'an id of over 255 characters';

interface ColumnPlaces {
  /** Without repetition; the numbers are indices in it, -1 where the mapping names no column. */
  readonly columns: readonly string[];
  readonly order: number;
  readonly customer: number;
  readonly time: number;
  readonly product: number;
  readonly quantity: number;
  readonly amount: number;
  readonly status: number;
}

/** Columns to ask the file for, and which is what. */
export function columnPlaces({ columns: named, status }: OrdersMapping): ColumnPlaces {
  const columns: string[] = [];
  const at = (column: string | undefined) => {
    if (column === undefined) return -1;
    if (!columns.includes(column)) columns.push(column);
    return columns.indexOf(column);
  };
  return {
    columns,
    order: at(named.order),
    customer: at(named.customer),
    time: at(named.time),
    product: at(named.product),
    quantity: at(named.quantity),
    amount: at(named.unit_price ?? named.line_total ?? named.revenue),
    status: at('column' in status ? status.column : undefined),
  };
}

function problem(
  columns: readonly string[],
  index: number,
  cells: readonly string[],
  reason: string,
): CellProblem {
  return { column: columns[index]!, reason, value: cells[index]! };
}

type Amount = Pick<OrderRow, 'quantityMicros' | 'amountMicros'>;

function amountReader(
  mapping: OrdersMapping,
  at: ColumnPlaces,
): (cells: readonly string[]) => Amount | CellProblem {
  const perUnit = mapping.columns.unit_price !== undefined;
  const number = mapping.decimal === ',' ? commaNumber : parseMicros;
  return (cells) => {
    const quantityMicros =
      at.quantity === -1 ? MICROS_PER_UNIT : number(cells[at.quantity]!.trim());
    if (quantityMicros === null)
      return problem(at.columns, at.quantity, cells, 'expected a number');
    const money = number(cells[at.amount]!.trim());
    if (money === null) return problem(at.columns, at.amount, cells, 'expected an amount of money');
    const amountMicros = perUnit ? lineMicros(quantityMicros, money) : money;
    if (amountMicros !== null) return { quantityMicros, amountMicros };
    return problem(at.columns, at.amount, cells, 'quantity times price is not exact in micros');
  };
}

function commaNumber(text: string): number | null {
  return text.includes('.') ? null : parseMicros(text.replace(',', '.'));
}

/** Exact, or null: a line's total is never rounded. */
function lineMicros(quantityMicros: number, priceMicros: number): number | null {
  if (quantityMicros % MICROS_PER_UNIT === 0) {
    const total = (quantityMicros / MICROS_PER_UNIT) * priceMicros;
    return Number.isSafeInteger(total) ? total : null;
  }
  const product = BigInt(quantityMicros) * BigInt(priceMicros);
  if (product % BigInt(MICROS_PER_UNIT) !== 0n) return null;
  const total = Number(product / BigInt(MICROS_PER_UNIT));
  return Number.isSafeInteger(total) ? total : null;
}

function statusReader(status: OrdersMapping['status']): (cell: string) => string {
  if ('constant' in status) return () => status.constant;
  if (!('prefixes' in status)) return (cell) => cell;
  const prefixes = Object.entries(status.prefixes).sort(([a], [b]) => b.length - a.length);
  const { otherwise } = status;
  return (cell) => prefixes.find(([prefix]) => cell.startsWith(prefix))?.[1] ?? otherwise;
}
