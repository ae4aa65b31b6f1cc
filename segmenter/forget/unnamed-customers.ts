import type { Duck } from '../duck.ts';
import { phoneDigitsSql } from './phone-digits.ts';
import { sqlKeys } from './sql-keys.ts';

/**
 * Of these customers, those whom nothing that was asked for names: they share an e-mail or phone with
 * whom it does, or are one person with them.
 * Needs known_people, known_devices and known_hashes (known-people.ts).
 */
export async function unnamedOf(
  duck: Duck,
  customers: readonly string[],
  asked: {
    readonly customers: readonly string[];
    /** Identity keys. */
    readonly emails: readonly string[];
    readonly devices: readonly string[];
    /** Digits, see phoneDigits(). */
    readonly phones: readonly string[];
    /** MD5s of e-mails and phones, see spacedHash(). */
    readonly hashes: readonly string[];
  },
): Promise<string[]> {
  const rows = await duck.rows(
    `SELECT customer_id FROM known_people
     WHERE customer_id IN (${sqlKeys(customers)}) AND customer_id NOT IN (${sqlKeys(asked.customers)})
       AND email_identity NOT IN (${sqlKeys(asked.emails)})
       AND ${phoneDigitsSql('phone')} NOT IN (${sqlKeys(asked.phones)})
       AND customer_id NOT IN (SELECT customer_id FROM known_devices
         WHERE identity IN (${sqlKeys([...asked.devices, ...asked.emails])})
         UNION SELECT customer_id FROM known_hashes WHERE hash IN (${sqlKeys(asked.hashes)}))
     ORDER BY customer_id`,
  );
  return rows.map(([customer]) => String(customer));
}
