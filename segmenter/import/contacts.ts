/**
 * What a file of customers or orders says of a person beside one e-mail and one phone: further
 * e-mails, hashed ones, hashed phones and cookies become devices, so that each leads to the customer.
 */
import { createHash } from 'node:crypto';
import { isEmailHash, namesNobody } from '../../proto/identity-value.ts';
import type { Duck } from '../duck.ts';
import { linkEmail } from '../identity/link-values.ts';
import { namesSomebody, severalValues } from './cell-recipes.ts';

export interface Contacts {
  /** The first of each; '' when there is none. */
  readonly email: string;
  readonly phone: string;
  /** Space and value. */
  readonly devices: readonly (readonly [space: string, value: string])[];
}

const COOKIE_CHARS_MAX = 255;

/** Cells as they stand in the file; each may hold several values. */
export function contactsOf(emailCell: string, phoneCell: string, cookieCell: string): Contacts {
  const emails = named(emailCell).map((email) => email.toLowerCase());
  const hashes = emails.filter(isEmailHash);
  const [email = '', ...further] = emails.filter((value) => !isEmailHash(value));
  for (const other of further) {
    const address = linkEmail(other);
    if (address !== null) hashes.push(createHash('sha256').update(address).digest('hex'));
  }
  const cookies = severalValues(cookieCell).filter(
    (cookie) => !namesNobody(cookie) && cookie.length <= COOKIE_CHARS_MAX,
  );
  return {
    email,
    phone: named(phoneCell)[0] ?? '',
    devices: [
      ...hashes.map((hash) => ['email_sha256', hash] as const),
      ...cookies.map((cookie) => ['cookie', cookie] as const),
    ],
  };
}

function named(cell: string): string[] {
  return severalValues(cell).filter(namesSomebody);
}

/** Rows of an orders file count as older than any of the customers file. */
const OLDER_ROWS = 1_000_000_000;

/** Adds who ordered to stage_customers. */
export async function joinBuyers(duck: Duck): Promise<void> {
  await duck.run(`INSERT INTO stage_customers BY NAME
    SELECT row_no - ${OLDER_ROWS} AS row_no, customer_id, email, phone FROM stage_buyers`);
}

/** Adds what was staged of contacts to stage_devices, and says whether any device was staged. */
export async function joinDevices(duck: Duck): Promise<boolean> {
  const columns = "row_no, customer_id, space, value, '' AS seen_ms, '' AS revoked_ms";
  await duck.run(`INSERT INTO stage_devices BY NAME
    SELECT ${columns}, 'customers' AS source, 'upload' AS evidence FROM stage_contacts
    UNION ALL SELECT ${columns}, 'orders', 'order' FROM stage_buyer_contacts`);
  const [devices] = await duck.numbers('SELECT count(*) FROM stage_devices');
  return devices! > 0;
}
