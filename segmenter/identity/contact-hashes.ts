/**
 * E-mails and phones by their MD5, as Yandex Metrica takes them: an e-mail in lower case, a phone as digits
 * with its country's code. Whoever has the hash is whoever has what it is of.
 */
import { createHash, type KeyObject } from 'node:crypto';
import type { CountryCode } from 'libphonenumber-js/max';
import { CONTACT_HASH_SPACES, type ContactHashSpace, identityKey } from '../../proto/ids.ts';
import { sqlText } from '../duck.ts';
import { linkEmail, linkPhone } from './link-values.ts';
import { isPlaceholderPhone } from './placeholder-values.ts';
import { emailHash, phoneHash } from './platform-hashes.ts';

export interface ContactHash {
  readonly space: ContactHashSpace;
  /** 32 hexadecimal digits in lower case. */
  readonly value: string;
}

/** For SQL's IN (…). */
export const HASH_SPACES_SQL = CONTACT_HASH_SPACES.map(sqlText).join(', ');

const MD5 = /^[0-9a-f]{32}$/i;

export function isMd5(text: string): boolean {
  return MD5.test(text);
}

/** Of an address as somebody writes it, or the MD5 itself; none of what is neither, or nobody's. */
export function emailHashes(raw: string): ContactHash[] {
  if (isMd5(raw)) return [{ space: 'email_md5', value: raw.toLowerCase() }];
  const address = linkEmail(raw);
  return address === null ? [] : [{ space: 'email_md5', value: emailHash('yandex', address) }];
}

const DIGITS_MIN = 7;

/** Of a number as somebody writes it, as dialled in `region` and by its digits as they stand, or the MD5 itself. */
export function phoneHashes(raw: string, region: CountryCode | null): ContactHash[] {
  if (isMd5(raw)) return [{ space: 'phone_md5', value: raw.toLowerCase() }];
  const digits = raw.replaceAll(/\D/g, '').replace(/^00/, '');
  if (digits.length < DIGITS_MIN || isPlaceholderPhone(digits)) return [];
  const asWritten = createHash('md5').update(digits).digest('hex');
  // What has its country's code is as it stands: reading it takes ten times as long.
  const isWhole = region === null || raw.trimStart().startsWith('+');
  const phone = isWhole ? null : linkPhone(raw, region);
  const values = new Set(phone === null ? [asWritten] : [phoneHash('yandex', phone), asWritten]);
  return Array.from(values, (value) => ({ space: 'phone_md5', value }));
}

export function contactHashKey(key: KeyObject, { space, value }: ContactHash): string {
  return identityKey(key, space, value);
}

/** SQL for the hash of a link's value; NULL for links of other spaces. */
export function contactHashSql(space: string, value: string): string {
  return `CASE WHEN ${space} = 'email' THEN md5(${value})
    WHEN ${space} = 'phone' THEN md5(ltrim(${value}, '+'))
    WHEN ${space} IN (${HASH_SPACES_SQL}) THEN ${value} END`;
}

/** SQL for the hash with its space before it, `email_md5 3c56…`. */
export function spacedHashSql(space: string, value: string): string {
  return `${contactKindSql(space)} || '_md5 ' || ${contactHashSql(space, value)}`;
}

/** As spacedHashSql() has it. */
export function spacedHash({ space, value }: ContactHash): string {
  return `${space} ${value}`;
}

export function valueOfSpaced(spaced: string): string {
  return spaced.slice(spaced.indexOf(' ') + 1);
}

export function spacedHashKey(key: KeyObject, spaced: string): string {
  const space = CONTACT_HASH_SPACES.find((name) => spaced.startsWith(`${name} `))!;
  return contactHashKey(key, { space, value: valueOfSpaced(spaced) });
}

/** SQL for `email` or `phone`, which a link's value is or is the hash of; NULL for others. */
export function contactKindSql(space: string): string {
  return `CASE WHEN ${space} IN ('email', 'email_md5') THEN 'email'
    WHEN ${space} IN ('phone', 'phone_md5') THEN 'phone' END`;
}
