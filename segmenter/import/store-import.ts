/** The last step of an import: merged tables to Parquet, then all files put in place together. */
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { ImportMapping } from '../../settings/import-mapping.ts';
import { type Duck, sqlText } from '../duck.ts';
import { pending, replaceFiles } from '../shop-data.ts';
import { joinContacts } from './contacts.ts';
import { type ImportContext, loadOld, type ShopTable } from './import-context.ts';
import type { ImportReport } from './import-report.ts';
import { IMPORT_STATE_FORMAT, type ImportState, STATUSES_LISTED_MAX } from './import-state.ts';
import { mergeOrders } from './merge-orders.ts';
import { mergeCustomers, mergeDevices } from './merge-people.ts';
import { ordersWithoutRate } from './total-orders.ts';

/** Selects of the files' rows, in the order the format promises. */
const MERGED: Readonly<Record<ShopTable, string>> = {
  customers: 'SELECT * FROM merged_customers',
  orders: 'SELECT CAST(rowid AS INTEGER) AS order_no, * FROM merged_orders',
  orderLines: 'SELECT * FROM merged_lines',
  products: 'SELECT CAST(rowid AS INTEGER) AS product_no, product FROM merged_products',
  devices: 'SELECT * FROM merged_devices',
};

/** Merges the staged rows with the shop's data and replaces its files. */
export async function storeImport(
  context: ImportContext,
  input: {
    readonly keyCheck: string;
    readonly mapping: ImportMapping;
    readonly reports: Pick<ImportReport, 'orders' | 'customers' | 'devices'>;
  },
): Promise<Pick<ImportReport, 'held' | 'staleOrders'>> {
  const { orders, customers, devices } = input.reports;
  await stageNothing(context);
  const linked = await joinContacts(context.duck);
  const changed: ShopTable[] = [];
  if (customers !== null || orders !== null) {
    await mergeCustomers(context);
    changed.push('customers');
  }
  if (orders !== null) {
    await mergeOrders(context, input.mapping.orders?.columns);
    changed.push('orders', 'orderLines', 'products');
  }
  if (devices !== null || linked) {
    const merged = changed.includes('customers');
    await mergeDevices(context, merged ? 'merged_customers' : await loadOld(context, 'customers'));
    changed.push('devices');
  }
  const state = await writeTables(context, changed, input.keyCheck);
  context.progress({ phase: 'putting in place', done: 0, total: 0 });
  writeFileSync(pending(context.files.state), JSON.stringify(state));
  replaceFiles(context.files.folder);
  const count = (table: ShopTable) => `(SELECT count(*) FROM now_${table})`;
  const held = await context.duck.numbers(
    `SELECT ${count('customers')}, ${count('orders')}, ${count('devices')}`,
  );
  const stale =
    orders === null ? [0] : await context.duck.numbers('SELECT count(*) FROM stale_orders');
  return {
    staleOrders: stale[0]!,
    held: { customers: held[0]!, orders: held[1]!, devices: held[2]! },
  };
}

const STAGED = {
  stage_customers: ['customer_id', 'email', 'phone'],
  stage_buyers: ['customer_id', 'email', 'phone'],
  stage_devices: ['customer_id', 'space', 'value'],
  stage_contacts: ['customer_id', 'space', 'value'],
  stage_buyer_contacts: ['customer_id', 'space', 'value'],
};

/** Kinds of files that were not given are staged empty. */
async function stageNothing({ duck }: ImportContext): Promise<void> {
  for (const [table, columns] of Object.entries(STAGED)) {
    const texts = columns.map((name) => `${name} VARCHAR`).join(', ');
    await duck.run(`CREATE TABLE IF NOT EXISTS ${table} (line INTEGER, ${texts})`);
  }
  await duck.run('CREATE TABLE IF NOT EXISTS fresh_orders (customer_id VARCHAR)');
}

const TABLES = Object.keys(MERGED) as ShopTable[];

async function writeTables(
  context: ImportContext,
  changed: readonly ShopTable[],
  keyCheck: string,
): Promise<ImportState> {
  const { duck, files } = context;
  const hash = createHash('sha256');
  for (const table of TABLES) {
    const old = await loadOld(context, table);
    const rows = changed.includes(table) ? MERGED[table] : `SELECT * FROM ${old}`;
    await duck.run(`CREATE VIEW now_${table} AS ${rows}`);
    if (changed.includes(table) || !existsSync(files[table])) {
      await duck.run(
        `COPY (FROM now_${table}) TO ${sqlText(pending(files[table]))} (FORMAT parquet)`,
      );
    }
    // A sum, because lines that are alike must not cancel each other out.
    const content = await duck.rows(
      `SELECT CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR), count(*) FROM now_${table} t`,
    );
    hash.update(`${table} ${content[0]!.join(' ')}\n`);
  }
  return {
    format: IMPORT_STATE_FORMAT,
    keyCheck,
    contentHash: hash.digest('hex'),
    statuses: await heldStatuses(duck),
    withoutRate: await ordersWithoutRate(duck, 'now_orders'),
  };
}

async function heldStatuses(duck: Duck): Promise<ImportState['statuses']> {
  const rows = await duck.rows(
    `SELECT status, count(*) FROM now_orders
     GROUP BY status ORDER BY count(*) DESC, status LIMIT ${STATUSES_LISTED_MAX}`,
  );
  return rows.map(([status, orders]) => ({ status: String(status), orders: Number(orders) }));
}
