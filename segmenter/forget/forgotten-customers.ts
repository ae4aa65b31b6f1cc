/** Customers of an import who were forgotten, found before anybody is joined with them. */
import type { CountryCode } from 'libphonenumber-js/max';
import { CONTACT_HASH_SPACES, identityKey, phoneKey } from '../../proto/ids.ts';
import type { Duck } from '../duck.ts';
import {
  type ContactHash,
  contactHashKey,
  emailHashes,
  HASH_SPACES_SQL,
  phoneHashes,
  spacedHash,
} from '../identity/contact-hashes.ts';
import { regionOf } from '../identity/normalise-phone.ts';
import {
  isEmailTheirsSql,
  isLinkTheirsSql,
  isTheirsSql,
  loadUnlinked,
} from '../identity/unlinked.ts';
import { type ImportContext, loadOld } from '../import/import-context.ts';
import { phoneDigits } from './phone-digits.ts';
import { loadSuppressed } from './suppression-list.ts';

const HASHES = '(SELECT hash FROM suppressed)';

/**
 * Makes forgotten_customers: customer_id, of whom the import will leave out by id, e-mail or phone. They
 * must name no person and be no bridge between two who stay. Needs known_links, customer_keys and
 * what was staged.
 */
export async function findForgotten(
  context: ImportContext,
  phoneRegion: string | undefined,
): Promise<void> {
  const { duck, files } = context;
  await duck.run('CREATE TABLE forgotten_customers (customer_id VARCHAR)');
  if ((await loadSuppressed(duck, files)) === 0) return;
  await loadUnlinked(duck, 'SELECT * FROM known_links');
  await hashStaged(context, regionOf(phoneRegion));
  const devices = await loadOld(context, 'devices');
  await duck.run(`INSERT INTO forgotten_customers
    SELECT customer_id FROM customer_keys
    WHERE alone IN ${HASHES} OR identity IN ${HASHES}
      OR (email_identity IN ${HASHES} AND ${isEmailTheirsSql('address')})
    UNION SELECT customer_id FROM ${devices}
    WHERE space IN ('email_sha256', ${HASH_SPACES_SQL}) AND identity IN ${HASHES} AND ${isLinkTheirsSql()}
    UNION SELECT customer_id FROM staged_hashes
    WHERE hash IN ${HASHES} AND ${isTheirsSql('hash')}`);
}

/**
 * Makes staged_hashes: customer_id, hash. Of e-mails and phones by their MD5, of phones, and of hashed ones;
 * earlier ones were looked at then. Without those whose MD5 was taken back. Needs unlinked.
 */
async function hashStaged({ duck, key }: ImportContext, region: CountryCode | null): Promise<void> {
  const hashes = await duck.createTable('staged_hashes', { customer_id: 'text', hash: 'text' });
  const unlinked = await unlinkedHashes(duck);
  const add = (customer: string, of: readonly ContactHash[], phone?: string) => {
    if (of.some((hash) => unlinked.has(`${customer} ${spacedHash(hash)}`))) return;
    if (phone !== undefined) hashes.add([customer, phone]);
    for (const hash of of) hashes.add([customer, contactHashKey(key, hash)]);
  };
  const staged = (column: string) =>
    `SELECT DISTINCT customer_id, ${column} FROM stage_customers WHERE ${column} <> ''`;
  for await (const [customer, phone] of pairs(duck, staged('phone'))) {
    const digits = phoneDigits(phone);
    const keyed = digits === '' ? undefined : phoneKey(key, digits);
    add(customer, phoneHashes(phone, region), keyed);
  }
  for await (const [customer, email] of pairs(duck, staged('email'))) {
    add(customer, emailHashes(email));
  }
  for (const space of ['email_sha256', ...CONTACT_HASH_SPACES] as const) {
    const devices = `SELECT DISTINCT customer_id, value FROM stage_devices WHERE space = '${space}'`;
    for await (const [customer, value] of pairs(duck, devices)) {
      hashes.add([customer, identityKey(key, space, value)]);
    }
  }
  await hashes.close();
}

/** Customer and hash, as somebody took them back: a handful. */
async function unlinkedHashes(duck: Duck): Promise<ReadonlySet<string>> {
  const rows = await duck.rows('SELECT customer_id, hash FROM unlinked WHERE hash IS NOT NULL');
  return new Set(rows.map(([customer, hash]) => `${customer} ${hash}`));
}

/** Rows of two texts. */
export async function* pairs(duck: Duck, query: string): AsyncGenerator<[string, string]> {
  for await (const chunk of duck.chunks(query)) {
    const [first, second] = [chunk.texts(0), chunk.texts(1)];
    for (let i = 0; i < chunk.rowCount; i++) yield [first[i]!, second[i]!];
  }
}
