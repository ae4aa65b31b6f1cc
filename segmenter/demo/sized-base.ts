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
import { writePersonEvents } from '../import/person-events.ts';
import { replaceFiles, type ShopFiles, shopFiles } from '../shop-data.ts';

export interface SizedBase {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly key: KeyObject;
  readonly customers: number;
  readonly orders: number;
  readonly products: number;
  /** An attribute each, of the last year; 0 leaves their files out, as imports without any do. */
  readonly events: number;
  /** The newest order is of this moment, Unix ms, the oldest of three years before. */
  readonly nowMs: number;
}

const CITIES = 20;
const YEAR_MS = 365 * 86_400_000;
const SPAN_MS = 3 * YEAR_MS;

export async function writeSizedBase(base: SizedBase): Promise<void> {
  const files = shopFiles(base.dir, base.shop);
  const options = { memoryMb: 1500, threads: 2, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const rows = { ...tables(base), ...(base.events === 0 ? {} : eventTables(base)) };
  for (const [table, query] of Object.entries(rows)) {
    const file = files[table as keyof typeof rows];
    await duck.run(`COPY (${query}) TO ${sqlText(file)} (FORMAT parquet)`);
    if (table === 'orders') await duck.run(`CREATE VIEW made_orders AS FROM ${sqlText(file)}`);
  }
  if (base.events > 0) await writePersonEvents({ duck, files }, []);
  replaceFiles(files.folder);
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
  // Half of the orders are of a fifth of the customers, and some spend four times what others do.
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
        CAST(${some('revenue', 'i', 16_000)} AS BIGINT) * (1 + ${some('budget', 'c', 4)}) * 10000 AS revenue_micros
      FROM range(${orders}) r(i))) ORDER BY order_no`,
    // One line for most orders, two for some, three for a few.
    orderLines: `SELECT order_no, ${some('product', 'order_no * 4 + n', products)} AS product_no,
      CAST(1000000 AS BIGINT) AS quantity_micros, revenue_micros
    FROM made_orders, range(3) l(n)
    WHERE n = 0 OR n = 1 AND ${some('lines', 'order_no', 10)} > 5 OR ${some('lines', 'order_no', 10)} > 8
    ORDER BY order_no, product_no`,
    products: `SELECT CAST(p AS INTEGER) AS product_no, 'p' || CAST(100000 + p AS VARCHAR) AS product
      FROM range(${products}) r(p) ORDER BY product_no`,
    orderAttributes: `SELECT order_no, 'channel' AS name,
      CASE ${some('channel', 'order_no', 3)} WHEN 0 THEN 'app' WHEN 1 THEN 'site' ELSE 'shop' END AS text,
      CAST(NULL AS BIGINT) AS number_micros, CAST(NULL AS INTEGER) AS day
    FROM made_orders ORDER BY order_no, name`,
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

/** Of three events one names its customer, the others the cookie that they came by, which may be nobody's. */
function eventTables({ customers, products, events, nowMs }: SizedBase) {
  const event = "md5('event' || CAST(i AS VARCHAR))";
  const kind = some('kind', 'i', 20);
  return {
    events: `SELECT ${event} AS event, CASE WHEN ${kind} = 0 THEN 'call' ELSE 'event' END AS kind,
      CASE WHEN i % 3 = 0 THEN 'c' || CAST(c AS VARCHAR) ELSE '' END AS customer_id,
      CASE WHEN i % 3 = 0 THEN '' ELSE 'cookie' END AS space,
      CASE WHEN i % 3 = 0 THEN '' ELSE 'cookie' || CAST(c AS VARCHAR) END AS value,
      CASE WHEN i % 3 = 0 THEN '' ELSE ${id('d', 'c')} END AS identity,
      ${nowMs} - CAST(hash('event time' || CAST(i AS VARCHAR)) % ${YEAR_MS} AS BIGINT) AS time_ms,
      CASE WHEN ${kind} = 0 THEN 'call' WHEN ${kind} < 4 THEN 'cart' ELSE 'view' END AS name,
      CASE WHEN ${kind} = 0 THEN '' ELSE 'p' || CAST(100000 + ${some('viewed', 'i', products)} AS VARCHAR) END AS product,
      CAST(CASE WHEN ${kind} BETWEEN 1 AND 3 THEN ${some('worth', 'i', 400)} ELSE 0 END AS BIGINT) * 1000000
        AS value_micros, '' AS currency
    FROM (SELECT i, ${some('visitor', 'i', customers)} AS c FROM range(${events}) r(i))
    ORDER BY time_ms, event`,
    eventAttributes: `SELECT ${event} AS event, 'page' AS name,
      CASE ${some('page', 'i', 3)} WHEN 0 THEN 'sale' WHEN 1 THEN 'new' ELSE 'search' END AS value
    FROM range(${events}) r(i) ORDER BY event, name, value`,
  };
}

function writeState(files: ShopFiles, base: SizedBase): void {
  const state: ImportState = {
    format: IMPORT_STATE_FORMAT,
    keyCheck: customerPersonId(base.key, base.shop, ''),
    contentHash: `${base.customers} customers, ${base.orders} orders, ${base.events} events until ${base.nowMs}`,
    statuses: [],
    withoutRate: [],
  };
  writeFileSync(files.state, JSON.stringify(state));
}
