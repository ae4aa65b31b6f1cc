/**
 * A shop's CRM data below the workspace, `data/<shop>/`, as Parquet: what imports leave and builds
 * read. Raw identifiers live here and in the imported files, nowhere else (promise 7).
 *
 *   customers.parquet    person, customer_id, identity, email, email_identity, phone; by person,
 *                        which several customers may be (import/join-customers.ts)
 *   orders.parquet       order_no (0.. in file order), order_id, order_key, customer_id, person,
 *                        time_ms, status (raw), revenue_micros (what was kept, signed),
 *                        refunded_micros, cost_micros, currency (raw), status_ms (since when it
 *                        holds), paid_ms (first payment); by person, newest first
 *   order-lines.parquet  order_no, product_no, quantity_micros (kept), revenue_micros (kept);
 *                        by order_no, product_no
 *   products.parquet     product_no (0.. by product), product
 *   customer-attributes.parquet  customer_id, name, text, number_micros, day: one of the three has
 *                        a value, a list has a row a value; by customer_id, name
 *   order-attributes.parquet  order_no, and the same; by order_no, name
 *   devices.parquet      identity, person, customer_id, space (proto/ids.ts IdentitySpace), value; by all of them
 *   links.parquet        customer_id, space (as of devices; email, phone), value (an address or number in one
 *                        form), identity, source (the kind of file, events or hand), evidence, first_seen_ms,
 *                        last_seen_ms, revoked_at_ms; by all of them. What was ever seen to belong together,
 *                        only added to (import/merge-links.ts); which of it counts is the build's to say
 *   consent.parquet      person, customer_id, purpose, allowed (1 or 0); by person, purpose,
 *                        customer_id
 *   suppressed.parquet   hash, at_ms, lifted, seq: keyed hashes of people who were forgotten; only added to
 *   events.parquet       event (its natural key), kind (event, conversion, call), customer_id ('' when
 *                        not known), space, value, identity, time_ms, name, product, value_micros,
 *                        currency ('' is the shop's); by time_ms, event
 *   event-attributes.parquet  event, name, value; by event, name
 *   person-events.parquet  person, event_no (the row in events.parquet, 0..), time_ms, kind, name, product,
 *                        value_micros, currency: the events whose person is known, made of the files
 *                        above (import/person-events.ts); by person, event_no
 *
 * An amount that nobody knows is NULL: a cost or a time that no file says, the worth of a line where files tell
 * that of whole orders, and everything in a currency without a rate of the order's day.
 * The order of rows is part of the format: a build streams them side by side without a sort.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

export interface ShopFiles {
  readonly folder: string;
  readonly customers: string;
  readonly orders: string;
  readonly orderLines: string;
  readonly products: string;
  readonly customerAttributes: string;
  readonly orderAttributes: string;
  readonly devices: string;
  readonly links: string;
  readonly consent: string;
  readonly events: string;
  readonly eventAttributes: string;
  readonly personEvents: string;
  /** What the last import left: format, check of the key, hashes. */
  readonly state: string;
  readonly samples: string;
  /** Folder with a folder for each generation that serves or has served before (build/kept-generation.ts). */
  readonly generations: string;
  /** What has served, build by build (build/build-history.ts). */
  readonly history: string;
  /** What became of each imported file; see import/upload-log.ts. */
  readonly uploads: string;
  /** Which customers were one person in the build that serves. */
  readonly joined: string;
  /** Folder with a folder for each upload that waits for its import (uploads/waiting-uploads.ts). */
  readonly waiting: string;
  /** Folder with the data as it was before each of the last imports (uploads/kept-versions.ts). */
  readonly versions: string;
  /** Reports of rejected rows. */
  readonly imports: string;
  /** Keyed hashes of whoever was forgotten: no import brings them back. */
  readonly suppressed: string;
  /** Records of requests to forget, without personal data. */
  readonly forgotten: string;
  /** What was handed over, a line of JSON each. */
  readonly exports: string;
  /** How far each delivery to a webhook has come. */
  readonly webhooks: string;
  readonly lock: string;
  readonly temp: string;
}

/** Paths below a workspace folder; makes the shop's folder when missing. */
export function shopFiles(dir: string, shop: string): ShopFiles {
  const folder = resolve(dir, 'data', shop);
  mkdirSync(folder, { recursive: true });
  return { ...filesIn(folder), temp: resolve(dir, 'tmp', `duckdb-${shop}`) };
}

/** The same names in a folder of one's own. */
export function filesIn(folder: string): Omit<ShopFiles, 'temp'> {
  return {
    folder,
    customers: join(folder, 'customers.parquet'),
    orders: join(folder, 'orders.parquet'),
    orderLines: join(folder, 'order-lines.parquet'),
    products: join(folder, 'products.parquet'),
    customerAttributes: join(folder, 'customer-attributes.parquet'),
    orderAttributes: join(folder, 'order-attributes.parquet'),
    devices: join(folder, 'devices.parquet'),
    links: join(folder, 'links.parquet'),
    consent: join(folder, 'consent.parquet'),
    events: join(folder, 'events.parquet'),
    eventAttributes: join(folder, 'event-attributes.parquet'),
    personEvents: join(folder, 'person-events.parquet'),
    state: join(folder, 'import.json'),
    samples: join(folder, 'samples.json'),
    generations: join(folder, 'generations'),
    history: join(folder, 'history.ndjson'),
    uploads: join(folder, 'uploads.ndjson'),
    joined: join(folder, 'joined.json'),
    waiting: join(folder, 'uploads'),
    versions: join(folder, 'versions'),
    imports: join(folder, 'imports'),
    suppressed: join(folder, 'suppressed.parquet'),
    forgotten: join(folder, 'forgotten'),
    exports: join(folder, 'exports.ndjson'),
    webhooks: join(folder, 'webhooks'),
    lock: join(folder, 'lock.duckdb'),
  };
}

const JOURNAL = 'replace.json';

/** Where a new version of a file is written before replaceFiles() puts it in place. */
export function pending(file: string): string {
  return `${file}.new`;
}

/**
 * Puts all pending files in place together: once the journal is on disk they will all be, even if
 * this process dies, because the next one finishes the renames (see recoverFiles).
 */
export function replaceFiles(folder: string): void {
  const names = readdirSync(folder).filter((name) => name.endsWith('.new'));
  for (const name of names) syncFile(join(folder, name));
  const journal = join(folder, JOURNAL);
  writeFileSync(`${journal}.tmp`, JSON.stringify(names));
  syncFile(`${journal}.tmp`);
  renameSync(`${journal}.tmp`, journal);
  recoverFiles(folder);
}

/**
 * Finishes a replacement that was cut short, or clears away what was never meant to be in place.
 * Only under the shop's lock.
 */
export function recoverFiles(folder: string): void {
  const journal = join(folder, JOURNAL);
  if (existsSync(journal)) {
    for (const name of JSON.parse(readFileSync(journal, 'utf8')) as string[]) {
      const from = join(folder, name);
      if (existsSync(from)) renameSync(from, from.slice(0, -'.new'.length));
    }
    unlinkSync(journal);
  }
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.new') || name.endsWith('.tmp')) rmSync(join(folder, name));
  }
}

/** Writes a file that is there whole, with this content, or as it was before, whatever happens. */
export function putInPlace(file: string, content: string): void {
  const part = `${file}.part`;
  writeFileSync(part, content);
  moveInPlace(part, file);
}

/** The same for a file that is written already, as `part`. */
export function moveInPlace(part: string, file: string): void {
  syncFile(part);
  renameSync(part, file);
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}
