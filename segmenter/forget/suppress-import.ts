/** What an import leaves out, because whom it is of was forgotten (promise 7: forgetting stays). */
import { phoneKey } from '../../proto/ids.ts';
import type { ImportContext } from '../import/import-context.ts';
import type { SuppressedRows } from '../import/import-report.ts';
import type { ShopTables } from '../import/write-tables.ts';
import { countGone, keepOthers } from './keep-others.ts';
import { phoneDigits } from './phone-digits.ts';
import { loadSuppressed } from './suppression-list.ts';

export interface LeftOut {
  readonly leftOut: SuppressedRows;
  /** Null when nobody is left out. */
  readonly tables: ShopTables | null;
}

/**
 * Looks for suppressed people in what the import is about to write: by customer id, e-mail and phone,
 * and by device. A customer goes with all of their rows, those of earlier imports too: an id that is
 * new may turn out to be a forgotten person's by a file that comes later.
 */
export async function leaveOutSuppressed(
  context: ImportContext,
  rows: ShopTables['rows'],
): Promise<LeftOut> {
  const { duck, files } = context;
  const nobody = { leftOut: { customers: 0, orders: 0, devices: 0, events: 0 }, tables: null };
  if ((await loadSuppressed(duck, files)) === 0) return nobody;
  await loadPhoneKeys(context);
  const hashes = '(SELECT hash FROM suppressed)';
  await duck.run(`CREATE TABLE gone_customers AS
    SELECT customer_id FROM (${rows.customers})
    WHERE person IN ${hashes} OR identity IN ${hashes} OR email_identity IN ${hashes}
    UNION SELECT customer_id FROM staged_phone_keys WHERE hash IN ${hashes}`);
  await duck.run('CREATE TABLE gone_identities AS SELECT hash AS identity FROM suppressed');
  const leftOut = await countGone(duck, rows);
  if (Object.values(leftOut).every((rows) => rows === 0)) return nobody;
  return { leftOut, tables: await keepOthers(duck, rows) };
}

/** Makes staged_phone_keys: customer_id, hash. Those of earlier imports were looked at then. */
async function loadPhoneKeys({ duck, key }: ImportContext): Promise<void> {
  const keys = await duck.createTable('staged_phone_keys', { customer_id: 'text', hash: 'text' });
  const query = `SELECT DISTINCT customer_id, phone FROM stage_customers WHERE phone <> ''`;
  for await (const chunk of duck.chunks(query)) {
    const [customers, phones] = [chunk.texts(0), chunk.texts(1)];
    for (let i = 0; i < chunk.rowCount; i++) {
      const digits = phoneDigits(phones[i]!);
      if (digits !== '') keys.add([customers[i]!, phoneKey(key, digits)]);
    }
  }
  await keys.close();
}
