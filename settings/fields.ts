/** What people write in the workspace's YAML, as schemas whose output is checked and typed. */
import { z } from 'zod';
import { CAP_WINDOW_MAX_MS, type CapRule } from '../proto/exposure-log.ts';
import { NAME_PATTERN } from '../proto/ids.ts';
import { MICROS_PER_UNIT, parseMicros } from '../proto/micros.ts';

/** The most an amount may be, in units of currency: sums over a customer stay safe integers. */
const AMOUNT_UNITS_MAX = 1_000_000_000;
const CAPS_MAX = 8;
/** More impressions than this are not told apart by the exposure log. */
const CAP_IMPS_MAX = 500;
const TEXT_CHARS_MAX = 500;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export interface Amount {
  readonly micros: number;
  readonly currency: string;
}

export const nameField = z.string().regex(NAME_PATTERN, {
  error: 'expected a name of a-z, 0-9, _ and -, at most 64 characters',
});

export const textField = z
  .string()
  .trim()
  .min(1)
  .max(TEXT_CHARS_MAX)
  .regex(/^\P{Cc}*$/u, { error: 'expected one line of text without control characters' });

export const currencyField = z.string().regex(/^[A-Z]{3}$/, {
  error: 'expected a currency code of three capital letters such as USD',
});

/** `500 USD`: not negative, exact to the micro. */
export const amountField = z.unknown().transform((value, context): Amount => {
  const amount = parseAmount(value);
  if (amount !== null && amount.micros >= 0) return amount;
  const bare = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]{3})?\s*$/.exec(String(value));
  context.addIssue({
    code: 'custom',
    message: 'expected an amount such as 500 USD',
    params: bare === null ? {} : { suggestion: `${bare[1]} ${(bare[2] ?? 'USD').toUpperCase()}` },
  });
  return z.NEVER;
});

/** Null for anything but a plain decimal, below 0 too, a space and a currency code. */
export function parseAmount(value: unknown): Amount | null {
  if (typeof value !== 'string') return null;
  const match = /^(\S+) ([A-Z]{3})$/.exec(value.trim());
  if (match === null) return null;
  const micros = parseMicros(match[1]!);
  if (micros === null || Math.abs(micros) > AMOUNT_UNITS_MAX * MICROS_PER_UNIT) return null;
  return { micros, currency: match[2]! };
}

const STAY_DAYS_MAX = 3650;

/** `30d`: whole local days. */
export const daysField = z.unknown().transform((value, context): number => {
  const days = Number(/^(\d{1,4})d?$/.exec(String(value))?.[1] ?? 0);
  if (days > 0 && days <= STAY_DAYS_MAX && value === `${days}d`) return days;
  context.addIssue({
    code: 'custom',
    message: `expected days such as 30d, at most ${STAY_DAYS_MAX}d`,
    params: days > 0 && days <= STAY_DAYS_MAX ? { suggestion: `${days}d` } : {},
  });
  return z.NEVER;
});

/** `24h`, `30d`, `10ms` as ms: a whole number and one unit, more than zero. */
export const durationField = z.unknown().transform((value, context): number => {
  const durationMs = parseDuration(value);
  if (durationMs !== null) return durationMs;
  const digits = /^\s*(\d+)/.exec(String(value))?.[1];
  context.addIssue({
    code: 'custom',
    message: 'expected a duration such as 24h or 30d (ms, s, m, h or d)',
    params: digits === undefined ? {} : { suggestion: `${digits}h or ${digits}d` },
  });
  return z.NEVER;
});

export function parseDuration(value: unknown): number | null {
  const match = typeof value === 'string' ? /^(\d{1,9})(ms|s|m|h|d)$/.exec(value.trim()) : null;
  if (match === null) return null;
  const durationMs = Number(match[1]) * UNIT_MS[match[2]!]!;
  return durationMs > 0 && Number.isSafeInteger(durationMs) ? durationMs : null;
}

/** A share, 0 to 1. */
export const shareField = z.number().min(0).max(1);

/** A factor on a price. */
export const multiplierField = z.number().min(0.01).max(100);

/** `2026-11-22`, or a moment with its offset: `2026-11-22T10:00:00+02:00`. */
export const dateField = z.string().refine(isDate, {
  error: 'expected a date such as 2026-11-22, or a moment such as 2026-11-22T10:00:00Z',
});

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return false;
  const day = text.slice(0, 10);
  const ms = Date.parse(day);
  // Date.parse rolls 2026-02-30 over into March in some forms; the round trip refuses it.
  return (
    !Number.isNaN(Date.parse(text)) &&
    !Number.isNaN(ms) &&
    new Date(ms).toISOString().slice(0, 10) === day
  );
}

export const capsField = z
  .array(
    z.strictObject({
      max: z.int().min(1).max(CAP_IMPS_MAX),
      per: durationField.refine((windowMs) => windowMs >= 1000 && windowMs <= CAP_WINDOW_MAX_MS, {
        error: `expected a window from 1s to ${CAP_WINDOW_MAX_MS / UNIT_MS['d']!}d`,
      }),
      scope: z.enum(['campaign', 'shop']),
    }),
  )
  .max(CAPS_MAX)
  .transform((caps): CapRule[] =>
    caps.map(({ max, per, scope }) => ({ scope, impsMax: max, windowMs: per })),
  );

const languageField = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, {
  error: 'expected a language such as en, bg or pt-BR',
});

/** Plain text, or the same in several languages: `{ en: Lapsed loyal, bg: Заспали лоялни }`. */
export const titleField = z.union([
  textField,
  z.record(languageField, textField).refine((texts) => Object.keys(texts).length > 0, {
    error: 'expected a title in at least one language',
  }),
]);

/**
 * A title in the language of a locale: for de-AT that is de-AT, else de, else English, else the
 * language that was written first.
 */
export function titleIn(title: z.output<typeof titleField>, locale: string): string {
  if (typeof title === 'string') return title;
  const [language = ''] = locale.split('-');
  return title[locale] ?? title[language] ?? title['en'] ?? Object.values(title)[0]!;
}

export const localeField = z.string().refine(isLocale, {
  error: 'expected a language such as en-US, de-DE or bg-BG',
});

export const timeZoneField = z.string().refine(isTimeZone, {
  error: 'expected a time zone name such as Europe/Sofia',
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A registrable name in lower case, without scheme, port or path. */
export const hostField = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: 'expected a host name in lower case such as shop.example.com',
  });

function isLocale(name: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(name).length > 0;
  } catch {
    return false;
  }
}
