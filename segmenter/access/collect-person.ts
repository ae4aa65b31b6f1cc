/**
 * `rekindle access`: everything that is held of a person, each place by the name that forgetting has
 * for it. All of it is as it lies there: raw on the CRM's side, keyed hashes beyond.
 */

import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readJoined } from '../build/carry-persons.ts';
import { keptTables } from '../build/kept-generation.ts';
import { type Duck, sqlText } from '../duck.ts';
import { listErasures } from '../forget/erasure-records.ts';
import { type FoundPerson, findPerson } from '../forget/find-person.ts';
import type { PersonRequest } from '../forget/forget-request.ts';
import { joinedAs } from '../forget/joined-as.ts';
import { loadNamingEvents } from '../forget/naming-events.ts';
import { names, REPORT_COLUMNS, rejectReports } from '../forget/redact-rejects.ts';
import { sqlKeys } from '../forget/sql-keys.ts';
import { loadOld, type ShopSource } from '../import/import-context.ts';
import { openRows } from '../import/open-rows.ts';
import { rowsOf } from '../import/row-parts.ts';
import { openShopData } from '../open-shop-data.ts';
import { type AccessStore, collectFromStore } from './collect-from-store.ts';
import type { HeldOfPerson, HeldRecord } from './held-record.ts';

type KeyedSource = ShopSource & { readonly key: KeyObject };

/** Throws what forgetPerson() throws, and changes nothing. */
export async function collectPerson(
  request: PersonRequest,
  ports: { readonly key: KeyObject; readonly store: AccessStore },
): Promise<HeldOfPerson> {
  const { shop, nowMs } = request;
  await using opened = await openShopData(request, ports.key);
  const { duck, files } = opened;
  const source = { duck, files, key: ports.key };
  const person = await findPerson({ ...source, shop }, request.query);
  const joined = await joinedAs(ports.store.generations, { shop, key: ports.key }, person);
  const stored = await collectFromStore(ports.store, { shop, ...person, joinedAs: joined }, nowMs);
  const persons = [...person.persons, ...joined];
  return {
    v: 1,
    shop,
    atMs: nowMs,
    persons: person.persons,
    identities: stored.identities,
    places: {
      ...(await collectFromCrm(source, person)),
      samples: samplesOf(source, persons),
      'joined customers': joinedRows(source, person),
      'kept facts': await keptFacts(source, persons),
      'rejected rows': await rejectedRows(source, person),
      ...stored.places,
      'requests to forget': requestsOf(source, person),
    },
  };
}

async function collectFromCrm(
  source: KeyedSource,
  person: FoundPerson,
): Promise<HeldOfPerson['places']> {
  const { duck } = source;
  await loadOld(source, 'orders');
  await loadOld(source, 'orderLines');
  await loadOld(source, 'products');
  await loadOld(source, 'consent');
  await loadOld(source, 'links');
  const theirs = `person IN (${sqlKeys(person.persons)})`;
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

/** Attributes and events. `theirs` is true for rows of the person's orders. */
async function collectDetails(
  source: KeyedSource,
  theirs: string,
  { customerIds, identities, phones }: FoundPerson,
): Promise<HeldOfPerson['places']> {
  const { duck } = source;
  const tables = ['customerAttributes', 'orderAttributes', 'events', 'eventAttributes'] as const;
  for (const table of tables) await loadOld(source, table);
  const hashes = sqlKeys([...identities, ...phones]);
  await loadNamingEvents(source, 'SELECT * FROM old_eventAttributes', hashes);
  const customers = ['NULL', ...customerIds.map(sqlText)].join(', ');
  const orders = `SELECT order_no FROM old_orders WHERE ${theirs}`;
  const own = `customer_id IN (${customers}) OR identity IN (${sqlKeys(identities)})
    OR identity IN (SELECT order_key FROM old_orders WHERE ${theirs})
    OR event IN (SELECT event FROM naming_events)`;
  const select = (table: (typeof tables)[number], condition: string) =>
    records(duck, `SELECT * FROM old_${table} WHERE ${condition} ORDER BY ALL`);
  return {
    'customer attributes': await select('customerAttributes', `customer_id IN (${customers})`),
    'order attributes': await select('orderAttributes', `order_no IN (${orders})`),
    events: await select('events', own),
    'event attributes': await select(
      'eventAttributes',
      `event IN (SELECT event FROM old_events WHERE ${own})`,
    ),
  };
}

/** Rows as objects, by the names of their columns. */
async function records(duck: Duck, sql: string): Promise<HeldRecord[]> {
  const columns = (await duck.rows(`DESCRIBE ${sql}`)).map(([name]) => String(name));
  const rows = await duck.rows(sql);
  return rows.map((row) =>
    Object.fromEntries(
      // Micros are safe integers (promise 1), and JSON has no other.
      row.map((value, i) => [columns[i]!, typeof value === 'bigint' ? Number(value) : value]),
    ),
  );
}

/** As they were one person with others in the build that serves. */
function joinedRows({ files }: ShopSource, person: FoundPerson): HeldRecord[] {
  return readJoined(files)
    .filter(({ customer }) => person.customerIds.includes(customer))
    .map((row) => ({ ...row }));
}

interface Samples {
  readonly bySegment: Readonly<Record<string, readonly (HeldRecord & { person: string })[]>>;
}

function samplesOf({ files }: ShopSource, persons: readonly string[]): HeldRecord[] {
  if (!existsSync(files.samples)) return [];
  const { bySegment } = JSON.parse(readFileSync(files.samples, 'utf8')) as Samples;
  return Object.entries(bySegment).flatMap(([segment, people]) =>
    people
      .filter(({ person }) => persons.includes(person))
      .map((sample) => ({ sampleOf: segment, ...sample })),
  );
}

async function keptFacts(
  { duck, files }: ShopSource,
  persons: readonly string[],
): Promise<HeldRecord[]> {
  const found: HeldRecord[] = [];
  for (const { generation, table, file } of keptTables(files)) {
    const theirs = `SELECT * FROM read_parquet(${sqlText(file)})
      WHERE person IN (${sqlKeys(persons)}) ORDER BY ALL`;
    found.push(...(await records(duck, theirs)).map((row) => ({ generation, table, ...row })));
  }
  return found;
}

async function rejectedRows(
  { duck, files }: ShopSource,
  { raw }: FoundPerson,
): Promise<HeldRecord[]> {
  const found: HeldRecord[] = [];
  for (const file of rejectReports(files)) {
    const request = { file, columns: REPORT_COLUMNS, delimiter: ',', encoding: 'utf-8' } as const;
    for await (const part of openRows(request, duck)) {
      for (const { fields } of rowsOf(part)) {
        const [line, column, reason, row] = fields ?? [];
        if (row === undefined || !names(row, raw)) continue;
        found.push({ report: basename(file), line, column, reason, row });
      }
    }
  }
  return found;
}

function requestsOf({ files }: ShopSource, { asked, persons }: FoundPerson): HeldRecord[] {
  const keys = new Set([...asked, ...persons]);
  return listErasures(files)
    .filter((record) =>
      [...record.persons, ...record.identities, ...record.phones].some((key) => keys.has(key)),
    )
    .map((record) => ({ ...record }));
}
