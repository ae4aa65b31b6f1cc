/** The table `stage`, rows of an orders file: what the mapping says nothing of takes no room in it. */
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import type { DuckColumnType } from '../duck-table.ts';
import { attributeColumns } from './attribute-cells.ts';
import type { OrderRow } from './order-row.ts';

const ALWAYS = {
  row_no: 'integer',
  order_id: 'text',
  order_key: 'text',
  customer_id: 'text',
  time_ms: 'number',
  status: 'text',
  product: 'text',
  quantity_micros: 'number',
  amount_micros: 'number',
} as const satisfies Readonly<Record<string, DuckColumnType>>;

interface OptionalColumn {
  readonly type: DuckColumnType;
  /** SQL for its value where no file says anything. */
  readonly unsaid: string;
  isSaid(columns: OrdersMapping['columns'], mapping: OrdersMapping): boolean;
  of(row: OrderRow): string | number | null;
}

const OPTIONAL = {
  refunded_micros: {
    type: 'number',
    unsaid: '0',
    isSaid: ({ refunded, quantity, line_status: status }) =>
      (refunded ?? quantity ?? status) !== undefined,
    of: ({ refundedMicros }) => refundedMicros,
  },
  cost_micros: {
    type: 'optional',
    unsaid: 'NULL',
    isSaid: ({ cost, unit_cost: unitCost }) => (cost ?? unitCost) !== undefined,
    of: ({ costMicros }) => costMicros,
  },
  status_ms: {
    type: 'optional',
    unsaid: 'NULL',
    isSaid: ({ status_time: statusTime }) => statusTime !== undefined,
    of: ({ statusMs }) => statusMs,
  },
  paid_ms: {
    type: 'optional',
    unsaid: 'NULL',
    isSaid: ({ paid_at: paidAt }) => paidAt !== undefined,
    of: ({ paidMs }) => paidMs,
  },
  currency: {
    type: 'text',
    unsaid: "''",
    isSaid: ({ currency }) => currency !== undefined,
    of: ({ currency }) => currency,
  },
  products: {
    type: 'text',
    unsaid: "''",
    isSaid: ({ products }) => products !== undefined,
    of: ({ products }) => products,
  },
  /** 0 where the cell was empty. */
  revenue_said: {
    type: 'number',
    unsaid: '1',
    isSaid: (_, { blanksStay }) => blanksStay === true,
    of: ({ revenueSaid }) => (revenueSaid ? 1 : 0),
  },
} as const satisfies Readonly<Record<string, OptionalColumn>>;

type OptionalName = keyof typeof OPTIONAL;

function optionalNames(mapping: OrdersMapping): readonly OptionalName[] {
  const names = Object.keys(OPTIONAL) as OptionalName[];
  return names.filter((name) => isStaged(mapping, name));
}

/** Whether `stage` has the column. */
export function isStaged(mapping: OrdersMapping, name: OptionalName): boolean {
  return OPTIONAL[name].isSaid(mapping.columns, mapping);
}

/** For Duck.createTable(). Only an amount in another currency can be unknown, and a refund may be left. */
export function stageColumns(mapping: OrdersMapping): Readonly<Record<string, DuckColumnType>> {
  const said = optionalNames(mapping).map((name) => [name, OPTIONAL[name].type]);
  const attributes = attributeColumns(mapping.attributes ?? {}).map((name) => [name, 'text']);
  const columns = { ...ALWAYS, ...Object.fromEntries([...said, ...attributes]) };
  const isForeign = mapping.columns.currency !== undefined;
  const mayLackRefund = isForeign || mapping.blanksStay === true;
  return {
    ...columns,
    ...(isForeign && { amount_micros: 'optional' }),
    ...(mayLackRefund && isStaged(mapping, 'refunded_micros') && { refunded_micros: 'optional' }),
  };
}

/** SQL for a column of `stage`, or for what stands in where the mapping has none. */
export function stagedSql(mapping: OrdersMapping, name: OptionalName): string {
  return isStaged(mapping, name) ? name : OPTIONAL[name].unsaid;
}

/** Rows as the columns of stageColumns(). */
export class StageValues {
  readonly #extra: readonly OptionalColumn[];
  readonly columns: (string | number)[][];

  constructor(mapping: OrdersMapping) {
    this.#extra = optionalNames(mapping).map((name) => OPTIONAL[name]);
    this.columns = Object.keys(stageColumns(mapping)).map(() => []);
  }

  add(row: OrderRow, rowNo: number, orderKey: string): void {
    const { columns } = this;
    columns[0]!.push(rowNo);
    columns[1]!.push(row.order);
    columns[2]!.push(orderKey);
    columns[3]!.push(row.customer);
    columns[4]!.push(row.timeMs);
    columns[5]!.push(row.status);
    columns[6]!.push(row.product);
    columns[7]!.push(row.quantityMicros);
    columns[8]!.push(row.amountMicros ?? '');
    let at = 9;
    for (const column of this.#extra) columns[at++]!.push(column.of(row) ?? '');
    for (const attribute of row.attributes) columns[at++]!.push(attribute);
  }
}
