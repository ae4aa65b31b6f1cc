import type { CpmMicros } from '../proto/micros.ts';

/** What an exchange put where `${AUCTION_PRICE}` stood: a price, or the reason why it is none. */
export type ClearingPrice =
  | { readonly kind: 'known'; readonly cpmMicros: CpmMicros }
  | { readonly kind: 'unknown'; readonly form: 'empty' | 'audit' | 'macro' | 'unreadable' };

const TEXT_LENGTH_MAX = 128;
const MICRO_DIGITS = 6;
/** A CPM over this is no price of an impression. */
const CPM_MICROS_MAX = 1e12;
const DECIMAL = /^(\d{1,15})(?:\.(\d{0,18}))?(?:[eE]([+-]?\d{1,2}))?$/;
const MACRO = /^(\$\{|%24%7b|%%|\{)/i;
const BASE64 = /^[A-Za-z0-9+/_-]{2,100}={0,2}$/;

/**
 * Reads the price parameter of a notice, already percent-decoded or not; never throws. Decimal and
 * scientific text are read exactly, never through a float; digits past the sixth are rounded half
 * up. Base64 (plain or URL-safe) of such a text is read too. Everything else is unknown.
 */
export function parseClearingPrice(text: string): ClearingPrice {
  if (text === '') return { kind: 'unknown', form: 'empty' };
  if (text.length > TEXT_LENGTH_MAX) return { kind: 'unknown', form: 'unreadable' };
  if (text === 'AUDIT') return { kind: 'unknown', form: 'audit' };
  if (MACRO.test(text)) return { kind: 'unknown', form: 'macro' };
  const cpmMicros = decimalMicros(text) ?? base64Micros(text);
  return cpmMicros === null
    ? { kind: 'unknown', form: 'unreadable' }
    : { kind: 'known', cpmMicros };
}

function base64Micros(text: string): CpmMicros | null {
  return BASE64.test(text) ? decimalMicros(Buffer.from(text, 'base64').toString('latin1')) : null;
}

function decimalMicros(text: string): CpmMicros | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const fraction = match[2] ?? '';
  const digits = BigInt(match[1]! + fraction);
  const shift = Number(match[3] ?? 0) + MICRO_DIGITS - fraction.length;
  const micros = shift >= 0 ? digits * 10n ** BigInt(shift) : dividedHalfUp(digits, -shift);
  return micros <= CPM_MICROS_MAX ? (Number(micros) as CpmMicros) : null;
}

/** digits / 10^places, half up. */
function dividedHalfUp(digits: bigint, places: number): bigint {
  const divisor = 10n ** BigInt(places);
  return (digits + divisor / 2n) / divisor;
}
