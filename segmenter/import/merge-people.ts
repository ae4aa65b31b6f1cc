/** Staged rows joined with what earlier imports left, into the tables that go to Parquet. */
import { customerPersonId, emailKey, type IdentitySpace, identityKey } from '../../proto/ids.ts';
import type { CustomersMapping } from '../../settings/import-mapping.ts';
import { findForgotten } from '../forget/forgotten-customers.ts';
import { linkEmail } from '../identity/link-values.ts';
import { type ImportContext, loadOld } from './import-context.ts';
import { type JoinReport, joinCustomers } from './join-customers.ts';
import { mergeContactLinks } from './merge-links.ts';

/**
 * Makes merged_customers: every customer that any file names, with person and identity keys. What a
 * file says wins (said-contacts.ts). Needs fresh_orders.
 */
export async function mergeCustomers(
  context: ImportContext,
  joining: Pick<CustomersMapping, 'join_by' | 'phone_region'>,
): Promise<JoinReport> {
  const { duck } = context;
  await loadOld(context, 'customers');
  await loadOld(context, 'orders');
  await duck.run(`CREATE TABLE known_customers AS
    SELECT customer_id, COALESCE(s.email, o.email) AS email, COALESCE(s.phone, o.phone) AS phone
    FROM (
      SELECT customer_id FROM said_contacts UNION SELECT customer_id FROM old_customers
      UNION SELECT customer_id FROM fresh_orders
    ) LEFT JOIN said_contacts s USING (customer_id) LEFT JOIN old_customers o USING (customer_id)`);
  await keyCustomers(context);
  await findForgotten(context, joining.phone_region);
  await mergeContactLinks(context, joining);
  const report = await joinCustomers(context, joining);
  await duck.run(`CREATE TABLE merged_customers AS
    SELECT n.alone AS person, c.customer_id, k.identity, COALESCE(c.email, '') AS email,
      k.email_identity, COALESCE(c.phone, '') AS phone
    FROM known_customers c JOIN customer_keys k ON k.customer_id = c.customer_id
      LEFT JOIN joined_customers j ON j.customer_id = c.customer_id
      JOIN customer_keys n ON n.customer_id = COALESCE(j.named_by, c.customer_id)
    ORDER BY n.alone, c.customer_id`);
  return report;
}

/**
 * Makes customer_keys: customer_id, alone (the person that it is of itself), identity, address (the e-mail
 * in the form that links have, '' for none) and email_identity.
 */
async function keyCustomers({ duck, key, shop }: ImportContext): Promise<void> {
  const keys = await duck.createTable('customer_keys', {
    customer_id: 'text',
    alone: 'text',
    identity: 'text',
    address: 'text',
    email_identity: 'text',
  });
  const query = "SELECT customer_id, COALESCE(email, '') FROM known_customers";
  for await (const chunk of duck.chunks(query)) {
    const [ids, emails] = [chunk.texts(0), chunk.texts(1)];
    for (let i = 0; i < chunk.rowCount; i++) {
      const [id, address] = [ids[i]!, linkEmail(emails[i]!)];
      const alone = customerPersonId(key, shop, id);
      const emailIdentity = address === null ? '' : emailKey(key, address);
      keys.add([id, alone, identityKey(key, 'customer', id), address ?? '', emailIdentity]);
    }
  }
  await keys.close();
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
    SELECT * FROM fresh_devices UNION
    SELECT o.identity, COALESCE(c.person, o.person), o.customer_id, o.space, o.value
    FROM old_devices o LEFT JOIN ${customers} c ON c.customer_id = o.customer_id
    WHERE (o.customer_id, o.space, o.value) NOT IN (SELECT customer_id, space, value FROM replaced_links)
    ORDER BY ALL`);
}
