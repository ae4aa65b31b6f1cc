/**
 * The facts of a bucket's people, batch by batch: customers, their orders and the lines of these stream side by
 * side in the same order (see shop-data.ts), so that each is read once and nothing is looked up.
 */
import assert from 'node:assert/strict';
import type { Segment } from '../../rules/rule.ts';
import { type Duck, sqlText } from '../duck.ts';
import { idSql } from '../duck-chunk.ts';
import type { ShopFiles } from '../shop-data.ts';
import { type Bucket, inBucket } from './buckets.ts';
import { ColumnCursor, type Columns } from './column-cursor.ts';
import type { ProfileBatch } from './encode-profiles.ts';
import { maskNames } from './membership.ts';
import { IN_BID_REQUESTS } from './samples.ts';

export interface BatchSource {
  readonly duck: Duck;
  readonly files: ShopFiles;
  readonly segments: readonly Segment[];
  readonly bucket: Bucket;
  /** Only the people of the table `touched` are computed. */
  readonly onlyTouched: boolean;
}

/** In person order. Needs the bucket's tables `customers`, `orders`, `bought_lines` and `members`. */
export async function* profileBatches(source: BatchSource): AsyncGenerator<ProfileBatch> {
  const peopleCursor = readPeople(source);
  const orderCursor = readOrders(source.duck);
  const lineCursor = readLines(source.duck);
  try {
    for (;;) {
      const some = await peopleCursor.next();
      if (some === null) break;
      const people = peopleOf(some);
      const orders = ordersOf(await orderCursor.take(ordersToTake(people)));
      const lastOrderNo = orders.orderNo.at(-1) ?? -1;
      yield { people, orders, lines: linesOf(await lineCursor.takeThrough(ORDER_NO, lastOrderNo)) };
    }
    assert(await orderCursor.isAtEnd(), 'orders are left over that belong to no customer');
  } finally {
    for (const cursor of [peopleCursor, orderCursor, lineCursor]) await cursor.close();
  }
}

function readPeople({ duck, files, segments, bucket, onlyTouched }: BatchSource): ColumnCursor {
  const devices = `SELECT person FROM read_parquet(${sqlText(files.devices)})
    WHERE ${inBucket('person', bucket)} AND ${IN_BID_REQUESTS}`;
  const numbers = [
    'c.kept_orders',
    'c.first_order_no',
    'COALESCE(c.cycle_half_days, 0)',
    `CASE WHEN c.person IN (${devices}) THEN 1 ELSE 0 END`,
    onlyTouched ? 'CASE WHEN c.person IN (SELECT person FROM touched) THEN 1 ELSE 0 END' : '1',
    ...maskNames(segments),
  ];
  const query = `SELECT ${idSql('c.person')}, ${doubles(numbers)}
    FROM customers c JOIN members m ON m.person = c.person ORDER BY c.person`;
  return new ColumnCursor(duck.chunks(query), { ids: 1, numbers: numbers.length });
}

function peopleOf({ ids, numbers }: Columns): ProfileBatch['people'] {
  const [keptOrders, firstOrderNo, cycleHalfDays, hasDevice, isComputed, ...masks] = numbers;
  return {
    persons: ids[0]!,
    keptOrders: keptOrders!,
    firstOrderNo: firstOrderNo!,
    cycleHalfDays: cycleHalfDays!,
    hasDevice: hasDevice!,
    isComputed: isComputed!,
    masks,
  };
}

function ordersToTake({ keptOrders, isComputed }: ProfileBatch['people']): number {
  return keptOrders.reduce((sum, kept, row) => sum + kept * isComputed[row]!, 0);
}

function readOrders(duck: Duck): ColumnCursor {
  const numbers = ['order_no', 'at_s', 'status', 'revenue_micros', 'margin_micros'];
  const query = `SELECT ${idSql('order_key')}, ${doubles(numbers)} FROM orders`;
  return new ColumnCursor(duck.chunks(query), { ids: 1, numbers: numbers.length });
}

function ordersOf({ ids, numbers }: Columns): ProfileBatch['orders'] {
  const [orderNo, atS, status, revenueMicros, marginMicros] = numbers;
  return {
    orderKeys: ids[0]!,
    orderNo: orderNo!,
    atS: atS!,
    status: status!,
    revenueMicros: revenueMicros!,
    marginMicros: marginMicros!,
  };
}

/** Of lines. */
const ORDER_NO = 0;

function readLines(duck: Duck): ColumnCursor {
  const numbers = ['order_no', 'product_no'];
  const query = `SELECT ${doubles(numbers)} FROM bought_lines ORDER BY order_no, product_no`;
  return new ColumnCursor(duck.chunks(query), { ids: 0, numbers: numbers.length });
}

function linesOf({ numbers }: Columns): ProfileBatch['lines'] {
  return { orderNo: numbers[ORDER_NO]!, productNo: numbers[1]! };
}

function doubles(columns: readonly string[]): string {
  return columns.map((column) => `CAST(${column} AS DOUBLE)`).join(', ');
}
