/**
 * A base of any size as imports would leave it (shop-data.ts), made by SQL without an import: for measuring
 * builds. The same options give the same rows. Persons and identities are hashes of a customer's number, as
 * uniform as the keyed ones.
 */

import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { customerPersonId } from '../../proto/ids.ts';
import { Duck, sqlText } from '../duck.ts';
import { IMPORT_STATE_FORMAT, type ImportState } from '../import/import-state.ts';
import { type ShopFiles, shopFiles } from '../shop-data.ts';

export interface SizedBase {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly key: KeyObject;
  readonly customers: number;
  readonly orders: number;
  readonly products: number;
  /** The newest order is of this moment, Unix ms, the oldest of three years before. */
  readonly nowMs: number;
}

const CITIES = 20;
const SPAN_MS = 3 * 365 * 86_400_000;

export async function writeSizedBase(base: SizedBase): Promise<void> {
  const files = shopFiles(base.dir, base.shop);
  const options = { memoryMb: 1500, threads: 2, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  for (const [table, query] of Object.entries(tables(base))) {
    const file = files[table as keyof ReturnType<typeof tables>];
    await duck.run(`COPY (${query}) TO ${sqlText(file)} (FORMAT parquet)`);
    if (table === 'orders') await duck.run(`CREATE VIEW made_orders AS FROM ${sqlText(file)}`);
  }
  writeState(files, base);
}

/** An id of 16 characters, of a kind and a number. */
function id(kind: string, number: string): string {
  return `substr(md5(${sqlText(kind)} || CAST(${number} AS VARCHAR)), 1, 16)`;
}

/** A whole number under `below`, the same for the same `kind` and number. */
function some(kind: string, number: string, below: number): string {
  return `CAST(hash(${sqlText(kind)} || CAST(${number} AS VARCHAR)) % ${below} AS INTEGER)`;
}

function tables({ customers, orders, products, nowMs }: SizedBase) {
  const name = "'c' || CAST(c AS VARCHAR)";
  // Half of the orders are of a fifth of the customers.
  const whose = `CASE WHEN ${some('half', 'i', 2)} = 0 THEN ${some('whose', 'i', customers)}
    ELSE ${some('whose', 'i', Math.ceil(customers / 5))} END`;
  const status = `CASE WHEN ${some('status', 'i', 20)} < 15 THEN 'paid'
    WHEN ${some('status', 'i', 20)} < 17 THEN 'in_progress'
    WHEN ${some('status', 'i', 20)} < 19 THEN 'cancelled' ELSE 'returned' END`;
  return {
    customers: `SELECT ${id('p', 'c')} AS person, ${name} AS customer_id, ${id('i', 'c')} AS identity,
      'mail' || CAST(c AS VARCHAR) || '@shop.test' AS email, ${id('e', 'c')} AS email_identity,
      '' AS phone FROM range(${customers}) r(c) ORDER BY person`,
    orders: `SELECT CAST(row_number() OVER (ORDER BY person, time_ms DESC, i) - 1 AS INTEGER) AS order_no,
      CAST(i AS VARCHAR) AS order_id, ${id('o', 'i')} AS order_key, ${name} AS customer_id, person, time_ms,
      status, revenue_micros, CAST(0 AS BIGINT) AS refunded_micros, revenue_micros * 6 // 10 AS cost_micros,
      '' AS currency, time_ms AS status_ms, CAST(NULL AS BIGINT) AS paid_ms
    FROM (SELECT *, ${id('p', 'c')} AS person FROM (
      SELECT i, ${whose} AS c, ${nowMs} - CAST(hash('time' || CAST(i AS VARCHAR)) % ${SPAN_MS} AS BIGINT) AS time_ms, ${status} AS status,
        CAST(${some('revenue', 'i', 40_000)} AS BIGINT) * 10000 AS revenue_micros
      FROM range(${orders}) r(i))) ORDER BY order_no`,
    // One line for most orders, two for some, three for a few.
    orderLines: `SELECT order_no, ${some('product', 'order_no * 4 + n', products)} AS product_no,
      CAST(1000000 AS BIGINT) AS quantity_micros, revenue_micros
    FROM made_orders, range(3) l(n)
    WHERE n = 0 OR n = 1 AND ${some('lines', 'order_no', 10)} > 5 OR ${some('lines', 'order_no', 10)} > 8
    ORDER BY order_no, product_no`,
    products: `SELECT CAST(p AS INTEGER) AS product_no, 'p' || CAST(100000 + p AS VARCHAR) AS product
      FROM range(${products}) r(p) ORDER BY product_no`,
    customerAttributes: `SELECT ${name} AS customer_id, name,
      CASE name WHEN 'city' THEN 'city' || CAST(${some('city', 'c', CITIES)} AS VARCHAR) END AS text,
      CASE name WHEN 'size' THEN CAST(30 + ${some('size', 'c', 20)} AS BIGINT) * 1000000 END AS number_micros,
      CAST(NULL AS INTEGER) AS day
    FROM range(${customers}) r(c), (VALUES ('city'), ('size')) n(name)
    WHERE ${some('known', 'c', 2)} = 0 ORDER BY customer_id, name`,
    devices: `SELECT ${id('d', 'c')} AS identity, ${id('p', 'c')} AS person, ${name} AS customer_id,
      'cookie' AS space, 'cookie' || CAST(c AS VARCHAR) AS value FROM range(${customers}) r(c)
    WHERE ${some('device', 'c', 10)} < 7 ORDER BY identity, person`,
    consent: `SELECT ${id('p', 'c')} AS person, ${name} AS customer_id, 'ads' AS purpose, 0 AS allowed
      FROM range(${customers}) r(c) WHERE ${some('consent', 'c', 100)} = 0 ORDER BY person`,
  };
}

function writeState(files: ShopFiles, base: SizedBase): void {
  const state: ImportState = {
    format: IMPORT_STATE_FORMAT,
    keyCheck: customerPersonId(base.key, base.shop, ''),
    contentHash: `${base.customers} customers, ${base.orders} orders until ${base.nowMs}`,
    statuses: [],
    withoutRate: [],
  };
  writeFileSync(files.state, JSON.stringify(state));
}
