import type { CpmMicros } from '../proto/micros.ts';
import type { ExchangePrice, PriceCodec, PriceUnit } from '../settings/exchange.ts';
import { openGooglePrice } from './google-price.ts';

/**
 * Why a text is no price. Of those that come sealed: `encrypted-unreadable` is not sealed, or holds
 * no price; `forged` no key of ours has sealed; `stale` was sealed for another bid, or by a wrong clock.
 */
export const UNKNOWN_PRICE_FORMS = [
  'empty',
  'audit',
  'macro',
  'unreadable',
  'encrypted-unreadable',
  'forged',
  'stale',
] as const;

/** What an exchange put where `${AUCTION_PRICE}` stood: a price, or the reason why it is none. */
export type ClearingPrice =
  | { readonly kind: 'known'; readonly cpmMicros: CpmMicros }
  | { readonly kind: 'unknown'; readonly form: (typeof UNKNOWN_PRICE_FORMS)[number] };

/** A sealed price older than this is none: a bid holds for minutes, its notice comes soon after. */
export const SEALED_AGE_MAX_MS = 24 * 3_600_000;
/** How far the exchange's clock may be from ours. */
export const CLOCK_SKEW_MAX_MS = 5 * 60_000;
const SEALED_FAULTS = { unreadable: 'encrypted-unreadable', forged: 'forged' } as const;
/** Micros of one impression's cost in CPM micros. */
const IMPRESSIONS_PER_CPM = 1000n;

const TEXT_LENGTH_MAX = 128;
const MICRO_DIGITS = 6;
/** A CPM over this is no price of an impression. */
const CPM_MICROS_MAX = 1e12;
const DECIMAL = /^(\d{1,15})(?:\.(\d{0,18}))?(?:[eE]([+-]?\d{1,2}))?$/;
const MACRO = /^(\$\{|%24%7b|%%|\{)/i;
const BASE64 = /^[A-Za-z0-9+/_-]{2,100}={0,2}$/;

/** When a price was asked for and when it came: it cannot have been sealed outside of that. */
export interface PriceTimes {
  readonly bidAtMs: number;
  readonly nowMs: number;
}

/** Reads the price parameter of a notice as its exchange writes it; never throws. */
export function readClearingPrice(
  text: string,
  { macro, codec }: ExchangePrice,
  times: PriceTimes,
): ClearingPrice {
  if (text === macro) return { kind: 'unknown', form: 'macro' };
  return codec.kind === 'plain' ? parseClearingPrice(text) : readSealed(text, codec, times);
}

/**
 * Reads what would have won, as its exchange writes prices; null when it is not told. It is no money
 * and only learned from, so that exchanges which seal the price may send it in clear.
 */
export function readMinToWin(
  text: string,
  { codec }: ExchangePrice,
  times: PriceTimes,
): CpmMicros | null {
  if (codec.kind !== 'plain') {
    const opened = readSealed(text, codec, times);
    if (opened.kind === 'known') return opened.cpmMicros;
  }
  const price = parseClearingPrice(text);
  return price.kind === 'known' ? price.cpmMicros : null;
}

/** What an exchange that seals its prices sends in clear is not from it, and no price. */
function readSealed(
  text: string,
  { keys, unit }: Exclude<PriceCodec, { kind: 'plain' }>,
  times: PriceTimes,
): ClearingPrice {
  const placeholder = placeholderForm(text);
  if (placeholder !== null) return { kind: 'unknown', form: placeholder };
  const opened = openGooglePrice(text, keys);
  if (opened.kind !== 'opened') return { kind: 'unknown', form: SEALED_FAULTS[opened.kind] };
  const cpmMicros = cpmMicrosOf(opened.micros, unit);
  if (cpmMicros === null) return { kind: 'unknown', form: 'encrypted-unreadable' };
  if (isStale(opened.sealedAtMs, times)) return { kind: 'unknown', form: 'stale' };
  return { kind: 'known', cpmMicros };
}

function cpmMicrosOf(micros: bigint, unit: PriceUnit): CpmMicros | null {
  const cpmMicros = unit === 'cpm' ? micros : micros * IMPRESSIONS_PER_CPM;
  return cpmMicros >= 0n && cpmMicros <= CPM_MICROS_MAX ? (Number(cpmMicros) as CpmMicros) : null;
}

/** One of another bid, played back: a low price of before must not be booked again. */
function isStale(sealedAtMs: number, { bidAtMs, nowMs }: PriceTimes): boolean {
  const earliestMs = Math.max(bidAtMs - CLOCK_SKEW_MAX_MS, nowMs - SEALED_AGE_MAX_MS);
  return sealedAtMs < earliestMs || sealedAtMs > nowMs + CLOCK_SKEW_MAX_MS;
}

/**
 * Reads the price parameter of a notice, already percent-decoded or not; never throws. Decimal and
 * scientific text are read exactly, never through a float; digits past the sixth are rounded half
 * up. Base64 (plain or URL-safe) of such a text is read too. Everything else is unknown.
 */
export function parseClearingPrice(text: string): ClearingPrice {
  if (text.length > TEXT_LENGTH_MAX) return { kind: 'unknown', form: 'unreadable' };
  const placeholder = placeholderForm(text);
  if (placeholder !== null) return { kind: 'unknown', form: placeholder };
  const cpmMicros = decimalMicros(text) ?? base64Micros(text);
  return cpmMicros === null
    ? { kind: 'unknown', form: 'unreadable' }
    : { kind: 'known', cpmMicros };
}

/** Nothing, or what stands where an exchange has put no price. */
function placeholderForm(text: string): 'empty' | 'audit' | 'macro' | null {
  if (text === '') return 'empty';
  if (text === 'AUDIT') return 'audit';
  return MACRO.test(text) ? 'macro' : null;
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
