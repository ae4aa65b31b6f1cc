/**
 * Money. Every amount is an integer: a shop's money in micros of its currency (orders, prices of
 * goods), an impression's money in CPM micros. One impression at CPM micros m costs m nanos of the
 * currency, so budgets, which are sums over impressions, are kept in nanos and nothing is rounded.
 * The sum of one budget stays a safe integer because no budget may exceed BUDGET_UNITS_MAX.
 */
export type Micros = number & { readonly unit: 'micros' };
export type CpmMicros = number & { readonly unit: 'cpm-micros' };
export type Nanos = number & { readonly unit: 'nanos' };

export const MICROS_PER_UNIT = 1_000_000;
/** 2^53 nanos are 9.007 million units of currency; a budget may be nine million. */
export const BUDGET_UNITS_MAX = 9_000_000;

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,18}))?$/;

/**
 * Reads a plain decimal text exactly, never through a float (8.41 * 1e6 is not 8410000).
 * Digits past the sixth must be zero. Returns null for anything else: exponents, signs but a
 * leading minus, blanks, NaN, more than 9.007e9 units.
 */
export function parseMicros(text: string): Micros | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const fraction = match[3] ?? '';
  if (fraction.length > 6 && /[1-9]/.test(fraction.slice(6))) return null;
  const micros =
    Number(match[2] as string) * MICROS_PER_UNIT + Number(fraction.slice(0, 6).padEnd(6, '0'));
  if (!Number.isSafeInteger(micros)) return null;
  return (match[1] === '-' && micros !== 0 ? -micros : micros) as Micros;
}

/** Up to 15 digits a double prints as the decimal it was made from. */
const EXACT_QUOTIENT_MAX = 1e15;

/** The shortest decimal text of an amount: 1500000 is "1.5". Inverse of parseMicros. */
export function formatMicros(micros: number): string {
  if (Math.abs(micros) < EXACT_QUOTIENT_MAX) return `${micros / MICROS_PER_UNIT}`;
  const sign = micros < 0 ? '-' : '';
  const whole = Math.abs(micros);
  const fraction = whole % MICROS_PER_UNIT;
  const units = (whole - fraction) / MICROS_PER_UNIT;
  if (fraction === 0) return `${sign}${units}`;
  return `${sign}${units}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
}

/** A budget in units of currency as nanos; the caller has checked BUDGET_UNITS_MAX. */
export function budgetNanos(amount: Micros): Nanos {
  return (amount * 1000) as Nanos;
}
