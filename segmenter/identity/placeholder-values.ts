/**
 * Values that stand in a CRM where somebody's should: role addresses, what operators type when the
 * customer gives nothing. Many records have them, so they link nobody.
 */
import { createHash } from 'node:crypto';
import { namesNobody, SHA256_HEX_LENGTH } from '../../proto/identity-value.ts';

const ROLES = new Set([
  ...['abuse', 'admin', 'administrator', 'anonymous', 'client', 'contact', 'customer'],
  ...['donotreply', 'do-not-reply', 'email', 'example', 'guest', 'hello', 'help', 'hostmaster'],
  ...['info', 'mail', 'mailer-daemon', 'na', 'net', 'no', 'noemail', 'no-email', 'nomail', 'none'],
  ...['noreply', 'no-reply', 'no_reply', 'null', 'office', 'order', 'orders', 'postmaster', 'root'],
  ...['sales', 'shop', 'support', 'test', 'tester', 'undefined', 'unknown', 'user', 'webmaster'],
  'zakaz',
]);
/** RFC 2606 and RFC 6761 without example.com, which documentation's customers live at. */
const NO_DOMAIN = /[@.](?:test|invalid|localhost|local)$|@(?:test|none|no|noemail|nomail)\./;
/** aaa@, 000@, test1@, qwerty@: what a hand types when a form insists. */
const TYPED_LOCAL = /^(?:(.)\1{2,}|test\d*|asd(?:f|asd)*|qwe(?:rty)?|1234?5?6?7?8?9?0?)$/;

/** Whether an address, as normaliseEmail() has it, is nobody's own. */
export function isPlaceholderEmail(email: string): boolean {
  const local = email.slice(0, email.lastIndexOf('@'));
  return ROLES.has(local) || TYPED_LOCAL.test(local) || NO_DOMAIN.test(email);
}

/** The subscriber's part all the same, or counted up: +7 900 000-00-00, +7 999 123-45-67. */
const TYPED_NUMBER = /(?:(\d)\1{6}|1234567)$/;

/** Whether a number in E.164, with or without its +, is nobody's own. */
export function isPlaceholderPhone(phone: string): boolean {
  return TYPED_NUMBER.test(phone);
}

const REPEATED = /^(.)\1*$/;

/** Whether any other identifier names nobody: nothing, zeros, one sign repeated, a word for nothing. */
export function isPlaceholderId(value: string): boolean {
  return namesNobody(value) || (value.length >= REPEATED_CHARS_MIN && REPEATED.test(value));
}

/** What forms that were left empty, and exports of nothing, are hashed from. */
const NOTHINGS = ['', 'null', 'undefined', 'none', '70000000000', '79999999999'];
const HASHES_OF_NOTHING = new Set(
  ['md5', 'sha256'].flatMap((algorithm) =>
    NOTHINGS.map((text) => createHash(algorithm).update(text).digest('hex')),
  ),
);
const HASH_LENGTHS = [32, SHA256_HEX_LENGTH];

/** Whether a text in lower case is a hash of nothing, or zeros or one sign repeated in the place of one. */
export function isPlaceholderHash(value: string): boolean {
  if (!HASH_LENGTHS.includes(value.length)) return false;
  return HASHES_OF_NOTHING.has(value) || REPEATED.test(value);
}

/** A customer may well be number 7 or 77. */
const REPEATED_CHARS_MIN = 5;
