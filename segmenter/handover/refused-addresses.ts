/**
 * Addresses that may not be handed over: whoever refused under one id of the CRM has refused for the
 * e-mails and phones of that id, under whichever other id they stand too.
 */
import type { Duck } from '../duck.ts';
import { HASH_SPACES_SQL, spacedHashSql } from '../identity/contact-hashes.ts';
import { linkEmail, linkPhone } from '../identity/link-values.ts';
import { isPhoneRegion } from '../identity/normalise-phone.ts';
import { emailForm } from '../identity/platform-hashes.ts';

/** The table `name` of person, customer_id, email, phone, mailbox: one form each, '' for none. */
export async function createAddresses(
  duck: Duck,
  name: string,
  { rows, phoneRegion }: { readonly rows: string; readonly phoneRegion: string | null },
): Promise<void> {
  const region = phoneRegion !== null && isPhoneRegion(phoneRegion) ? phoneRegion : null;
  const columns = ['person', 'customer_id', 'email', 'phone', 'mailbox'];
  const table = await duck.createTable(
    name,
    Object.fromEntries(columns.map((column) => [column, 'text'] as const)),
  );
  for await (const chunk of duck.chunks(`SELECT person, customer_id, email, phone FROM ${rows}`)) {
    const [persons, customers, emails, phones] = [0, 1, 2, 3].map((column) => chunk.texts(column));
    for (let i = 0; i < chunk.rowCount; i++) {
      const email = linkEmail(emails![i]!) ?? '';
      const phone = linkPhone(phones![i]!, region) ?? '';
      table.add([persons![i]!, customers![i]!, email, phone, emailForm('google', email)]);
    }
  }
  await table.close();
}

/**
 * Makes the table refused_addresses: address, a phone, the SHA-256 of an e-mail, as which further ones
 * are known, or an MD5 as spacedHashSql() has it. Needs refusing, of person, old_customers and old_links.
 */
export async function createRefusedAddresses(
  duck: Duck,
  phoneRegion: string | null,
): Promise<void> {
  await duck.run(`CREATE TABLE refusing_links AS
    SELECT c.person, l.customer_id, l.space, l.value
    FROM old_links l JOIN old_customers c ON c.customer_id = l.customer_id
    WHERE l.revoked_at_ms IS NULL AND l.space IN ('email', 'email_sha256', 'phone', ${HASH_SPACES_SQL})
      AND c.person IN (SELECT person FROM refusing)`);
  const of = (space: string) => `CASE WHEN space = '${space}' THEN value ELSE '' END`;
  await createAddresses(duck, 'refusing_addresses', {
    rows: `(SELECT person, customer_id, email, phone FROM old_customers
      WHERE person IN (SELECT person FROM refusing)
      UNION SELECT person, customer_id, ${of('email')}, ${of('phone')} FROM refusing_links)`,
    phoneRegion,
  });
  await duck.run(`CREATE TABLE refused_addresses AS
    SELECT phone AS address FROM refusing_addresses WHERE phone <> ''
    UNION SELECT sha256(email) FROM refusing_addresses WHERE email <> ''
    UNION SELECT sha256(mailbox) FROM refusing_addresses WHERE email <> ''
    UNION SELECT value FROM refusing_links WHERE space = 'email_sha256'
    UNION SELECT ${spacedHashSql('space', 'value')} FROM refusing_links WHERE space IN (${HASH_SPACES_SQL})`);
}

/** SQL for whether any form of an e-mail, or of a phone, was refused, for rows of createAddresses(). */
export const IS_REFUSED = {
  email: isAnyRefused([
    ...['sha256(email)', 'sha256(mailbox)'],
    ...['email', 'mailbox'].map((column) => spacedHashSql("'email'", column)),
  ]),
  phone: isAnyRefused(['phone', spacedHashSql("'phone'", 'phone')]),
} as const;

function isAnyRefused(forms: readonly string[]): string {
  const refused = forms.map((form) => `${form} IN (SELECT address FROM refused_addresses)`);
  return `(${refused.join(' OR ')})`;
}
