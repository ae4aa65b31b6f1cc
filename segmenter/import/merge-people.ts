/** Staged rows joined with what earlier imports left, into the tables that go to Parquet. */
import { customerPersonId, emailKey, type IdentitySpace, identityKey } from '../../proto/ids.ts';
import { type ImportContext, loadOld } from './import-context.ts';

/**
 * Makes merged_customers: every customer that any file names, with person and identity keys.
 * A later file's e-mail and phone win where it has them.
 */
export async function mergeCustomers(context: ImportContext): Promise<void> {
  const { duck } = context;
  await loadOld(context, 'customers');
  await duck.run(`CREATE TABLE known_customers AS
    SELECT customer_id, max(email) AS email, max(phone) AS phone FROM (
      SELECT customer_id, arg_max(email, row_no) FILTER (email <> '') AS email,
        arg_max(phone, row_no) FILTER (phone <> '') AS phone
      FROM stage_customers GROUP BY customer_id
      UNION ALL
      SELECT customer_id,
        CASE WHEN customer_id IN (SELECT customer_id FROM stage_customers WHERE email <> '')
          THEN NULL ELSE email END,
        CASE WHEN customer_id IN (SELECT customer_id FROM stage_customers WHERE phone <> '')
          THEN NULL ELSE phone END
      FROM old_customers
      UNION ALL
      SELECT DISTINCT customer_id, NULL, NULL FROM fresh_orders
    ) GROUP BY customer_id`);
  const keys = await duck.createTable('customer_keys', {
    customer_id: 'text',
    person: 'text',
    identity: 'text',
    email_identity: 'text',
  });
  const query = `SELECT customer_id, COALESCE(email, '') FROM known_customers`;
  for await (const chunk of duck.chunks(query)) {
    const ids = chunk.texts(0);
    const emails = chunk.texts(1);
    for (let i = 0; i < chunk.rowCount; i++) keys.add(customerKeys(context, ids[i]!, emails[i]!));
  }
  await keys.close();
  await duck.run(`CREATE TABLE merged_customers AS
    SELECT k.person, c.customer_id, k.identity, COALESCE(c.email, '') AS email,
      k.email_identity, COALESCE(c.phone, '') AS phone
    FROM known_customers c JOIN customer_keys k USING (customer_id) ORDER BY k.person`);
}

function customerKeys(context: ImportContext, id: string, email: string): string[] {
  const { key, shop } = context;
  const emailIdentity = isPersonalEmail(email) ? emailKey(key, email) : '';
  return [id, customerPersonId(key, shop, id), identityKey(key, 'customer', id), emailIdentity];
}

const ROLE_ADDRESS = /^(?:no-?reply|test|info|none|unknown)@/;

/** Addresses that stand for a role or a blank are shared by strangers and link nobody. */
export function isPersonalEmail(email: string): boolean {
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email) && !ROLE_ADDRESS.test(email);
}

/**
 * Makes merged_devices: identities of this and earlier imports, once each. `customers` is the table
 * that knows most persons already; a device may come before its customer does.
 */
export async function mergeDevices(context: ImportContext, customers: string): Promise<void> {
  const { duck, key, shop } = context;
  await loadOld(context, 'devices');
  const fresh = await duck.createTable('fresh_devices', {
    identity: 'text',
    person: 'text',
    customer_id: 'text',
    space: 'text',
    value: 'text',
  });
  const query = `SELECT d.customer_id, d.space, d.value, COALESCE(c.person, '')
    FROM (SELECT DISTINCT customer_id, space, value FROM stage_devices) d
      LEFT JOIN ${customers} c ON c.customer_id = d.customer_id`;
  for await (const chunk of duck.chunks(query)) {
    const [ids, spaces, values] = [chunk.texts(0), chunk.texts(1), chunk.texts(2)];
    const persons = chunk.texts(3);
    for (let i = 0; i < chunk.rowCount; i++) {
      const [id, space, value] = [ids[i]!, spaces[i]!, values[i]!];
      const identity = identityKey(key, space as IdentitySpace, value);
      fresh.add([identity, persons[i]! || customerPersonId(key, shop, id), id, space, value]);
    }
  }
  await fresh.close();
  await duck.run(`CREATE TABLE merged_devices AS
    SELECT * FROM fresh_devices UNION SELECT * FROM old_devices
    ORDER BY identity, person, space, value`);
}
