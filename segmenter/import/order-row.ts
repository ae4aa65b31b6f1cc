/** One row of an orders file as typed values, by the shop's mapping. */
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import type { AttributesReader } from './attribute-cells.ts';
import type { Exchange, ShopRowMoney } from './exchanged-money.ts';
import { MD5_EXPECTED, md5Values } from './hash-cells.ts';
import { type CellProblem, type ColumnPlaces, cellProblem, columnPlaces } from './order-columns.ts';
import { moneyReader } from './order-money.ts';
import { productsReader } from './order-products.ts';
import { expectedTime, type TimeReader } from './time-reader.ts';

export interface OrderRow extends ShopRowMoney {
  readonly order: string;
  /** '' when the row has none. */
  readonly customer: string;
  readonly timeMs: number;
  /** '' where the cell is empty (unsaid-fields.ts). */
  readonly status: string;
  /** Since when the status holds; null where the row does not say. */
  readonly statusMs: number | null;
  /** When it was paid; null where the row does not say. */
  readonly paidMs: number | null;
  /** '' when the file has no products. */
  readonly product: string;
  /** As order-products.ts stages them; '' when the order names none. */
  readonly products: string;
  /** As the file writes it, in capitals; '' where it names none. */
  readonly currency: string;
  /** False where an empty cell leaves the order what it was worth. */
  readonly revenueSaid: boolean;
  /** As attribute-cells.ts stages them, in the order of the mapping's names. */
  readonly attributes: readonly string[];
}

export interface OrderRowReader {
  /** Takes the cells of columnPlaces().columns. Never throws: what cannot be read is a CellProblem. */
  read(cells: readonly string[]): OrderRow | CellProblem;
}

const ID_CHARS_MAX = 255;

export interface RowReaders {
  readonly readTime: TimeReader;
  /** Brings amounts to the shop's currency. */
  readonly exchange: Exchange;
  readonly readAttributes: AttributesReader;
}

/** Compiles a mapping once for all rows. */
export function orderRowReader(
  mapping: OrdersMapping,
  { readTime, exchange, readAttributes }: RowReaders,
): OrderRowReader {
  const at = columnPlaces(mapping);
  const readIds = idsReader(at);
  const statusOf = statusReader(mapping.status, at.status);
  const readTimes = timesReader(mapping, at, readTime);
  const readMoney = shopMoneyReader(mapping, at, exchange);
  const currencyOf = currencyReader(at);
  const readGoods = goodsReader(at);
  const isBlank = blankReader(mapping, at.amount);
  return {
    read(cells) {
      const ids = readIds(cells);
      if ('reason' in ids) return ids;
      const times = readTimes(cells);
      if ('reason' in times) return times;
      const money = readMoney(cells, times.timeMs);
      if ('reason' in money) return money;
      const status = statusOf(cells);
      const goods = readGoods(cells);
      if ('reason' in goods) return goods;
      const attributes = readAttributes(cells, at.attributes);
      if ('reason' in attributes) return attributes;
      // Spelled out: spread copies cost an import of many rows a third of its time.
      return {
        order: ids.order,
        customer: ids.customer,
        timeMs: times.timeMs,
        status,
        statusMs: times.statusMs,
        paidMs: times.paidMs,
        product: goods.product,
        products: goods.products,
        quantityMicros: money.quantityMicros,
        amountMicros: money.amountMicros,
        refundedMicros: money.refundedMicros,
        costMicros: money.costMicros,
        currency: currencyOf(cells),
        revenueSaid: !isBlank(cells),
        attributes,
      };
    },
  };
}

type Ids = Pick<OrderRow, 'order' | 'customer'>;

function idsReader(at: ColumnPlaces): (cells: readonly string[]) => Ids | CellProblem {
  return (cells) => {
    const order = cells[at.order]!.trim();
    const customer = cells[at.customer]!.trim();
    if (order === '' || order.length > ID_CHARS_MAX) {
      return cellProblem(at, at.order, cells, 'expected an order id');
    }
    for (const column of at.hashes) {
      if (md5Values(cells[column]!) === null) return cellProblem(at, column, cells, MD5_EXPECTED);
    }
    if (customer.length <= ID_CHARS_MAX) return { order, customer };
    return cellProblem(at, at.customer, cells, 'an id of over 255 characters');
  };
}

