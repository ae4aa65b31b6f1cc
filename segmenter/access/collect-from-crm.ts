/** What the shop's data holds of a person, now and before the last imports. */
import type { KeyObject } from 'node:crypto';
import { type Duck, sqlText } from '../duck.ts';
import type { FoundPerson } from '../forget/find-person.ts';
import { loadNamingEvents } from '../forget/naming-events.ts';
import { sqlKeys } from '../forget/sql-keys.ts';
import { loadOld, SHOP_TABLES, type ShopSource, type ShopTable } from '../import/import-context.ts';
import { keptVersion, keptVersions } from '../uploads/kept-versions.ts';
import type { HeldOfPerson, HeldRecord } from './held-record.ts';

type KeyedSource = ShopSource & { readonly key: KeyObject };

/** The same of what imports that can be undone have kept, each record with the upload it lay there before. */
export async function collectBefore(
  source: KeyedSource,
  person: FoundPerson,
): Promise<HeldRecord[]> {
  const found: HeldRecord[] = [];
  for (const before of keptVersions(source.files)) {
    const files = keptVersion(source.files, before);
    if (files === null) continue;
    await dropLoaded(source.duck);
    for (const [place, rows] of Object.entries(
      await collectFromCrm({ ...source, files }, person),
    )) {
      found.push(...rows.map((row) => ({ before, place, ...row })));
    }
  }
  return found;
}

/** What lies in a file in one version may not be there in another: a view cannot become a table. */
async function dropLoaded(duck: Duck): Promise<void> {
  const loaded = SHOP_TABLES.map((table) => sqlText(`old_${table}`)).join(', ');
  const rows = await duck.rows(`SELECT table_name, table_type FROM information_schema.tables
    WHERE table_name IN (${loaded})`);
  for (const [name, type] of rows) {
    await duck.run(`DROP ${type === 'VIEW' ? 'VIEW' : 'TABLE'} "${String(name)}"`);
  }
}

/** Of the shop's tables as they lie in `source`; `person` may be found in other ones of the shop. */
export async function collectFromCrm(
  source: KeyedSource,
  person: FoundPerson,
): Promise<HeldOfPerson['places']> {
  const { duck } = source;
  for (const table of SHOP_TABLES) await loadOld(source, table);
  const theirs = `customer_id IN (${['NULL', ...person.customerIds.map(sqlText)].join(', ')})`;
  const lines = `SELECT o.order_id, p.product, l.* EXCLUDE (order_no, product_no)
    FROM old_orders o JOIN old_orderLines l ON l.order_no = o.order_no
      JOIN old_products p ON p.product_no = l.product_no
    WHERE o.${theirs} ORDER BY ALL`;
  return {
    customers: await records(duck, `SELECT * FROM old_customers WHERE ${theirs} ORDER BY ALL`),
    orders: await records(duck, `SELECT * FROM old_orders WHERE ${theirs} ORDER BY order_no`),
    'order lines': await records(duck, lines),
    consent: await records(duck, `SELECT * FROM old_consent WHERE ${theirs} ORDER BY ALL`),
    devices: await records(duck, `SELECT * FROM old_devices WHERE ${theirs} ORDER BY ALL`),
    'link log': await records(duck, ofLinks(person)),
    ...(await collectDetails(source, theirs, person)),
  };
}

/** Of them, and of the identifiers that are theirs alone. */
function ofLinks({ customerIds, identities, phones }: FoundPerson): string {
  return `SELECT * FROM old_links WHERE customer_id IN (${sqlKeys(customerIds)})
    OR identity IN (${sqlKeys([...identities, ...phones])}) ORDER BY ALL`;
}

/** Attributes and events. `theirs` is true for rows of the person's customers. */
async function collectDetails(
  source: KeyedSource,
  theirs: string,
  { identities, phones }: FoundPerson,
): Promise<HeldOfPerson['places']> {
  const { duck } = source;
  const hashes = sqlKeys([...identities, ...phones]);
  await loadNamingEvents(source, 'SELECT * FROM old_eventAttributes', hashes);
  const orders = `SELECT order_no FROM old_orders WHERE ${theirs}`;
  const own = `${theirs} OR identity IN (${sqlKeys(identities)})
    OR identity IN (SELECT order_key FROM old_orders WHERE ${theirs})
    OR event IN (SELECT event FROM naming_events)`;
  const select = (table: ShopTable, condition: string) =>
    records(duck, `SELECT * FROM old_${table} WHERE ${condition} ORDER BY ALL`);
  return {
    'customer attributes': await select('customerAttributes', theirs),
    'order attributes': await select('orderAttributes', `order_no IN (${orders})`),
    events: await select('events', own),
    'event attributes': await select(
      'eventAttributes',
      `event IN (SELECT event FROM old_events WHERE ${own})`,
    ),
  };
}

/** Rows as objects, by the names of their columns. */
export async function records(duck: Duck, sql: string): Promise<HeldRecord[]> {
  const columns = (await duck.rows(`DESCRIBE ${sql}`)).map(([name]) => String(name));
  const rows = await duck.rows(sql);
  return rows.map((row) =>
    Object.fromEntries(
      // Micros are safe integers (promise 1), and JSON has no other.
      row.map((value, i) => [columns[i]!, typeof value === 'bigint' ? Number(value) : value]),
    ),
  );
}
