/**
 * Values that stand in a CRM where somebody's should: role addresses, what operators type when the
 * customer gives nothing, hashes of those. Many records have them, so they link nobody.
 */
import { createHash } from 'node:crypto';
import { namesNobody } from '../../proto/identity-value.ts';

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

const MD5_OR_SHA256 = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/;
const REPEATED = /^(.)\1*$/;

/** Whether a text in lower case is MD5 or SHA-256 of something: what uploads bring ready hashed. */
export function isPersonalHash(hash: string): boolean {
  return MD5_OR_SHA256.test(hash) && !REPEATED.test(hash) && !HASHES_OF_NOBODY.has(hash);
}

/** Whether any other identifier names nobody: nothing, zeros, one sign repeated, a word for nothing. */
export function isPlaceholderId(value: string): boolean {
  return namesNobody(value) || (value.length >= REPEATED_CHARS_MIN && REPEATED.test(value));
}

/** A customer may well be number 7 or 77. */
const REPEATED_CHARS_MIN = 5;

const HASHED_PLACEHOLDERS = [
  ...['', ' ', '0', '-', 'null', 'none', 'undefined', 'unknown', 'false'],
  ...['test@test.com', 'test@test.ru', 'test@example.com', 'test@mail.ru', 'test@gmail.com'],
  ...['70000000000', '+70000000000', '79999999999', '+79999999999', '7', '+7', '80000000000'],
];
const HASHES_OF_NOBODY: ReadonlySet<string> = new Set(
  HASHED_PLACEHOLDERS.flatMap((text) =>
    ['md5', 'sha256'].map((algorithm) => createHash(algorithm).update(text).digest('hex')),
  ),
);
