/** What customers who were found are known by beside their own e-mail and phone, and whether others are too. */
import type { CountryCode } from 'libphonenumber-js/max';
import type { Duck } from '../duck.ts';
import { phoneHashes, spacedHash, spacedHashSql } from '../identity/contact-hashes.ts';
import { linkEmail } from '../identity/link-values.ts';
import { emailHash } from '../identity/platform-hashes.ts';
import { phoneDigits } from './phone-digits.ts';
import { sqlKeys } from './sql-keys.ts';

export interface FoundCustomer {
  readonly customer: string;
  readonly person: string;
  readonly email: string;
  readonly phone: string;
}

interface FoundDevice {
  readonly value: string;
  readonly identity: string;
}

interface Found {
  readonly customers: readonly FoundCustomer[];
}

/** Their devices, and MD5s of e-mails and phones that the log of links has of them. */
export async function devicesOf(
  duck: Duck,
  { customers, sharedEmails }: Found & { readonly sharedEmails: readonly string[] },
): Promise<{
  own: readonly FoundDevice[];
  hashes: readonly string[];
  shared: readonly string[];
}> {
  const persons = sqlKeys(customers.map(({ person }) => person));
  const rows = await duck.rows(
    `WITH theirs AS (
       SELECT DISTINCT value, identity, ${spacedHashSql('space', 'value')} AS hash
       FROM known_devices WHERE person IN (${persons}))
     SELECT value, identity, COALESCE(hash, ''),
       CASE WHEN identity IN (${sqlKeys(sharedEmails)}) OR identity IN (
           SELECT identity FROM known_devices
           WHERE person NOT IN (${persons}) AND identity IN (SELECT identity FROM theirs))
         OR (hash IS NOT NULL AND hash IN (
           SELECT hash FROM known_hashes WHERE person NOT IN (${persons})))
         THEN 1 ELSE 0 END
     FROM theirs ORDER BY value`,
  );
  const own = rows.filter((row) => Number(row[3]) === 0);
  const shared = rows.filter((row) => Number(row[3]) === 1).map((row) => String(row[1]));
  return {
    own: own.map(([value, identity]) => ({ value: String(value), identity: String(identity) })),
    hashes: own.map((row) => String(row[2])).filter((hash) => hash !== ''),
    shared,
  };
}

/** As a file may have e-mails (import/contacts.ts). */
export function sha256sOf(emails: readonly string[]): string[] {
  return emails.map(linkEmail).flatMap((email) => (email ? [emailHash('meta', email)] : []));
}

/** Phones as the CRM writes them, read as dialled in the shop's region; without what too many have. */
export function phoneHashesOf(
  {
    customers,
    sharedPhones,
    sharedHashes,
  }: Found & { readonly sharedPhones: readonly string[]; readonly sharedHashes: readonly string[] },
  region: CountryCode | null,
): string[] {
  return customers
    .filter(({ phone }) => !sharedPhones.includes(phoneDigits(phone)))
    .flatMap(({ phone }) => phoneHashes(phone, region).map(spacedHash))
    .filter((hash) => !sharedHashes.includes(hash));
}
