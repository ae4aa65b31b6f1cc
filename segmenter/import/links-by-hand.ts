/** Links that somebody takes back by hand: for good, whatever a file says of them later. */
import type { KeyObject } from 'node:crypto';
import type { CountryCode } from 'libphonenumber-js/max';
import { emailKey, phoneKey } from '../../proto/ids.ts';
import { sqlText } from '../duck.ts';
import { phoneDigits } from '../forget/phone-digits.ts';
import { sqlKeys } from '../forget/sql-keys.ts';
import {
  contactHashKey,
  emailHashes,
  isMd5,
  phoneHashes,
  spacedHashSql,
} from '../identity/contact-hashes.ts';
import { BY_HAND } from '../identity/counted-links.ts';
import { linkEmail, linkPhone } from '../identity/link-values.ts';
import { regionOf } from '../identity/normalise-phone.ts';
import { type ImportContext, loadOld } from './import-context.ts';
import { ImportError } from './import-error.ts';

export interface LinkByHand {
  readonly customer: string;
  /** As of devices, email or phone. */
  readonly space: string;
  /** As somebody writes it. */
  readonly value: string;
  /** Lets the link count again, instead of taking it back. */
  readonly undo: boolean;
}

/** Later than whatever will be seen. */
const FOR_GOOD_MS = Number.MAX_SAFE_INTEGER;

/** Makes known_links: what earlier imports left, with what is taken back now. Throws ImportError for no link. */
export async function loadKnownLinks(
  context: ImportContext,
  byHand: readonly LinkByHand[],
  phoneRegion: string | undefined,
): Promise<void> {
  const { duck, nowMs } = context;
  for (const table of ['links', 'customers'] as const) await loadOld(context, table);
  const region = regionOf(phoneRegion);
  const rows: string[] = [];
  for (const link of byHand) {
    for (const row of await meantRows(context, link, region)) {
      const texts = [link.customer, ...row, BY_HAND, 'upload'].map(sqlText);
      rows.push(`(${texts.join(', ')}, ${nowMs}, ${nowMs}, ${link.undo ? 'NULL' : FOR_GOOD_MS})`);
    }
  }
  const taken = `SELECT * FROM (VALUES ${rows.join(', ')}) v`;
  const isAnew = `source = ${sqlText(BY_HAND)} AND (customer_id, identity) IN
    (SELECT col0, col3 FROM (${taken}))`;
  await duck.run(
    rows.length === 0
      ? 'CREATE VIEW known_links AS SELECT * FROM old_links'
      : `CREATE TABLE known_links AS
         SELECT * FROM old_links WHERE NOT (${isAnew}) UNION ALL ${taken}`,
  );
}

type LinkRow = readonly [space: string, value: string, identity: string];

/** Links of the log that are meant, and other forms that the same value may come in later, each once. */
async function meantRows(
  { duck, key }: ImportContext,
  link: LinkByHand,
  region: CountryCode | null,
): Promise<LinkRow[]> {
  const asked = formsOf(key, link, region);
  const seen = await duck.rows(`SELECT min(space), arg_min(value, space), identity FROM old_links
    WHERE customer_id = ${sqlText(link.customer)} AND ${isMeantSql(link, asked)}
    GROUP BY identity ORDER BY 1`);
  const own = await ownForms({ duck, key }, link, { asked, region });
  if (seen.length === 0 && own.length === 0) {
    throw new ImportError(
      `customer ${link.customer} was never seen with the ${link.space} ${link.value}: ` +
        'rekindle identity shows what was',
      `customer ${link.customer} was never seen with that ${link.space}`,
    );
  }
  const rows = seen.map((row) => row.map(String) as unknown as LinkRow);
  // An MD5 that was asked for is of an e-mail or phone that may be known.
  const plain = rows.filter(([space]) => space === link.space);
  const others = plain.flatMap(([space, value]) => formsOf(key, { space, value }, region));
  const all = [...rows, ...asked, ...others, ...own];
  return [...new Map(all.toReversed().map((row) => [row[2], row])).values()].reverse();
}

/** Of an e-mail or phone itself, unless its MD5 is given, and of its MD5: whichever a file has, it is not theirs. */
function formsOf(
  key: KeyObject,
  { space, value }: Pick<LinkByHand, 'space' | 'value'>,
  region: CountryCode | null,
): LinkRow[] {
  const email = space === 'email' ? linkEmail(value) : null;
  const phone = space === 'phone' && !isMd5(value) ? phoneDigits(value) : '';
  const number = phone === '' ? value : (linkPhone(value, region) ?? value);
  const hashes = [
    ...(space === 'email' ? emailHashes(value) : []),
    ...(space === 'phone' ? phoneHashes(number, null) : []),
  ];
  return [
    ...(email === null ? [] : [['email', email, emailKey(key, email)] as const]),
    ...(phone === '' ? [] : [['phone', number, phoneKey(key, phone)] as const]),
    ...hashes.map((hash) => [hash.space, hash.value, contactHashKey(key, hash)] as const),
  ];
}

/** Forms of what the customer's own row has, when it is meant: a phone that joins nobody is in no log. */
async function ownForms(
  { duck, key }: Pick<ImportContext, 'duck' | 'key'>,
  { customer, space }: LinkByHand,
  { asked, region }: { readonly asked: readonly LinkRow[]; readonly region: CountryCode | null },
): Promise<LinkRow[]> {
  if (space !== 'email' && space !== 'phone') return [];
  const [row] = await duck.rows(
    `SELECT ${space} FROM old_customers WHERE customer_id = ${sqlText(customer)}`,
  );
  const forms = formsOf(key, { space, value: String(row?.[0] ?? '') }, region);
  const meant = asked.map(([, , identity]) => identity);
  return forms.some(([, , identity]) => meant.includes(identity)) ? forms : [];
}

/** SQL for links of that value, as the log has it: of a further or former e-mail it may have a hash alone (contacts.ts). */
function isMeantSql({ space, value }: LinkByHand, asked: readonly LinkRow[]): string {
  const identities = sqlKeys(asked.map(([, , identity]) => identity));
  const hashes = sqlKeys(asked.map(([form, text]) => `${form} ${text}`));
  const written = space === 'ifa' ? value.toLowerCase() : value;
  return `(identity IN (${identities}) OR ${spacedHashSql('space', 'value')} IN (${hashes})
    OR (space = ${sqlText(space)} AND value = ${sqlText(written)}))`;
}
