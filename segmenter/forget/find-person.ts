/**
 * Who a person is in a shop's data: all customers and identifiers that belong together by what was
 * asked for, by being one person (import/join-customers.ts), by an own e-mail or phone, and the devices,
 * former e-mails and phones of those customers. What was taken back by hand is nobody's of them.
 */
import type { KeyObject } from 'node:crypto';
import type { CountryCode } from 'libphonenumber-js/max';
import {
  customerPersonId,
  emailKey,
  type IdentitySpace,
  identityKey,
  phoneKey,
} from '../../proto/ids.ts';
import type { Duck } from '../duck.ts';
import {
  emailHashes,
  isMd5,
  phoneHashes,
  spacedHash,
  spacedHashKey,
  valueOfSpaced,
} from '../identity/contact-hashes.ts';
import { normaliseEmail } from '../identity/normalise-email.ts';
import { regionOf } from '../identity/normalise-phone.ts';
import { isPlaceholderEmail, isPlaceholderPhone } from '../identity/placeholder-values.ts';
import type { ShopSource } from '../import/import-context.ts';
import { ForgetRefused, type PersonQuery, type PersonRequest } from './forget-request.ts';
import { devicesOf, type FoundCustomer, phoneHashesOf, sha256sOf } from './found-identifiers.ts';
import { loadPeople } from './known-people.ts';
import { phoneDigits, phoneDigitsSql } from './phone-digits.ts';
import { sqlKeys } from './sql-keys.ts';
import { unnamedOf } from './unnamed-customers.ts';

/** An e-mail or phone of more customers is a family's, a shop's or nobody's: it is not followed. */
const SHARED_MAX = 3;

export interface FoundPerson {
  /** Keys of what was asked for, as suppressed.parquet holds them. */
  readonly asked: readonly string[];
  /** Of the MD5s of what was asked for, which lead to the same request. */
  readonly askedHashes: readonly string[];
  /** Those of the data; a devices file may name one whom no file of customers has. */
  readonly customers: readonly FoundCustomer[];
  /** Of these, and those that were asked for. */
  readonly customerIds: readonly string[];
  /** Of customers those whom nothing that was asked for names (unnamed-customers.ts). */
  readonly unnamed: readonly string[];
  /**
   * Hashed person ids: of every customer alone, of those that were asked for and are not in the data too,
   * and of all of them together.
   */
  readonly persons: readonly string[];
  /** Identity keys of customer ids, e-mails and devices. */
  readonly identities: readonly string[];
  /** Keys of phones as suppressed.parquet holds them. */
  readonly phones: readonly string[];
  /** Raw values, for files that hold rows as text. */
  readonly raw: readonly string[];
  /** Keys of e-mails, phones and devices that others have too: they stay, as they lead to nobody. */
  readonly shared: readonly string[];
}

/** Throws ForgetRefused when an identifier that was asked for belongs to several customers. */
export async function findPerson(
  source: ShopSource & { readonly key: KeyObject; readonly shop: string },
  { query, phoneRegion }: Pick<PersonRequest, 'query' | 'phoneRegion'>,
): Promise<FoundPerson> {
  const { duck, key, shop } = source;
  const region = regionOf(phoneRegion);
  await loadPeople(source, { region, isHashAsked: query.phones.some(isMd5) });
  const asked = askedKeys(source, query, region);
  await refuseSharedDevices(duck, asked.devices);
  const seeds = await personsOf(duck, query.customers, asked.devices);
  const known = await followed(duck, { ...asked, persons: [...asked.persons, ...seeds] });
  const theirs = await devicesOf(duck, known);
  const customerIds = [...query.customers, ...known.customers.map(({ customer }) => customer)];
  const phones = [...asked.phones, ...known.phones];
  const hashes = [...asked.hashes, ...theirs.hashes, ...phoneHashesOf(known, region)];
  const hashKeys = (spaced: readonly string[]) => spaced.map((hash) => spacedHashKey(key, hash));
  const identities = [
    ...hashKeys(hashes),
    ...customerIds.map((id) => identityKey(key, 'customer', id)),
    ...known.emails,
    ...asked.devices,
    ...theirs.own.map(({ identity }) => identity),
  ];
  return {
    asked: unique([
      ...[asked.persons, asked.emails, asked.devices, hashKeys(asked.md5s)].flat(),
      ...asked.phones.map((digits) => phoneKey(key, digits)),
    ]),
    askedHashes: hashKeys(asked.hashes),
    customers: known.customers,
    customerIds: unique(customerIds),
    unnamed: await unnamedOf(duck, customerIds, { ...asked, customers: query.customers }),
    persons: unique([
      ...customerIds.map((id) => customerPersonId(key, shop, id)),
      ...known.customers.map(({ person }) => person),
    ]),
    identities: unique(identities),
    phones: unique(phones.map((digits) => phoneKey(key, digits))),
    raw: rawValues(query, known.customers, [
      ...theirs.own.map(({ value }) => value),
      ...hashes.map(valueOfSpaced),
    ]),
    shared: unique([
      ...[known.sharedEmails, theirs.shared].flat(),
      ...known.sharedPhones.map((digits) => phoneKey(key, digits)),
    ]),
  };
}

