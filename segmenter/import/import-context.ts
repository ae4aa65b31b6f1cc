/** What every kind of file is imported with. */
import type { KeyObject } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import type { ZoneOffsets } from '../../rules/local-day.ts';
import type { IdentitySettings } from '../../settings/identity-section.ts';
import type { ShopMoney } from '../../settings/order-money.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { JobProgress } from '../job-progress.ts';
import type { ShopFiles } from '../shop-data.ts';
import type { StatusMap } from '../status-groups.ts';
import type { MergeRules } from './merge-mode.ts';
import type { OrderBatches, OrderSpec } from './order-batch.ts';

export interface ImportContext {
  readonly duck: Duck;
  readonly files: ShopFiles;
  readonly shop: string;
  /** The workspace's key, for person ids and identity keys. */
  readonly key: KeyObject;
  readonly zone: ZoneOffsets;
  readonly statuses: StatusMap;
  readonly money: ShopMoney;
  readonly identity: IdentitySettings;
  readonly merge: MergeRules;
  /** How orders are read: in place, or by piscina (order-threads.ts). */
  readonly openOrderBatches: (spec: OrderSpec) => OrderBatches;
  readonly nowMs: number;
  readonly progress: (progress: JobProgress) => void;
}

const SCHEMAS = {
  customers:
    'person VARCHAR, customer_id VARCHAR, identity VARCHAR, email VARCHAR, email_identity VARCHAR, phone VARCHAR',
  orders:
    'order_no INTEGER, order_id VARCHAR, order_key VARCHAR, customer_id VARCHAR, person VARCHAR, time_ms BIGINT, status VARCHAR, revenue_micros BIGINT, refunded_micros BIGINT, cost_micros BIGINT, currency VARCHAR, status_ms BIGINT, paid_ms BIGINT',
  orderLines: 'order_no INTEGER, product_no INTEGER, quantity_micros BIGINT, revenue_micros BIGINT',
  products: 'product_no INTEGER, product VARCHAR',
  customerAttributes:
    'customer_id VARCHAR, name VARCHAR, text VARCHAR, number_micros BIGINT, day INTEGER',
  orderAttributes:
    'order_no INTEGER, name VARCHAR, text VARCHAR, number_micros BIGINT, day INTEGER',
  events:
    'event VARCHAR, kind VARCHAR, customer_id VARCHAR, space VARCHAR, value VARCHAR, identity VARCHAR, time_ms BIGINT, name VARCHAR, product VARCHAR, value_micros BIGINT, currency VARCHAR',
  eventAttributes: 'event VARCHAR, name VARCHAR, value VARCHAR',
  devices: 'identity VARCHAR, person VARCHAR, customer_id VARCHAR, space VARCHAR, value VARCHAR',
  links:
    'customer_id VARCHAR, space VARCHAR, value VARCHAR, identity VARCHAR, source VARCHAR, evidence VARCHAR, first_seen_ms BIGINT, last_seen_ms BIGINT, revoked_at_ms BIGINT',
  consent: 'person VARCHAR, customer_id VARCHAR, purpose VARCHAR, allowed INTEGER',
} as const;

/** Where the shop's data is read and written. */
export type ShopSource = Pick<ImportContext, 'duck' | 'files'>;

export type ShopTable = keyof typeof SCHEMAS;

export const SHOP_TABLES = Object.keys(SCHEMAS) as readonly ShopTable[];

/** Makes `old_<table>`: what earlier imports left, or nothing. */
export async function loadOld({ duck, files }: ShopSource, table: ShopTable): Promise<string> {
  const name = `old_${table}`;
  if (existsSync(files[table])) {
    await duck.run(
      `CREATE OR REPLACE VIEW ${name} AS SELECT * FROM read_parquet(${sqlText(files[table])})`,
    );
  } else if (table === 'links' && existsSync(files.customers)) {
    await duck.run(`CREATE OR REPLACE VIEW ${name} AS ${await linksBeforeLog({ duck, files })}`);
  } else {
    await duck.run(`CREATE OR REPLACE TABLE ${name} (${SCHEMAS[table]})`);
  }
  return name;
}

/** What data of a version without a log knows, as seen when it was last imported. */
async function linksBeforeLog(source: ShopSource): Promise<string> {
  const [devices, customers] = [
    await loadOld(source, 'devices'),
    await loadOld(source, 'customers'),
  ];
  const seenMs = Math.floor(statSync(source.files.customers).mtimeMs);
  const seen = `'upload' AS evidence, ${seenMs} AS first_seen_ms, ${seenMs} AS last_seen_ms,
    CAST(NULL AS BIGINT) AS revoked_at_ms`;
  return `SELECT DISTINCT customer_id, space, value, identity, 'devices' AS source, ${seen} FROM ${devices}
    UNION ALL
    SELECT customer_id, 'email', email, email_identity, 'customers', ${seen} FROM ${customers}
    WHERE email_identity <> ''`;
}

/** Selects of every table's rows as the last import left them. */
export async function heldRows(source: ShopSource): Promise<Record<ShopTable, string>> {
  const rows = {} as Record<ShopTable, string>;
  for (const table of SHOP_TABLES) rows[table] = `SELECT * FROM ${await loadOld(source, table)}`;
  return rows;
}
