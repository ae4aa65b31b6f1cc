/** What somebody took back by hand: an identifier of a customer that is not theirs, whatever files say. */
import { type Duck, sqlText } from '../duck.ts';
import { phoneDigitsSql } from '../forget/phone-digits.ts';
import { spacedHashSql } from './contact-hashes.ts';
import { BY_HAND } from './counted-links.ts';

/**
 * Makes unlinked: customer_id, space, value, identity, hash (spacedHashSql(), NULL for other identifiers). `links`
 * is a select of links.parquet's rows.
 */
export async function loadUnlinked(duck: Duck, links: string): Promise<void> {
  await duck.run(`CREATE OR REPLACE TABLE unlinked AS
    SELECT DISTINCT customer_id, space, value, identity, ${spacedHashSql('space', 'value')} AS hash
    FROM (${links}) WHERE source = ${sqlText(BY_HAND)} AND revoked_at_ms IS NOT NULL`);
}

/** SQL for whether an identity key of a customer was not taken back. Needs unlinked. */
export function isTheirsSql(identity: string, customer = 'customer_id'): string {
  return `(${customer}, ${identity}) NOT IN (SELECT customer_id, identity FROM unlinked)`;
}

/**
 * SQL for whether an e-mail or phone of a customer was not taken back, as its MD5 or as what that is of. `hash` is
 * as spacedHashSql() has it; where it is NULL nothing was. Needs unlinked.
 */
export function isContactTheirsSql(hash: string, customer = 'customer_id'): string {
  const unlinked = 'SELECT customer_id, hash FROM unlinked WHERE hash IS NOT NULL';
  return `COALESCE((${customer}, ${hash}) NOT IN (${unlinked}), true)`;
}

/** SQL for whether a phone of a customer, in any spelling, was not taken back as itself. Needs unlinked. */
export function isPhoneTheirsSql(phone: string): string {
  return `(customer_id, ${phoneDigitsSql(phone)}) NOT IN (
    SELECT customer_id, ${phoneDigitsSql('value')} FROM unlinked WHERE space = 'phone')`;
}

/**
 * SQL for whether an identifier was taken back neither as itself nor as its MD5, of a row of links or devices.
 * `table` is its name with the dot.
 */
export function isLinkTheirsSql(table = ''): string {
  const [customer, hash] = [`${table}customer_id`, spacedHashSql(`${table}space`, `${table}value`)];
  return `(${isTheirsSql(`${table}identity`, customer)} AND ${isContactTheirsSql(hash, customer)})`;
}

/** The same of a row that has an e-mail in `email`, under the key email_identity. */
export function isEmailTheirsSql(email: string): string {
  return `(${isTheirsSql('email_identity')} AND ${isContactTheirsSql(spacedHashSql("'email'", email))})`;
}