function rawValues(
  { customers: ids, emails, phones, devices }: PersonQuery,
  customers: readonly FoundCustomer[],
  identifiers: readonly string[],
): string[] {
  const values = [
    ...[ids, emails, phones].flat(),
    ...devices.map(({ value }) => value),
    ...customers.flatMap(({ customer, email, phone }) => [customer, email, phone]),
    ...sha256sOf([...emails, ...customers.map(({ email }) => email)]),
    ...identifiers,
  ];
  return unique(values.map((value) => value.trim().toLowerCase()).filter((value) => value !== ''));
}

interface Keys {
  readonly persons: readonly string[];
  /** Identity keys. */
  readonly emails: readonly string[];
  /** Digits, see phoneDigits(). */
  readonly phones: readonly string[];
  /** MD5s of both, see spacedHash(). */
  readonly hashes: readonly string[];
}

function askedKeys(
  { key, shop }: { readonly key: KeyObject; readonly shop: string },
  query: PersonQuery,
  region: CountryCode | null,
): Keys & {
  readonly devices: readonly string[];
  /** Of hashes, those that were asked for as such. */
  readonly md5s: readonly string[];
} {
  const [addresses, numbers] = [query.emails, query.phones].map((values) =>
    values.filter((value) => !isMd5(value)),
  ) as [string[], string[]];
  const emails = addresses.map((email) => normaliseEmail(email) ?? email.trim().toLowerCase());
  const nobody = [
    ...emails.filter(isPlaceholderEmail),
    ...numbers.filter((phone) => phoneDigits(phone) === '' || isPlaceholderPhone(phone)),
  ];
  if (nobody.length > 0) {
    throw new ForgetRefused(`${nobody.join(', ')}: no e-mail or phone that one person has`);
  }
  return {
    persons: query.customers.map((id) => customerPersonId(key, shop, id)),
    emails: emails.map((email) => emailKey(key, email)),
    phones: numbers.map(phoneDigits),
    hashes: [
      ...query.emails.flatMap(emailHashes),
      ...query.phones.flatMap((phone) => phoneHashes(phone, region)),
    ].map(spacedHash),
    md5s: [
      ...query.emails.filter(isMd5).flatMap(emailHashes),
      ...query.phones.filter(isMd5).flatMap((phone) => phoneHashes(phone, null)),
    ].map(spacedHash),
    devices: query.devices.map(({ space, value }) =>
      identityKey(key, space as IdentitySpace, space === 'ifa' ? value.toLowerCase() : value),
    ),
  };
}

async function refuseSharedDevices(duck: Duck, devices: readonly string[]): Promise<void> {
  const [most] = await duck.numbers(
    `SELECT max(persons) FROM (SELECT count(DISTINCT person) AS persons FROM known_devices
     WHERE identity IN (${sqlKeys(devices)}) GROUP BY identity)`,
  );
  if (most! > 1) {
    throw new ForgetRefused(
      `a device that was named belongs to ${most} customers: name the customer with --customer`,
    );
  }
}

