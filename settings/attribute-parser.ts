/**
 * Conditions on attributes of the customer:
 *
 *   attributes.shoe_size: { gte: 42 }
 *   attributes.city: { any_of: [Sofia, Plovdiv] }      any_of, all_of, none_of with texts
 *   attributes.tags: { has: vip }
 *   attributes.registered: { lt: 2026-01-01 }
 *   attributes.next_trip: { days_until: { lte: 14 } }  and days_since
 *   attributes.birthday: { anniversary_in: 7d }
 *   attributes.phone_verified: { missing: true }
 */
import { closest } from '../platform/edit-distance.ts';
import { parseMicros } from '../proto/micros.ts';
import type { AttributeTest } from '../rules/attribute.ts';
import type { Comparison } from '../rules/comparison.ts';
import { isSqlSafe } from '../rules/sql-text.ts';
import { DAYS_MAX, type Refusal } from './operand-parser.ts';
import { OPERATORS } from './rule-words.ts';
import { readDate, readDays, shown } from './window-parser.ts';

const PREFIX = 'attributes.';
const TEXTS_MAX = 1000;
const TEXT_CHARS_MAX = 200;
/** Every day of a year comes again within it. */
const ANNIVERSARY_DAYS_MAX = 364;

const LISTS: readonly string[] = ['any_of', 'all_of', 'none_of'];
const AGES: readonly string[] = ['days_until', 'days_since'];
export const ATTRIBUTE_OPERATORS = [
  ...OPERATORS,
  ...LISTS,
  'has',
  ...AGES,
  'anniversary_in',
  'missing',
];

/** `attributes.city` as `city`; null for another condition. */
export function attributeName(key: string): string | null {
  const name = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : '';
  return name !== '' && isName(name) ? name : null;
}

/** One operator of a condition on an attribute. */
export function parseAttributeTest(op: string, value: unknown): AttributeTest | Refusal {
  if (OPERATORS.includes(op)) return parseComparison(op as Comparison, value);
  if (LISTS.includes(op)) return parseTexts(op as 'any_of' | 'all_of' | 'none_of', value);
  if (AGES.includes(op)) return parseAge(op as 'days_until' | 'days_since', value);
  if (op === 'has') return parseTexts('any_of', [value]);
  if (op === 'anniversary_in') return parseAnniversary(value);
  if (op === 'missing') {
    if (typeof value === 'boolean') return { kind: 'missing', missing: value };
    return { message: `expected true or false, got ${shown(value)}` };
  }
  const message = `attributes take ${ATTRIBUTE_OPERATORS.join(', ')}, not ${op}`;
  const near = closest(op, ATTRIBUTE_OPERATORS);
  return { atKey: true, message, ...(near === undefined ? {} : { suggestion: near }) };
}

function parseComparison(op: Comparison, value: unknown): AttributeTest | Refusal {
  const day = readDate(value);
  if (day !== null) return { kind: 'date', op, day };
  const valueMicros = typeof value === 'number' ? parseMicros(String(value)) : null;
  if (valueMicros !== null) return { kind: 'number', op, valueMicros };
  const message = `expected a number or a date such as 2026-11-22, got ${shown(value)}`;
  const meant = typeof value === 'string' && op === 'eq' ? `any_of: [${value}]` : undefined;
  return { message, ...(meant === undefined ? {} : { suggestion: meant }) };
}

function parseTexts(
  quantifier: 'any_of' | 'all_of' | 'none_of',
  value: unknown,
): AttributeTest | Refusal {
  const texts = Array.isArray(value) ? value : [];
  if (texts.length > 0 && texts.length <= TEXTS_MAX && texts.every(isName)) {
    return { kind: 'text', quantifier, texts };
  }
  const message =
    `expected a list of 1 to ${TEXTS_MAX} texts, each of at most ${TEXT_CHARS_MAX} characters ` +
    `without backslashes and control characters, got ${shown(value)}`;
  return { message };
}

function isName(text: unknown): text is string {
  return typeof text === 'string' && text.length <= TEXT_CHARS_MAX && isSqlSafe(text);
}

/** `{ lte: 14 }`: one comparison with whole days. */
function parseAge(kind: 'days_until' | 'days_since', value: unknown): AttributeTest | Refusal {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const [op, days] = entries.length === 1 ? entries[0]! : ['', null];
  const whole = readDays(days) ?? (Number.isInteger(days) ? (days as number) : -1);
  if (OPERATORS.includes(op) && whole >= 0 && whole <= DAYS_MAX) {
    return { kind, op: op as Comparison, days: whole };
  }
  return { message: `expected one comparison with days such as { lte: 14 }, got ${shown(value)}` };
}

function parseAnniversary(value: unknown): AttributeTest | Refusal {
  const days = readDays(value);
  if (days !== null && days <= ANNIVERSARY_DAYS_MAX)
    return { kind: 'anniversary', withinDays: days };
  return { message: `expected days from 0d to ${ANNIVERSARY_DAYS_MAX}d, got ${shown(value)}` };
}
