/** Which columns of an orders file are asked for, and what is wrong with a cell of one. */
import { CONTACT_HASH_SPACES } from '../../proto/ids.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { knownFile } from '../../settings/known-headers.ts';

export interface CellProblem {
  readonly column: string;
  readonly reason: string;
  readonly value: string;
}

export interface ColumnPlaces {
  /** Without repetition; the numbers are indices in it, -1 where the mapping names no column. */
  readonly columns: readonly string[];
  readonly order: number;
  readonly customer: number;
  readonly time: number;
  readonly product: number;
  readonly products: number;
  readonly quantity: number;
  readonly amount: number;
  readonly status: number;
  readonly refunded: number;
  readonly keptQuantity: number;
  readonly lineStatus: number;
  /** Of one piece where the mapping has unit_cost. */
  readonly cost: number;
  readonly currency: number;
  readonly statusTime: number;
  readonly paidAt: number;
  /** MD5s of who ordered. */
  readonly hashes: readonly number[];
  /** In the order of the mapping's names. */
  readonly attributes: readonly number[];
}

/** Columns to ask the file for, and which is what. */
export function columnPlaces({
  columns: named,
  status,
  attributes,
  like,
}: OrdersMapping): ColumnPlaces {
  const people = like === undefined ? undefined : knownFile(like).people;
  const hashes = CONTACT_HASH_SPACES.map((space) => people?.[space]);
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
    products: at(named.products),
    quantity: at(named.quantity),
    amount: at(named.unit_price ?? named.line_total ?? named.revenue),
    status: at('column' in status ? status.column : undefined),
    refunded: at(named.refunded),
    keptQuantity: at(named.kept_quantity),
    lineStatus: at(named.line_status),
    cost: at(named.unit_cost ?? named.cost),
    currency: at(named.currency),
    statusTime: at(named.status_time),
    paidAt: at(named.paid_at),
    hashes: hashes.filter((column) => column !== undefined).map(at),
    attributes: Object.values(attributes ?? {}).map(({ column }) => at(column)),
  };
}

/** What is wrong with the cell of one of columnPlaces().columns. */
export function cellProblem(
  { columns }: ColumnPlaces,
  index: number,
  cells: readonly string[],
  reason: string,
): CellProblem {
  return { column: columns[index]!, reason, value: cells[index]! };
}
