/** The last step of an import: merged tables to Parquet, then all files put in place together. */
import { rmSync, writeFileSync } from 'node:fs';
import { EVENT_KINDS, FILE_KINDS } from '../../settings/event-mapping.ts';
import type { ImportMapping } from '../../settings/import-mapping.ts';
import { leaveOutSuppressed } from '../forget/suppress-import.ts';
import { pending, replaceFiles, type ShopFiles } from '../shop-data.ts';
import { dropVersions, keepVersion, pruneVersions } from '../uploads/kept-versions.ts';
import type { UploadRecord } from '../uploads/upload-record.ts';
import { joinBuyers, joinDevices } from './contacts.ts';
import {
  heldRows,
  type ImportContext,
  loadOld,
  SHOP_TABLES,
  type ShopSource,
  type ShopTable,
} from './import-context.ts';
import { DEVICE_COLUMNS } from './import-people.ts';
import type { FileReports, ImportReport } from './import-report.ts';
import { type ImportState, readImportState } from './import-state.ts';
import type { JoinReport } from './join-customers.ts';
import { type LinkByHand, loadKnownLinks } from './links-by-hand.ts';
import { matchedKeys } from './matched-keys.ts';
import { mergeCustomerAttributes, mergeOrderAttributes } from './merge-attributes.ts';
import { consentReport, mergeConsent } from './merge-consent.ts';
import { mergeEvents, type RepeatedByKind } from './merge-events.ts';
import { keepOtherLinks, mergeDeviceLinks, stageLogins } from './merge-links.ts';
import { mergeOrders } from './merge-orders.ts';
import { mergeCustomers, mergeDevices } from './merge-people.ts';
import { sayContacts, unlinks } from './said-contacts.ts';
import { type Imported, recordImported, type UploadTerms } from './upload-log.ts';
import { type ShopTables, writeTables } from './write-tables.ts';

/** Selects of the files' rows, in the order the format promises. */
const MERGED: ShopTables['rows'] = {
  customers: 'SELECT * FROM merged_customers',
  orders: 'SELECT CAST(rowid AS INTEGER) AS order_no, * FROM merged_orders',
  orderLines: 'SELECT * FROM merged_lines',
  products: 'SELECT CAST(rowid AS INTEGER) AS product_no, product FROM merged_products',
  customerAttributes: 'SELECT * FROM merged_customer_attributes',
  orderAttributes: 'SELECT * FROM merged_order_attributes',
  devices: 'SELECT * FROM merged_devices',
  links: 'SELECT * FROM contact_links UNION ALL SELECT * FROM device_links ORDER BY ALL',
  consent: 'SELECT * FROM merged_consent',
  events: 'SELECT * FROM merged_events',
  eventAttributes: 'SELECT * FROM merged_event_attributes',
};

interface ReadFiles {
  readonly mapping: ImportMapping;
  readonly reports: FileReports;
  readonly unlink: readonly LinkByHand[];
}

type Stored = Pick<
  ImportReport,
  | 'held'
  | 'joined'
  | 'staleOrders'
  | 'suppressed'
  | 'consent'
  | 'changed'
  | 'dryRun'
  | 'matched'
  | 'repeated'
>;

/** Merges the staged rows with the shop's data and replaces its files. */
export async function storeImport(
  context: ImportContext,
  input: ReadFiles & { readonly keyCheck: string; readonly terms: UploadTerms },
): Promise<Stored> {
  const { reports, terms } = input;
  const { changed: written, joined, repeated } = await mergeFiles(context, input);
  const rows = await rowsOf(context, written);
  const suppressed = await leaveOutSuppressed(context, rows);
  const tables = suppressed.tables ?? { rows, changed: written };
  const merged = await writeTables(context, tables, input.keyCheck);
  const changed = merged.contentHash !== readImportState(context.files)?.contentHash;
  const read = FILE_KINDS.filter((kind) => reports[kind] !== null);
  const isCommand = terms.upload === undefined && read.length > 0;
  const state = isCommand ? { ...merged, filesReadMs: context.nowMs } : merged;
  const stored = {
    ...(await storedReport(context, { written, hasOrders: reports.orders !== null })),
    ...{ joined, repeated, suppressed: suppressed.leftOut, changed, dryRun: terms.dryRun ?? false },
    matched: await matchedKeys(context, read),
  };
  context.progress({ phase: 'putting in place', done: 0, total: 0 });
  const { wasHeld } = suppressed;
  putInPlace(context, { ...stored, reports, terms, state, wasHeld });
  return stored;
}

/**
 * The same rows again leave every table as it is; of a command's files only the time when they were read is
 * another, by which the service knows a new one (service/shop-jobs.ts).
 */
function putInPlace(
  { files, nowMs }: ImportContext,
  {
    state,
    terms,
    wasHeld,
    ...imported
  }: Imported & { dryRun: boolean; state: ImportState; terms: UploadTerms; wasHeld: boolean },
): void {
  const { changed, dryRun } = imported;
  if (dryRun || !changed) {
    for (const table of idleTables(dryRun)) rmSync(pending(files[table]), { force: true });
  }
  // A link that was taken back counts again when it is seen later.
  if (dryRun) rmSync(pending(files.personEvents), { force: true });
  const isRead = changed || terms.upload === undefined;
  if (!dryRun && isRead) writeFileSync(pending(files.state), JSON.stringify(state));
  const records = recordImported(files, imported, terms);
  if (changed && !dryRun) keepBefore(files, imported.reports, { records, wasHeld });
  replaceFiles(files.folder);
  pruneVersions(files, records, nowMs);
}

