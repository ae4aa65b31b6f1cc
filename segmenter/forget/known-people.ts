/** Whom a shop's data knows, and by what: what find-person.ts follows. */
import type { CountryCode } from 'libphonenumber-js/max';
import type { Duck } from '../duck.ts';
import {
  HASH_SPACES_SQL,
  phoneHashes,
  spacedHash,
  spacedHashSql,
} from '../identity/contact-hashes.ts';
import {
  isEmailTheirsSql,
  isLinkTheirsSql,
  isPhoneTheirsSql,
  loadUnlinked,
} from '../identity/unlinked.ts';
import { loadOld, type ShopSource } from '../import/import-context.ts';
import { pairs } from './forgotten-customers.ts';
import { sqlKeys } from './sql-keys.ts';

export interface PhoneReading {
  /** Where phones without a country's code are dialled. */
  readonly region: CountryCode | null;
  /** Whether the MD5 of one is asked for. */
  readonly isHashAsked: boolean;
}

/**
 * Makes known_people (see FoundPerson.customers, with email_identity), known_emails (person, identity),
 * known_hashes (person, customer_id, hash: as spacedHash() has the MD5 of an e-mail or phone, or one that a file gave) and
 * known_devices (person, customer_id, space, value, identity), which has all that was ever seen of them.
 */
export async function loadPeople(source: ShopSource, reading: PhoneReading): Promise<void> {
  for (const table of ['customers', 'devices', 'links'] as const) await loadOld(source, table);
  await loadUnlinked(source.duck, 'SELECT * FROM old_links');
  await hashPhones(source.duck, reading);
  const phone = `(NOT ${isPhoneTheirsSql('phone')} OR (customer_id, phone) IN
      (SELECT u.customer_id, h.phone FROM unlinked u JOIN phone_hashes h ON h.hash = u.hash))`;
  const email = (column: string) =>
    `CASE WHEN ${isEmailTheirsSql('email')} THEN ${column} ELSE '' END AS ${column}`;
  await source.duck.run(`CREATE TABLE known_people AS
    SELECT person, customer_id, ${email('email')}, ${email('email_identity')},
      CASE WHEN ${phone} THEN '' ELSE phone END AS phone
    FROM old_customers
    UNION ALL SELECT DISTINCT person, customer_id, '', '', '' FROM old_devices
    WHERE customer_id NOT IN (SELECT customer_id FROM old_customers)`);
  // Hashed and further e-mails of a customer are devices (import/contacts.ts).
  await source.duck.run(`CREATE TABLE known_emails AS
    SELECT person, email_identity AS identity FROM known_people WHERE email_identity <> ''
    UNION SELECT person, identity FROM old_devices
    WHERE space = 'email_sha256' AND ${isLinkTheirsSql()}`);
  await source.duck.run(`CREATE VIEW known_hashes AS
    SELECT person, customer_id, 'email_md5 ' || md5(email) AS hash FROM known_people WHERE email_identity <> ''
    UNION SELECT k.person, k.customer_id, h.hash
    FROM known_people k JOIN phone_hashes h ON h.phone = k.phone
    UNION SELECT p.person, l.customer_id, ${spacedHashSql('l.space', 'l.value')}
    FROM old_links l JOIN known_people p ON p.customer_id = l.customer_id
    WHERE l.space = 'email' AND l.revoked_at_ms IS NULL AND ${isLinkTheirsSql('l.')}
    UNION SELECT person, customer_id, ${spacedHashSql('space', 'value')} FROM old_devices
    WHERE space IN (${HASH_SPACES_SQL}) AND ${isLinkTheirsSql()}`);
  await source.duck.run(`CREATE VIEW known_devices AS
    SELECT person, customer_id, space, value, identity FROM old_devices
    WHERE ${isLinkTheirsSql()}
    UNION ALL SELECT p.person, l.customer_id, l.space, l.value, l.identity
    FROM old_links l JOIN known_people p ON p.customer_id = l.customer_id
    WHERE ${isLinkTheirsSql('l.')}`);
}

/**
 * Makes phone_hashes: phone as the CRM has it, hash. Where no MD5 of a phone is known or asked for it has only those
 * whose MD5 was taken back, since reading the numbers of millions takes a minute.
 */
async function hashPhones(duck: Duck, { region, isHashAsked }: PhoneReading): Promise<void> {
  const table = await duck.createTable('phone_hashes', { phone: 'text', hash: 'text' });
  const [known] = await duck.numbers("SELECT count(*) FROM old_devices WHERE space = 'phone_md5'");
  const phones = `SELECT DISTINCT phone, '' FROM old_customers WHERE phone <> ''
    AND (${isHashAsked || known! > 0}
      OR customer_id IN (SELECT customer_id FROM unlinked WHERE space = 'phone_md5'))`;
  for await (const [phone] of pairs(duck, phones)) {
    for (const hash of phoneHashes(phone, region)) table.add([phone, spacedHash(hash)]);
  }
  await table.close();
}

/** Asks which identity keys others than these persons have. Needs known_emails and known_devices when it is called. */
export function identitiesOfOthers(
  duck: Duck,
  persons: readonly string[],
): (identities: readonly string[]) => Promise<string[]> {
  const others = `person NOT IN (${sqlKeys(persons)})`;
  return async (identities) => {
    const asked = `${others} AND identity IN (${sqlKeys(identities)})`;
    const rows = await duck.rows(
      `SELECT identity FROM known_emails WHERE ${asked}
       UNION SELECT identity FROM known_devices WHERE ${asked}`,
    );
    return rows.map(([identity]) => String(identity));
  };
}
