/**
 * Who a person is in a shop's data: all customers and identifiers that belong together by what was
 * asked for, by being one person (import/join-customers.ts), by an own e-mail or phone, and the devices,
 * former e-mails and phones of those customers. What was taken back by hand is nobody's of them.
 */
import type { KeyObject } from 'node:crypto';
import {
  customerPersonId,
  emailKey,
  type IdentitySpace,
  identityKey,
  phoneKey,
} from '../../proto/ids.ts';
import type { Duck } from '../duck.ts';
import { normaliseEmail } from '../identity/normalise-email.ts';
import { isPlaceholderEmail, isPlaceholderPhone } from '../identity/placeholder-values.ts';
import type { ShopSource } from '../import/import-context.ts';
import { ForgetRefused, type PersonQuery } from './forget-request.ts';
import { loadPeople } from './known-people.ts';
import { phoneDigits, phoneDigitsSql } from './phone-digits.ts';
import { sqlKeys } from './sql-keys.ts';
import { unnamedOf } from './unnamed-customers.ts';

/** An e-mail or phone of more customers is a family's, a shop's or nobody's: it is not followed. */
const SHARED_MAX = 3;

interface FoundCustomer {
  readonly customer: string;
  readonly person: string;
  readonly email: string;
  readonly phone: string;
}

interface FoundDevice {
  readonly value: string;
  readonly identity: string;
}

export interface FoundPerson {
  /** Keys of what was asked for, as suppressed.parquet holds them. */
  readonly asked: readonly string[];
  /** Those of the data; a devices file may name one whom no file of customers has. */
  readonly customers: readonly FoundCustomer[];
  /** Of these, and those that were asked for. */
  readonly customerIds: readonly string[];
  /** Customers who are one person with others, and whom nothing that was asked for names. */
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
  query: PersonQuery,
): Promise<FoundPerson> {
  const { duck, key, shop } = source;
  await loadPeople(source);
  const asked = askedKeys(key, shop, query);
  await refuseSharedDevices(duck, asked.devices);
  const seeds = await personsOf(duck, query.customers, asked.devices);
  const known = await followed(duck, { ...asked, persons: [...asked.persons, ...seeds] });
  const theirs = await devicesOf(duck, known);
  const customerIds = [...query.customers, ...known.customers.map(({ customer }) => customer)];
  const emails = [...asked.emails, ...known.emails];
  const phones = [...asked.phones, ...known.phones];
  const identities = [
    ...customerIds.map((id) => identityKey(key, 'customer', id)),
    ...emails,
    ...asked.devices,
    ...theirs.own.map(({ identity }) => identity),
  ];
  const rawOf = ({ customer, email, phone }: FoundCustomer) => [customer, email, phone];
  const raw = [
    ...[query.customers, query.emails, query.phones].flat(),
    ...query.devices.map(({ value }) => value),
    ...known.customers.flatMap(rawOf),
    ...theirs.own.map(({ value }) => value),
  ];
  return {
    asked: unique([
      ...[asked.persons, asked.emails, asked.devices].flat(),
      ...asked.phones.map((digits) => phoneKey(key, digits)),
    ]),
    customers: known.customers,
    customerIds: unique(customerIds),
    unnamed: await unnamedOf(duck, customerIds, { ...asked, customers: query.customers }),
    persons: unique([
      ...customerIds.map((id) => customerPersonId(key, shop, id)),
      ...known.customers.map(({ person }) => person),
    ]),
    identities: unique(identities),
    phones: unique(phones.map((digits) => phoneKey(key, digits))),
    raw: unique(raw.map((value) => value.trim().toLowerCase()).filter((value) => value !== '')),
    shared: unique([
      ...[known.sharedEmails, theirs.shared].flat(),
      ...known.sharedPhones.map((digits) => phoneKey(key, digits)),
    ]),
  };
}

interface Keys {
  readonly persons: readonly string[];
  /** Identity keys. */
  readonly emails: readonly string[];
  /** Digits, see phoneDigits(). */
  readonly phones: readonly string[];
}

function askedKeys(
  key: KeyObject,
  shop: string,
  query: PersonQuery,
): Keys & { readonly devices: readonly string[] } {
  const emails = query.emails.map((email) => normaliseEmail(email) ?? email.trim().toLowerCase());
  const nobody = [
    ...emails.filter(isPlaceholderEmail),
    ...query.phones.filter((phone) => phoneDigits(phone) === '' || isPlaceholderPhone(phone)),
  ];
  if (nobody.length > 0) {
    throw new ForgetRefused(`${nobody.join(', ')}: no e-mail or phone that one person has`);
  }
  return {
    persons: query.customers.map((id) => customerPersonId(key, shop, id)),
    emails: emails.map((email) => emailKey(key, email)),
    phones: query.phones.map(phoneDigits),
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
      await emailsOf(duck, customers),
    );
    const own = customers.filter(({ phone }) => !isPlaceholderPhone(phone));
    const phones = await ownKeys(
      duck,
      `SELECT ${digits}, person FROM known_people`,
      own.map(({ phone }) => phoneDigits(phone)),
    );
    refuseShared(asked, [...emails.shared, ...phones.shared]);
    keys = {
      persons: unique([...asked.persons, ...customers.map(({ person }) => person)]),
      emails: unique([...asked.emails, ...emails.own]),
      phones: unique([...asked.phones, ...phones.own]),
    };
    if (customers.length === before) {
      return { ...keys, customers, sharedEmails: emails.shared, sharedPhones: phones.shared };
    }
    before = customers.length;
  }
}

async function emailsOf(duck: Duck, customers: readonly FoundCustomer[]): Promise<string[]> {
  const persons = sqlKeys(customers.map(({ person }) => person));
  const rows = await duck.rows(
    `SELECT DISTINCT identity FROM known_emails WHERE person IN (${persons})`,
  );
  return rows.map(([identity]) => String(identity));
}

function refuseShared(asked: Keys, shared: readonly string[]): void {
  if (![...asked.emails, ...asked.phones].some((key) => shared.includes(key))) return;
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

async function devicesOf(
  duck: Duck,
  { customers, sharedEmails }: Pick<Followed, 'customers' | 'sharedEmails'>,
): Promise<{ own: readonly FoundDevice[]; shared: readonly string[] }> {
  const persons = sqlKeys(customers.map(({ person }) => person));
  const rows = await duck.rows(
    `WITH theirs AS (
       SELECT DISTINCT value, identity FROM known_devices WHERE person IN (${persons}))
     SELECT value, identity,
       CASE WHEN identity IN (${sqlKeys(sharedEmails)}) OR identity IN (
           SELECT identity FROM known_devices
           WHERE person NOT IN (${persons}) AND identity IN (SELECT identity FROM theirs))
         THEN 1 ELSE 0 END
     FROM theirs ORDER BY value`,
  );
  const own = rows
    .filter((row) => Number(row[2]) === 0)
    .map(([value, identity]) => ({ value: String(value), identity: String(identity) }));
  const shared = rows.filter((row) => Number(row[2]) === 1).map((row) => String(row[1]));
  return { own, shared };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
