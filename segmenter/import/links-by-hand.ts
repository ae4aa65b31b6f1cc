/** Links that somebody takes back by hand: for good, whatever a file says of them later. */
import type { KeyObject } from 'node:crypto';
import type { CountryCode } from 'libphonenumber-js/max';
import { emailKey, phoneKey } from '../../proto/ids.ts';
import { sqlText } from '../duck.ts';
import { phoneDigits } from '../forget/phone-digits.ts';
import {
  contactHashKey,
  contactHashSql,
  emailHashes,
  phoneHashes,
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
  await loadOld(context, 'links');
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
  const seen = await duck.rows(`SELECT min(space), arg_min(value, space), identity FROM old_links
    WHERE customer_id = ${sqlText(link.customer)} AND ${isMeantSql(link, region)}
    GROUP BY identity ORDER BY 1`);
  if (seen.length === 0) {
    throw new ImportError(
      `customer ${link.customer} was never seen with the ${link.space} ${link.value}: ` +
        'rekindle identity shows what was',
      `customer ${link.customer} was never seen with that ${link.space}`,
    );
  }
  const rows = seen.map((row) => row.map(String) as unknown as LinkRow);
  const known = new Set(rows.map(([, , identity]) => identity));
  const others = formsOf(key, link, region).filter(([, , identity]) => !known.has(identity));
  return [...rows, ...others];
}

/** An e-mail or phone and its MD5: whichever a file has, it is not theirs. */
function formsOf(key: KeyObject, link: LinkByHand, region: CountryCode | null): LinkRow[] {
  const { space, value } = link;
  const email = space === 'email' ? linkEmail(value) : null;
  const phone = space === 'phone' ? linkPhone(value, region) : null;
  const hashes = [
    ...(email === null ? [] : emailHashes(email)),
    ...(phone === null ? [] : phoneHashes(phone, null)),
  ];
  return [
    ...(email === null ? [] : [['email', email, emailKey(key, email)] as const]),
    ...(phone === null ? [] : [['phone', phone, phoneKey(key, phoneDigits(phone))] as const]),
    ...hashes.map((hash) => [hash.space, hash.value, contactHashKey(key, hash)] as const),
  ];
}

/** SQL for links of that value. Of a further or former e-mail the log may have a hash alone (contacts.ts). */
function isMeantSql(link: LinkByHand, region: CountryCode | null): string {
  const { space } = link;
  const value = sqlText(rowOf(link, region));
  const is = `(space = ${sqlText(space)} AND value = ${value})`;
  if (space !== 'email' && space !== 'phone') return is;
  const hash = `${contactHashSql(sqlText(space), value)}, ${sqlText(link.value.trim().toLowerCase())}`;
  return `(${is} OR (space = '${space}_md5' AND value IN (${hash}))
    OR ('${space}' = 'email' AND space = 'email_sha256' AND value = sha256(${value})))`;
}

/** The value as the log has it. */
function rowOf({ space, value }: LinkByHand, region: CountryCode | null): string {
  if (space === 'email') return linkEmail(value) ?? value;
  if (space === 'phone') return linkPhone(value, region) ?? value;
  return space === 'ifa' ? value.toLowerCase() : value;
}