/** What is taken back by hand is no upload, and to go back before it would bring it back. */
function keepBefore(
  files: ShopFiles,
  reports: FileReports,
  { records, wasHeld }: { readonly records: readonly UploadRecord[]; readonly wasHeld: boolean },
): void {
  const isByHand = FILE_KINDS.every((kind) => reports[kind] === null);
  if (wasHeld || isByHand) dropVersions(files);
  else keepVersion(files, records.at(-1)!.together);
}

/** That links were seen once more is no change, and is kept all the same (merge-links.ts). */
function idleTables(dryRun: boolean): readonly ShopTable[] {
  return SHOP_TABLES.filter((table) => dryRun || table !== 'links');
}

/** Counted before anything is in place: what comes after cannot fail the import. */
async function storedReport(
  { duck }: ImportContext,
  { written, hasOrders }: { readonly written: readonly ShopTable[]; readonly hasOrders: boolean },
): Promise<Pick<ImportReport, 'held' | 'staleOrders' | 'consent'>> {
  const count = (table: ShopTable) => `(SELECT count(*) FROM now_${table})`;
  const held = await duck.numbers(
    `SELECT ${count('customers')}, ${count('orders')}, ${count('devices')}, ${count('events')}`,
  );
  const stale = hasOrders ? await duck.numbers('SELECT count(*) FROM stale_orders') : [0];
  return {
    staleOrders: stale[0]!,
    consent: written.includes('consent') ? await consentReport(duck) : [],
    held: { customers: held[0]!, orders: held[1]!, devices: held[2]!, events: held[3]! },
  };
}

interface Merged {
  /** Tables of the shop's data that are another now. */
  readonly changed: readonly ShopTable[];
  readonly joined: JoinReport | null;
  readonly repeated: RepeatedByKind;
}

/** Makes the merged tables of the files that were read. */
async function mergeFiles(
  context: ImportContext,
  { mapping, reports, unlink }: ReadFiles,
): Promise<Merged> {
  await stageNothing(context);
  await loadKnownLinks(context, unlink, mapping.customers?.phone_region);
  if (reports.events !== null) await stageLogins(context);
  await joinBuyers(context.duck);
  await sayContacts(context);
  const linked = await joinDevices(context.duck);
  const changed: ShopTable[] = [];
  const joined = await mergePeople(context, { mapping, reports, unlink }, changed);
  // Orders and devices lie by person: who becomes another takes them along.
  const moved = joined !== null && (await personsMoved(context));
  if (reports.orders !== null || moved) {
    const read = reports.orders === null ? undefined : mapping.orders;
    await mergeOrders(context, read?.columns);
    await mergeOrderAttributes(context, read?.attributes ?? {});
    changed.push('orders', 'orderLines', 'products', 'orderAttributes');
  }
  if (reports.devices !== null || linked || moved || (await unlinks(context.duck))) {
    const known = joined === null ? await loadOld(context, 'customers') : 'merged_customers';
    await mergeDevices(context, known);
    await mergeDeviceLinks(context);
    changed.push('devices', 'links');
  }
  const kinds = EVENT_KINDS.filter((kind) => reports[kind] !== null);
  let repeated: RepeatedByKind = {};
  if (kinds.length > 0) {
    repeated = await mergeEvents(context, kinds);
    changed.push('events', 'eventAttributes');
  }
  await keepOtherLinks(context);
  return { changed, joined, repeated };
}

/** Null when no file names customers, and everybody is who they were. */
async function mergePeople(
  context: ImportContext,
  { mapping: { customers: mapping }, reports, unlink }: ReadFiles,
  changed: ShopTable[],
): Promise<JoinReport | null> {
  if (reports.customers === null && reports.orders === null && unlink.length === 0) return null;
  const joined = await mergeCustomers(context, mapping ?? NO_JOINING);
  await mergeConsent(context, mapping?.consent);
  changed.push('customers', 'consent', 'links');
  if (reports.customers !== null) {
    await mergeCustomerAttributes(context, mapping?.attributes ?? {});
    changed.push('customerAttributes');
  }
  return joined;
}

const NO_JOINING = { join_by: [] };

async function personsMoved({ duck }: ImportContext): Promise<boolean> {
  const [moved] = await duck.numbers(
    `SELECT count(*) FROM old_customers o JOIN merged_customers m ON m.customer_id = o.customer_id
     WHERE m.person <> o.person`,
  );
  return moved! > 0;
}

const STAGED = {
  stage_customers: ['customer_id', 'email', 'phone', 'consent'],
  stage_buyers: ['customer_id', 'email', 'phone'],
  stage_devices: DEVICE_COLUMNS,
  stage_contacts: ['customer_id', 'space', 'value'],
  stage_buyer_contacts: ['customer_id', 'space', 'value'],
};

/** Kinds of files that were not given are staged empty. */
async function stageNothing(context: ImportContext): Promise<void> {
  const { duck } = context;
  for (const [table, columns] of Object.entries(STAGED)) {
    const texts = columns.map((name) => `${name} VARCHAR`).join(', ');
    await duck.run(`CREATE TABLE IF NOT EXISTS ${table} (row_no INTEGER, ${texts})`);
  }
  await duck.run(
    `CREATE TABLE IF NOT EXISTS fresh_orders AS
     SELECT * FROM ${await loadOld(context, 'orders')} LIMIT 0`,
  );
  await duck.run(`CREATE TABLE IF NOT EXISTS stage (order_id VARCHAR, order_key VARCHAR,
    product VARCHAR, quantity_micros BIGINT, amount_micros BIGINT)`);
}

/** Selects of every table's rows: merged, or as earlier imports left them. */
async function rowsOf(
  source: ShopSource,
  changed: readonly ShopTable[],
): Promise<ShopTables['rows']> {
  const rows = await heldRows(source);
  for (const table of changed) rows[table] = MERGED[table];
  return rows;
}
