/** Customers of an import who were forgotten, found before anybody is joined with them. */
import { identityKey, phoneKey } from '../../proto/ids.ts';
import type { Duck } from '../duck.ts';
import { isTheirsSql, loadUnlinked } from '../identity/unlinked.ts';
import { type ImportContext, loadOld } from '../import/import-context.ts';
import { phoneDigits } from './phone-digits.ts';
import { loadSuppressed } from './suppression-list.ts';

const HASHES = '(SELECT hash FROM suppressed)';

/**
 * Makes forgotten_customers: customer_id, of whom the import will leave out by id, e-mail or phone. They
 * must name no person and be no bridge between two who stay. Needs known_links, customer_keys and
 * what was staged.
 */
export async function findForgotten(context: ImportContext): Promise<void> {
  const { duck, files } = context;
  await duck.run('CREATE TABLE forgotten_customers (customer_id VARCHAR)');
  if ((await loadSuppressed(duck, files)) === 0) return;
  await hashStaged(context);
  await loadUnlinked(duck, 'SELECT * FROM known_links');
  const devices = await loadOld(context, 'devices');
  await duck.run(`INSERT INTO forgotten_customers
    SELECT customer_id FROM customer_keys
    WHERE alone IN ${HASHES} OR identity IN ${HASHES}
      OR (email_identity IN ${HASHES} AND ${isTheirsSql('email_identity')})
    UNION SELECT customer_id FROM ${devices}
    WHERE space = 'email_sha256' AND identity IN ${HASHES} AND ${isTheirsSql('identity')}
    UNION SELECT customer_id FROM staged_hashes
    WHERE hash IN ${HASHES} AND ${isTheirsSql('hash')}`);
}

/** Makes staged_hashes: customer_id, hash. Of phones and hashed e-mails; earlier ones were looked at then. */
async function hashStaged({ duck, key }: ImportContext): Promise<void> {
  const hashes = await duck.createTable('staged_hashes', { customer_id: 'text', hash: 'text' });
  const phones = "SELECT DISTINCT customer_id, phone FROM stage_customers WHERE phone <> ''";
  for await (const [customer, phone] of pairs(duck, phones)) {
    const digits = phoneDigits(phone);
    if (digits !== '') hashes.add([customer, phoneKey(key, digits)]);
  }
  const emails =
    "SELECT DISTINCT customer_id, value FROM stage_devices WHERE space = 'email_sha256'";
  for await (const [customer, email] of pairs(duck, emails)) {
    hashes.add([customer, identityKey(key, 'email_sha256', email)]);
  }
  await hashes.close();
}

/** Rows of two texts. */
export async function* pairs(duck: Duck, query: string): AsyncGenerator<[string, string]> {
  for await (const chunk of duck.chunks(query)) {
    const [first, second] = [chunk.texts(0), chunk.texts(1)];
    for (let i = 0; i < chunk.rowCount; i++) yield [first[i]!, second[i]!];
  }
}
