/** One row of an orders file as typed values, by the shop's mapping. */
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import type { Exchange, ShopRowMoney } from './exchanged-money.ts';
import { type CellProblem, type ColumnPlaces, cellProblem, columnPlaces } from './order-columns.ts';
import { moneyReader } from './order-money.ts';
import type { TimeReader } from './time-reader.ts';

export interface OrderRow extends ShopRowMoney {
  readonly order: string;
  /** '' when the row has none. */
  readonly customer: string;
  readonly timeMs: number;
  readonly status: string;
  /** '' when the file has no products. */
  readonly product: string;
  /** As the file writes it, in capitals; '' where it names none. */
  readonly currency: string;
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
}

/** Compiles a mapping once for all rows. */
export function orderRowReader(
  mapping: OrdersMapping,
  { readTime, exchange }: RowReaders,
): OrderRowReader {
  const at = columnPlaces(mapping);
  const statusOf = statusReader(mapping.status);
  const readMoney = shopMoneyReader(mapping, at, exchange);
  const timeReason = `expected a time (${mapping.time_format})`;
  return {
    read(cells) {
      const order = cells[at.order]!.trim();
      const customer = cells[at.customer]!.trim();
      if (!isOrderId(order)) return cellProblem(at, at.order, cells, 'expected an order id');
      if (customer.length > ID_CHARS_MAX) return cellProblem(at, at.customer, cells, ID_TOO_LONG);
      const timeMs = readTime(cells[at.time]!);
      if (timeMs === null) return cellProblem(at, at.time, cells, timeReason);
      const money = readMoney(cells, timeMs);
      if ('reason' in money) return money;
      const status = statusOf(cells[at.status]?.trim() ?? '');
      const product = cells[at.product]?.trim().slice(0, ID_CHARS_MAX) ?? '';
      return { order, customer, timeMs, status, product, ...money };
    },
  };
}

type Money = ShopRowMoney & Pick<OrderRow, 'currency'>;

function shopMoneyReader(
  mapping: OrdersMapping,
  at: ColumnPlaces,
  exchange: Exchange,
): (cells: readonly string[], timeMs: number) => Money | CellProblem {
  const readOwn = moneyReader(mapping, at);
  return (cells, timeMs) => {
    const own = readOwn(cells);
    if ('reason' in own) return own;
    const currency = cells[at.currency]?.trim().toUpperCase() ?? '';
    const money = exchange(own, currency, timeMs);
    if ('reason' in money) return cellProblem(at, at.currency, cells, money.reason);
    return { currency, ...money };
  };
}

function isOrderId(text: string): boolean {
  return text !== '' && text.length <= ID_CHARS_MAX;
}

const ID_TOO_LONG = 'an id of over 255 characters';

function statusReader(status: OrdersMapping['status']): (cell: string) => string {
  if ('constant' in status) return () => status.constant;
  if (!('prefixes' in status)) return (cell) => cell;
  const prefixes = Object.entries(status.prefixes).sort(([a], [b]) => b.length - a.length);
  const { otherwise } = status;
  return (cell) => prefixes.find(([prefix]) => cell.startsWith(prefix))?.[1] ?? otherwise;
}