async function personsOf(
  duck: Duck,
  customers: readonly string[],
  devices: readonly string[],
): Promise<string[]> {
  const rows = await duck.rows(
    `SELECT person FROM known_devices WHERE identity IN (${sqlKeys(devices)})
     UNION SELECT person FROM known_people WHERE customer_id IN (${sqlKeys(customers)})`,
  );
  return rows.map(([person]) => String(person));
}

interface Followed extends Keys {
  readonly customers: readonly FoundCustomer[];
  readonly sharedEmails: readonly string[];
  readonly sharedPhones: readonly string[];
  readonly sharedHashes: readonly string[];
}

/** Customers who have one of the keys, those who share an own key with these, and so on to the end. */
async function followed(duck: Duck, asked: Keys): Promise<Followed> {
  const digits = phoneDigitsSql('phone');
  let keys: Keys = asked;
  for (let before = -1; ; ) {
    const rows = await duck.rows(
      `SELECT customer_id, person, email, phone FROM known_people
       WHERE person IN (${sqlKeys(keys.persons)}) OR ${digits} IN (${sqlKeys(keys.phones)})
         OR person IN (SELECT person FROM known_emails WHERE identity IN (${sqlKeys(keys.emails)}))
         OR person IN (SELECT person FROM known_hashes WHERE hash IN (${sqlKeys(keys.hashes)}))
       ORDER BY person, customer_id`,
    );
    const customers = rows.map(([customer, person, email, phone]) => ({
      customer: String(customer),
      person: String(person),
      email: String(email),
      phone: String(phone),
    }));
    const emails = await ownKeys(
      duck,
      'SELECT identity, person FROM known_emails',
      await keysOf(duck, 'SELECT identity, person FROM known_emails', customers),
    );
    const hashes = await ownKeys(
      duck,
      'SELECT hash, person FROM known_hashes',
      await keysOf(duck, 'SELECT hash, person FROM known_hashes', customers),
    );
    const own = customers.filter(({ phone }) => !isPlaceholderPhone(phone));
    const phones = await ownKeys(
      duck,
      `SELECT ${digits}, person FROM known_people`,
      own.map(({ phone }) => phoneDigits(phone)),
    );
    refuseShared(asked, [...emails.shared, ...phones.shared, ...hashes.shared]);
    keys = {
      persons: unique([...asked.persons, ...customers.map(({ person }) => person)]),
      emails: unique([...asked.emails, ...emails.own]),
      phones: unique([...asked.phones, ...phones.own]),
      hashes: unique([...asked.hashes, ...hashes.own]),
    };
    if (customers.length === before) {
      const [sharedEmails, sharedPhones] = [emails.shared, phones.shared];
      return { ...keys, customers, sharedEmails, sharedPhones, sharedHashes: hashes.shared };
    }
    before = customers.length;
  }
}

/** Keys of these. `all` is a select of ours: key and person. */
async function keysOf(
  duck: Duck,
  all: string,
  customers: readonly FoundCustomer[],
): Promise<string[]> {
  const persons = sqlKeys(customers.map(({ person }) => person));
  const rows = await duck.rows(
    `SELECT DISTINCT key FROM (${all}) k(key, person) WHERE person IN (${persons})`,
  );
  return rows.map(([key]) => String(key));
}

function refuseShared(asked: Keys, shared: readonly string[]): void {
  if (![...asked.emails, ...asked.phones, ...asked.hashes].some((key) => shared.includes(key)))
    return;
  throw new ForgetRefused(
    `an e-mail or phone that was named belongs to more than ${SHARED_MAX} customers: ` +
      'name the customers with --customer',
  );
}

/** Which of the keys at most SHARED_MAX persons have. `all` is a select of ours: key and person. */
async function ownKeys(
  duck: Duck,
  all: string,
  keys: readonly string[],
): Promise<{ own: readonly string[]; shared: readonly string[] }> {
  const wanted = unique(keys.filter((key) => key !== ''));
  const rows = await duck.rows(
    `SELECT key FROM (${all}) k(key, person) WHERE key IN (${sqlKeys(wanted)})
     GROUP BY key HAVING count(DISTINCT person) > ${SHARED_MAX}`,
  );
  const shared = rows.map(([key]) => String(key));
  return { own: wanted.filter((key) => !shared.includes(key)), shared };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