type Goods = Pick<OrderRow, 'product' | 'products'>;

/** What the row is of: one product where it is a line, any where it is a whole order. */
function goodsReader(at: ColumnPlaces): (cells: readonly string[]) => Goods | CellProblem {
  const readProducts = productsReader(at);
  return (cells) => {
    const products = readProducts(cells);
    if (typeof products !== 'string') return products;
    return { product: cells[at.product]?.trim().slice(0, ID_CHARS_MAX) ?? '', products };
  };
}

type Times = Pick<OrderRow, 'timeMs' | 'statusMs' | 'paidMs'>;

function timesReader(
  { time_format }: OrdersMapping,
  at: ColumnPlaces,
  readTime: TimeReader,
): (cells: readonly string[]) => Times | CellProblem {
  const reason = expectedTime(time_format);
  const isUnreadable = (index: number, ms: number | null, cells: readonly string[]) =>
    ms === null && (cells[index]?.trim() ?? '') !== '';
  return (cells) => {
    const timeMs = readTime(cells[at.time]!);
    if (timeMs === null) return cellProblem(at, at.time, cells, reason);
    if (at.statusTime === -1 && at.paidAt === -1) return { timeMs, statusMs: null, paidMs: null };
    const statusMs = readTime(cells[at.statusTime] ?? '');
    if (isUnreadable(at.statusTime, statusMs, cells)) {
      return cellProblem(at, at.statusTime, cells, reason);
    }
    const paidMs = readTime(cells[at.paidAt] ?? '');
    if (isUnreadable(at.paidAt, paidMs, cells)) return cellProblem(at, at.paidAt, cells, reason);
    return { timeMs, statusMs, paidMs };
  };
}

type MoneyReader = (cells: readonly string[], timeMs: number) => ShopRowMoney | CellProblem;

function shopMoneyReader(
  mapping: OrdersMapping,
  at: ColumnPlaces,
  exchange: Exchange,
): MoneyReader {
  const readOwn = moneyReader(mapping, at);
  const currencyOf = currencyReader(at);
  const readForeign: MoneyReader = (cells, timeMs) => {
    const own = readOwn(cells);
    if ('reason' in own) return own;
    const money = exchange(own, currencyOf(cells), timeMs);
    return 'reason' in money ? cellProblem(at, at.currency, cells, money.reason) : money;
  };
  const read = at.currency === -1 ? readOwn : readForeign;
  return mapping.blanksStay === true ? leavingBlanks(mapping, at, read) : read;
}

/** An empty refund is unknown: unsaid-fields.ts puts in what is held. */
function leavingBlanks(mapping: OrdersMapping, at: ColumnPlaces, read: MoneyReader): MoneyReader {
  const leavesRefund = blankReader(mapping, at.refunded === -1 ? at.amount : at.refunded);
  return (cells, timeMs) => {
    const money = read(cells, timeMs);
    if ('reason' in money || !leavesRefund(cells)) return money;
    return { ...money, refundedMicros: null };
  };
}

/** Whether a row says nothing in a column, so that its order keeps what is held. */
function blankReader(
  { blanksStay = false }: OrdersMapping,
  column: number,
): (cells: readonly string[]) => boolean {
  return blanksStay ? (cells) => cells[column]!.trim() === '' : () => false;
}

function currencyReader(at: ColumnPlaces): (cells: readonly string[]) => string {
  if (at.currency === -1) return () => '';
  return (cells) => cells[at.currency]!.trim().toUpperCase();
}

function statusReader(
  status: OrdersMapping['status'],
  column: number,
): (cells: readonly string[]) => string {
  if ('constant' in status) return () => status.constant;
  if (!('prefixes' in status)) return (cells) => cells[column]!.trim();
  const prefixes = Object.entries(status.prefixes).sort(([a], [b]) => b.length - a.length);
  const { otherwise } = status;
  return (cells) => {
    const cell = cells[column]!.trim();
    return cell === ''
      ? ''
      : (prefixes.find(([prefix]) => cell.startsWith(prefix))?.[1] ?? otherwise);
  };
}
