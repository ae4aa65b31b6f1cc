/** What files say of how customers are reached, and which of their cookies and e-mails it takes the place of. */
import { CONTACT_HASH_SPACES } from '../../proto/ids.ts';
import type { Duck } from '../duck.ts';
import { type ImportContext, loadOld } from './import-context.ts';

/** Rows of a customers file: those of an orders file have numbers below (contacts.ts). */
const OF_CUSTOMERS_FILE = 'row_no >= 0';

/**
 * Makes said_contacts (customer_id, email, phone: NULL where no file says) of stage_customers, and
 * replaced_links (customer_id, space, value): links that only files of customers told of, and that go. Of several rows of a customer
 * the last that says something counts; where what is unsaid is lost, the last. Devices of older rows
 * are taken out of stage_contacts. Before joinDevices().
 */
export async function sayContacts(context: ImportContext): Promise<void> {
  const { duck, merge } = context;
  const last = (column: string) => `arg_max(${column}, row_no) FILTER (${column} <> '')`;
  const whole = (column: string) =>
    merge.unsaid === 'lost'
      ? `COALESCE(arg_max(${column}, row_no) FILTER (${OF_CUSTOMERS_FILE}), ${last(column)})`
      : last(column);
  await duck.run(`CREATE TABLE said_contacts AS
    SELECT customer_id, ${whole('email')} AS email, ${whole('phone')} AS phone
    FROM stage_customers GROUP BY customer_id`);
  await duck.run('CREATE TABLE replaced_links (customer_id VARCHAR, space VARCHAR, value VARCHAR)');
  if (merge.links === 'replaced') await replaceLinks(context);
  if (merge.lists === 'added') await keepFormerEmails(context);
}

/** Whether devices of earlier imports go. */
export async function unlinks(duck: Duck): Promise<boolean> {
  const [links] = await duck.numbers('SELECT count(*) FROM replaced_links');
  return links! > 0;
}

/** Of a link that a file of customers told of (contacts.ts). */
const SOURCE = 'customers';

/** Spaces that a row of a customers file has several values of. */
const CONTACT_SPACES = ['cookie', 'email_sha256', ...CONTACT_HASH_SPACES] as const;

/** A customer's cookies are those of the last row that has any, and so are the e-mails; of a save those of the last row. */
async function replaceLinks(context: ImportContext): Promise<void> {
  const { duck, merge } = context;
  const spaces = CONTACT_SPACES.map((space) => `('${space}')`).join(', ');
  const rows = `SELECT customer_id, space, row_no FROM stage_contacts
    UNION ALL SELECT customer_id, 'email_sha256', row_no FROM stage_customers
      WHERE email <> '' AND ${OF_CUSTOMERS_FILE}`;
  const saving = `SELECT customer_id, space, row_no FROM stage_customers, (VALUES ${spaces}) v(space)
    WHERE ${OF_CUSTOMERS_FILE}`;
  await duck.run(`CREATE TABLE last_links AS
    SELECT customer_id, space, max(row_no) AS row_no
    FROM (${merge.unsaid === 'lost' ? saving : rows}) GROUP BY customer_id, space`);
  await duck.run(`DELETE FROM stage_contacts USING last_links l
    WHERE l.customer_id = stage_contacts.customer_id AND l.space = stage_contacts.space
      AND l.row_no > stage_contacts.row_no`);
  const links = await loadOld(context, 'links');
  await duck.run(`INSERT INTO replaced_links
    SELECT k.customer_id, k.space, k.value FROM ${links} k
      JOIN last_links l ON l.customer_id = k.customer_id AND l.space = k.space
    GROUP BY k.customer_id, k.space, k.value HAVING bool_and(k.source = '${SOURCE}')`);
  await duck.run(`DELETE FROM replaced_links
    WHERE (customer_id, space, value) IN (SELECT customer_id, space, value FROM stage_contacts)`);
}

/** An e-mail that another takes the place of goes on leading to the customer. */
async function keepFormerEmails(context: ImportContext): Promise<void> {
  const old = await loadOld(context, 'customers');
  await context.duck.run(`INSERT INTO stage_contacts
    SELECT 0, o.customer_id, 'email_sha256', sha256(o.email)
    FROM ${old} o JOIN said_contacts s ON s.customer_id = o.customer_id
    WHERE o.email_identity <> '' AND s.email <> o.email`);
}
