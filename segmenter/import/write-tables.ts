/** The tables of a shop's data as pending Parquet files, and what tells one state of them from another. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { ZoneOffsets } from '../../rules/local-day.ts';
import { type Duck, sqlText } from '../duck.ts';
import { pending } from '../shop-data.ts';
import { SHOP_TABLES, type ShopSource, type ShopTable } from './import-context.ts';
import {
  filesReadMs,
  IMPORT_STATE_FORMAT,
  type ImportState,
  STATUSES_LISTED_MAX,
} from './import-state.ts';
import { writePersonEvents } from './person-events.ts';
import { ordersWithoutRate } from './total-orders.ts';

export interface ShopTables {
  /** A select of every table's rows, in the order that its file promises (shop-data.ts). */
  readonly rows: Record<ShopTable, string>;
  /** Those that are to be written; the others stay as they are. */
  readonly changed: readonly ShopTable[];
}

/** Makes the views now_<table>; replaceFiles() puts what was written in place. */
export async function writeTables(
  { duck, files, zone }: ShopSource & { readonly zone: ZoneOffsets },
  { rows, changed }: ShopTables,
  keyCheck: string,
): Promise<ImportState> {
  const hash = createHash('sha256');
  for (const table of SHOP_TABLES) {
    await duck.run(`CREATE VIEW now_${table} AS ${rows[table]}`);
    if (changed.includes(table) || !existsSync(files[table])) {
      await duck.run(
        `COPY (FROM now_${table}) TO ${sqlText(pending(files[table]))} (FORMAT parquet)`,
      );
    }
    // A sum, because lines that are alike must not cancel each other out.
    const content = await duck.rows(
      `SELECT CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR), count(*) FROM ${contentOf(table)} t`,
    );
    hash.update(`${table} ${content[0]!.join(' ')}\n`);
  }
  await writePersonEvents({ duck, files }, changed);
  return {
    format: IMPORT_STATE_FORMAT,
    keyCheck,
    contentHash: hash.digest('hex'),
    statuses: await heldStatuses(duck),
    withoutRate: await ordersWithoutRate(duck, 'now_orders', zone),
    filesReadMs: filesReadMs(files),
  };
}

/** That a link was seen once more is no change of the data; what follows from it is the build's to tell. */
function contentOf(table: ShopTable): string {
  if (table !== 'links') return `now_${table}`;
  return `(SELECT * EXCLUDE (first_seen_ms, last_seen_ms) FROM now_links)`;
}

async function heldStatuses(duck: Duck): Promise<ImportState['statuses']> {
  const rows = await duck.rows(
    `SELECT status, count(*) FROM now_orders
     GROUP BY status ORDER BY count(*) DESC, status LIMIT ${STATUSES_LISTED_MAX}`,
  );
  return rows.map(([status, orders]) => ({ status: String(status), orders: Number(orders) }));
}
