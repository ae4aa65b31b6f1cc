/** What an import leaves out, because whom it is of was forgotten (promise 7: forgetting stays). */
import { customerPersonId } from '../../proto/ids.ts';
import { HASH_SPACES_SQL } from '../identity/contact-hashes.ts';
import { isEmailTheirsSql, isLinkTheirsSql, loadUnlinked } from '../identity/unlinked.ts';
import { heldRows, type ImportContext } from '../import/import-context.ts';
import type { SuppressedRows } from '../import/import-report.ts';
import type { ShopTables } from '../import/write-tables.ts';
import { pairs } from './forgotten-customers.ts';
import { countGone, keepOthers } from './keep-others.ts';
import { loadNamingEvents } from './naming-events.ts';
import { loadSuppressed } from './suppression-list.ts';

export interface LeftOut {
  readonly leftOut: SuppressedRows;
  /** Null when nobody is left out. */
  readonly tables: ShopTables | null;
  /** Whether rows of earlier imports go: whose they are has only now come to light. */
  readonly wasHeld: boolean;
}

/**
 * Looks for suppressed people in what the import is about to write: by customer id, whichever file names
 * it, by e-mail and phone, and by device. A customer goes with all of their rows, those of earlier imports
 * too: an id that is new may turn out to be a forgotten person's by a file that comes later. Whom an e-mail or
 * phone was taken back from by hand is not known by it.
 */
export async function leaveOutSuppressed(
  context: ImportContext,
  rows: ShopTables['rows'],
): Promise<LeftOut> {
  const { duck, files } = context;
  const nobody = {
    leftOut: { customers: 0, orders: 0, devices: 0, events: 0 },
    tables: null,
    wasHeld: false,
  };
  if ((await loadSuppressed(duck, files)) === 0) return nobody;
  await hashStrangers(context, rows);
  await loadUnlinked(duck, rows.links);
  const hashes = '(SELECT hash FROM suppressed)';
  await duck.run('CREATE TABLE IF NOT EXISTS forgotten_customers (customer_id VARCHAR)');
  await duck.run(`CREATE TABLE gone_customers AS
    SELECT customer_id FROM (${rows.customers})
    WHERE person IN ${hashes} OR identity IN ${hashes} OR (email_identity IN ${hashes} AND ${isEmailTheirsSql('email')})
    UNION SELECT customer_id FROM (${rows.devices})
    WHERE person IN ${hashes}
      OR (space IN ('email_sha256', ${HASH_SPACES_SQL}) AND identity IN ${hashes} AND ${isLinkTheirsSql()})
    UNION SELECT customer_id FROM customer_hashes WHERE hash IN ${hashes}
    UNION SELECT customer_id FROM forgotten_customers`);
  await duck.run('CREATE TABLE gone_identities AS SELECT hash AS identity FROM suppressed');
  await loadNamingEvents(context, rows.eventAttributes, hashes);
  const leftOut = await countGone(duck, rows);
  if (Object.values(leftOut).every((rows) => rows === 0)) return nobody;
  const held = await countGone(duck, await heldRows(context));
  const wasHeld = Object.values(held).some((count) => count > 0);
  return { leftOut, tables: await keepOthers(duck, rows), wasHeld };
}

/** Makes customer_hashes: customer_id, hash; of customers whom events alone name. */
async function hashStrangers(
  { duck, key, shop }: ImportContext,
  rows: ShopTables['rows'],
): Promise<void> {
  const hashes = await duck.createTable('customer_hashes', { customer_id: 'text', hash: 'text' });
  const strangers = `SELECT DISTINCT customer_id, '' FROM (${rows.events})
    WHERE customer_id <> '' AND customer_id NOT IN (SELECT customer_id FROM (${rows.customers}))`;
  for await (const [customer] of pairs(duck, strangers)) {
    hashes.add([customer, customerPersonId(key, shop, customer)]);
  }
  await hashes.close();
}
