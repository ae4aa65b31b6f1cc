/** What stands right of an operator in a rule, by the type of its field, as an integer operand. */
import { closest } from '../platform/edit-distance.ts';
import { formatMicros, MICROS_PER_UNIT, parseMicros } from '../proto/micros.ts';
import {
  COUNT_FIELDS,
  DAY_FIELDS,
  MONEY_FIELDS,
  type NumberField,
  type Operand,
  SHARE_FIELDS,
} from '../rules/rule.ts';
import { parseAmount } from './fields.ts';

export type FieldType = 'count' | 'money' | 'days' | 'share';
/** A margin is money that may be below nothing. */
export type LiteralType = FieldType | 'margin';

/** What is wrong with a value, for the caller to place in its file. */
export interface Refusal {
  /** Below the value, when only a part of it is wrong. */
  readonly key?: string;
  /** The key itself is wrong, not what stands behind it. */
  readonly atKey?: boolean;
  readonly message: string;
  readonly suggestion?: string;
}

const COUNT_MAX = 1_000_000_000;
export const DAYS_MAX = 36_500;
const TIMES_MAX = 100;
const CYCLE_KEYS = ['times', 'of', 'min'];

export function fieldType(field: NumberField): FieldType {
  if ((COUNT_FIELDS as readonly string[]).includes(field)) return 'count';
  if ((MONEY_FIELDS as readonly string[]).includes(field)) return 'money';
  if ((DAY_FIELDS as readonly string[]).includes(field)) return 'days';
  if ((SHARE_FIELDS as readonly string[]).includes(field)) return 'share';
  throw new Error(`${field} has no type`);
}

/** How what stands right of the field's operator is written. */
export function literalType(field: NumberField): LiteralType {
  return field === 'orders.margin' ? 'margin' : fieldType(field);
}

/** A literal of the field's type, or for ages in days a multiple of the customer's cycle. */
export function parseOperand(
  field: NumberField,
  value: unknown,
  currency: string,
): Operand | Refusal {
  const relative = field === 'orders.last_days' || field === 'orders.first_days';
  if (relative && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return parseCycle(value as Readonly<Record<string, unknown>>);
  }
  const literal = parseLiteral(literalType(field), value, currency);
  return typeof literal === 'number' ? { kind: 'literal', value: literal } : literal;
}

/** A plain value of a field: counts, micros, half days or parts per million. */
export function parseLiteral(
  type: LiteralType,
  value: unknown,
  currency: string,
): number | Refusal {
  switch (type) {
    case 'count':
      return parseCount(value);
    case 'money':
    case 'margin':
      return parseMoney(type, value, currency);
    case 'days':
      return parseDays(value);
    case 'share':
      return parseShare(value);
  }
}

function parseCount(value: unknown): number | Refusal {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= COUNT_MAX) {
    return value as number;
  }
  return refused('expected a whole number >= 0', value, digitsIn(value));
}

function parseMoney(type: 'money' | 'margin', value: unknown, currency: string): number | Refusal {
  const amount = parseAmount(value);
  if (amount === null || (type === 'money' && amount.micros < 0)) {
    const digits = type === 'margin' ? signedDigitsIn(String(value)) : digitsIn(String(value));
    const meant = digits === undefined ? undefined : `${digits} ${currency}`;
    return refused(`expected an amount such as 500 ${currency}`, value, meant);
  }
  if (amount.currency === currency) return amount.micros;
  const message = `expected an amount in the shop's currency ${currency}`;
  return refused(message, value, `${formatMicros(amount.micros)} ${currency}`);
}

/** Whole or half days, plain or as `90d`, in half days. */
function parseDays(value: unknown): number | Refusal {
  const plain =
    typeof value === 'string' && /^\d{1,6}d$/.test(value) ? Number.parseInt(value, 10) : value;
  if (typeof plain === 'number' && plain >= 0 && plain <= DAYS_MAX && Number.isInteger(plain * 2)) {
    return plain * 2;
  }
  return refused(`expected days from 0 to ${DAYS_MAX}, whole or halves`, value, digitsIn(value));
}

function parseShare(value: unknown): number | Refusal {
  const ppm = typeof value === 'number' ? parseMicros(String(value)) : null;
  if (ppm !== null && ppm >= 0 && ppm <= MICROS_PER_UNIT) return ppm;
  const percent = /^(\d{1,3})(?:\.0+)? ?%?$/.exec(String(value))?.[1];
  const meant = percent === undefined ? undefined : formatMicros(Number(percent) * 10_000);
  return refused('expected a share from 0 to 1, at most 6 digits after the point', value, meant);
}

/** `{ times: 1.5, of: orders.cycle_days, min: 30 }`. */
export function parseCycle(
  value: Readonly<Record<string, unknown>>,
): (Operand & { kind: 'cycle' }) | Refusal {
  for (const key of Object.keys(value)) {
    if (CYCLE_KEYS.includes(key)) continue;
    const near = closest(key, CYCLE_KEYS);
    const message = `unknown key; known keys: ${CYCLE_KEYS.join(', ')}`;
    return { key, atKey: true, message, ...(near === undefined ? {} : { suggestion: near }) };
  }
  if (value['of'] !== 'orders.cycle_days') {
    return {
      key: 'of',
      ...refused('expected orders.cycle_days', value['of'], 'orders.cycle_days'),
    };
  }
  const times = typeof value['times'] === 'number' ? parseMicros(String(value['times'])) : null;
  const positive = times !== null && times > 0 && times <= TIMES_MAX * MICROS_PER_UNIT;
  if (!positive || times % 1000 !== 0) {
    const message = `expected a number from 0.001 to ${TIMES_MAX}, at most 3 digits after the point`;
    return { key: 'times', ...refused(message, value['times'], digitsIn(value['times'])) };
  }
  const min = parseDays(value['min'] ?? 0);
  if (typeof min !== 'number') return { key: 'min', ...min };
  return { kind: 'cycle', timesThousandths: times / 1000, minHalfDays: min };
}

function refused(expected: string, value: unknown, suggestion: string | undefined): Refusal {
  const got = value === undefined ? 'but it is missing' : `got ${JSON.stringify(value)}`;
  return {
    message: `${expected}, ${got.slice(0, 100)}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function digitsIn(value: unknown): string | undefined {
  return typeof value === 'string' ? /\d+(\.\d+)?/.exec(value)?.[0] : undefined;
}

function signedDigitsIn(text: string): string | undefined {
  return /-?\d+(\.\d+)?/.exec(text)?.[0];
}
