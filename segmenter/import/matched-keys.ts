/** By which of their keys the people of a file were known before it came. */
import { EVENT_KINDS, FILE_KINDS, type FileKind } from '../../settings/event-mapping.ts';
import type { Duck } from '../duck.ts';
import { contactKindSql, spacedHashSql } from '../identity/contact-hashes.ts';
import type { JoinKind } from '../identity/identity-policy.ts';
import { type ImportContext, loadOld } from './import-context.ts';

/** Customers of a file, or events of one of events, each under the first key that is known. */
export interface MatchedKeys {
  readonly customerId: number;
  readonly email: number;
  readonly phone: number;
  /** Cookies, device ids and hashed e-mails. */
  readonly clientId: number;
  /** Of an event that names one: Metrica's PurchaseId. */
  readonly order: number;
  /** Known by none: new customers, and events that lead to nobody yet. */
  readonly none: number;
}

/** Where the customers of a file were staged. */
const CUSTOMERS: Readonly<Partial<Record<FileKind, string>>> = {
  orders: 'SELECT customer_id FROM fresh_orders',
  customers: 'SELECT customer_id FROM stage_customers WHERE row_no >= 0',
  devices: 'SELECT customer_id FROM stage_devices',
};

/** Needs the staged tables, and the views now_<table> of what the import leaves. */
export async function matchedKeys(
  context: ImportContext,
  read: readonly FileKind[],
): Promise<Readonly<Partial<Record<FileKind, MatchedKeys>>>> {
  const { duck } = context;
  await loadOld(context, 'customers');
  await loadOld(context, 'devices');
  const matched: Partial<Record<FileKind, MatchedKeys>> = {};
  for (const kind of FILE_KINDS) {
    if (!read.includes(kind)) continue;
    const events = EVENT_KINDS.find((name) => name === kind);
    const sql = events === undefined ? customersSql(CUSTOMERS[kind]!) : eventsSql(events);
    matched[kind] = await counted(duck, sql);
  }
  return matched;
}

async function counted(duck: Duck, sql: string): Promise<MatchedKeys> {
  const rows = await duck.rows(`SELECT key, count(*) FROM (${sql}) GROUP BY key`);
  const counts = new Map(rows.map(([key, count]) => [String(key), Number(count)]));
  const of = (key: string) => counts.get(key) ?? 0;
  return {
    customerId: of('customer'),
    email: of('email'),
    phone: of('phone'),
    clientId: of('client'),
    order: of('order'),
    none: of('none'),
  };
}

const DIGITS = (phone: string) => `regexp_replace(${phone}, '[^0-9]', '', 'g')`;

const isHashed = (kind: JoinKind) =>
  `f.customer_id IN (SELECT customer_id FROM fresh_hashes WHERE kind = '${kind}')`;

/** Customers' e-mails and phones of `old_` or `now_` tables by their MD5: customer_id, kind, hash. */
function contactHashesSql(tables: 'old' | 'now'): string {
  return `SELECT customer_id, ${contactKindSql('space')} AS kind, ${spacedHashSql('space', 'value')} AS hash
    FROM ${tables}_links WHERE revoked_at_ms IS NULL AND ${contactKindSql('space')} IS NOT NULL
    UNION ALL SELECT customer_id, 'phone', 'phone_md5 ' || md5(${DIGITS('phone')}) FROM ${tables}_customers
    WHERE phone <> ''`;
}

function customersSql(ids: string): string {
  return `WITH fresh AS (SELECT DISTINCT customer_id FROM (${ids})),
    known_hashes AS (SELECT hash FROM (${contactHashesSql('old')})),
    fresh_hashes AS (SELECT customer_id, kind FROM (${contactHashesSql('now')})
      WHERE customer_id IN (SELECT customer_id FROM fresh)
        AND hash IN (SELECT hash FROM known_hashes)),
    known_phones AS (SELECT DISTINCT ${DIGITS('phone')} AS digits FROM old_customers WHERE phone <> '')
    SELECT CASE
      WHEN f.customer_id IN (SELECT customer_id FROM old_customers) THEN 'customer'
      WHEN c.email_identity <> ''
        AND c.email_identity IN (SELECT email_identity FROM old_customers) OR ${isHashed('email')} THEN 'email'
      WHEN c.phone <> '' AND ${DIGITS('c.phone')} IN (SELECT digits FROM known_phones) OR ${isHashed('phone')} THEN 'phone'
      WHEN f.customer_id IN (
        SELECT d.customer_id FROM now_devices d
        WHERE d.identity IN (SELECT identity FROM old_devices)) THEN 'client'
      ELSE 'none' END AS key
    FROM fresh f LEFT JOIN now_customers c ON c.customer_id = f.customer_id`;
}

function eventsSql(kind: string): string {
  return `SELECT CASE
      WHEN customer_id <> '' AND customer_id IN (SELECT customer_id FROM now_customers) THEN 'customer'
      WHEN identity IN (SELECT identity FROM now_devices) THEN 'client'
      WHEN space = 'order' AND identity IN (SELECT order_key FROM now_orders) THEN 'order'
      ELSE 'none' END AS key
    FROM stage_${kind}`;
}
