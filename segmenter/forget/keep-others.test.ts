import { expect, it } from 'vitest';
import { TestShop } from '../build/test-shop.contract.ts';
import { Duck } from '../duck.ts';
import { loadOld, SHOP_TABLES, type ShopTable } from '../import/import-context.ts';
import type { ShopTables } from '../import/write-tables.ts';
import { shopFiles } from '../shop-data.ts';
import { keepOthers } from './keep-others.ts';

/** More than DuckDB gives one thread at a time. */
const ROWS = 300_000;
const GONE = [7, 150_000, ROWS - 1];

/** Columns that every table is filled with, as far as it has them; `i` is the row. */
const FILLED: Readonly<Record<string, string>> = {
  person: `lpad(CAST(i AS VARCHAR), 16, '0')`,
  customer_id: `lpad(CAST(i AS VARCHAR), 8, '0')`,
  identity: `lpad(CAST(i AS VARCHAR), 20, '0')`,
  event: `lpad(CAST(i AS VARCHAR), 12, '0')`,
  order_key: `'o' || i`,
  order_no: 'CAST(i AS INTEGER)',
  product_no: 'CAST(0 AS INTEGER)',
  time_ms: 'i',
};

const ORDERS_OF_FILES: Readonly<Partial<Record<ShopTable, string>>> = {
  customers: 'person',
  orders: 'order_no',
  orderLines: 'order_no',
  customerAttributes: 'customer_id',
  orderAttributes: 'order_no',
  devices: 'identity',
  consent: 'person',
  events: 'time_ms',
  eventAttributes: 'event',
};

async function filledRows(duck: Duck, shop: TestShop): Promise<ShopTables['rows']> {
  const rows = {} as ShopTables['rows'];
  for (const table of SHOP_TABLES) {
    const old = await loadOld({ duck, files: shopFiles(shop.dir, 'test') }, table);
    const names = (await duck.rows(`DESCRIBE ${old}`)).map(([name]) => String(name));
    const known = names.filter((name) => name in FILLED);
    const values = known.map((name) => FILLED[name]).join(', ');
    if (table in ORDERS_OF_FILES) {
      await duck.run(
        `INSERT INTO ${old} (${known.join(', ')}) SELECT ${values} FROM range(${ROWS}) r(i)`,
      );
    }
    rows[table] = `SELECT * FROM ${old}`;
  }
  return rows;
}

it('leaves every table in the order its file promises, however many rows it has', async () => {
  await using shop = await TestShop.open();
  const { folder, temp: tempDir } = shopFiles(shop.dir, 'test');
  await using duck = await Duck.open({ memoryMb: 512, threads: 2, tempDir, folders: [folder] });
  const rows = await filledRows(duck, shop);
  const gone = GONE.map((i) => `(lpad('${i}', 8, '0'))`).join(', ');
  await duck.run(`CREATE TABLE gone_customers AS SELECT * FROM (VALUES ${gone}) v(customer_id)`);
  await duck.run('CREATE TABLE gone_identities (identity VARCHAR)');
  await duck.run('CREATE TABLE naming_events (event VARCHAR)');
  await duck.run('CREATE TABLE unlinked (customer_id VARCHAR, identity VARCHAR)');
  const kept = await keepOthers(duck, rows);
  for (const [table, column] of Object.entries(ORDERS_OF_FILES)) {
    // Written as an import writes it: what lies in a file is what counts.
    const file = `${folder}/${table}.parquet`;
    await duck.run(`COPY (${kept.rows[table as ShopTable]}) TO '${file}' (FORMAT parquet)`);
    const counts = await duck.numbers(
      `SELECT count(*), sum(CASE WHEN before > ${column} THEN 1 ELSE 0 END) FROM (
         SELECT ${column}, lag(${column}) OVER () AS before FROM read_parquet('${file}'))`,
    );
    expect([table, ...counts]).toEqual([table, ROWS - GONE.length, 0]);
  }
});
