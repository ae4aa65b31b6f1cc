/**
 * What bids of an exchange and currency cost and came to: counters by price, a JSON text. Prices lie
 * in buckets half an octave wide from 0.01 to about 115 CPM.
 */

/** LearnedRef.kind; the name is the currency. */
export const WIN_PRICES_KIND = 'win-price';

/**
 * `won`, `outbid`, `below_floor` and `lost` (for another reason) count bids by what was bid; `cleared`,
 * and the minima to win of won and of lost auctions, count by the price told.
 */
const WIN_PRICE_SERIES = [
  'won',
  'outbid',
  'below_floor',
  'lost',
  'cleared',
  'min_to_win_won',
  'min_to_win_lost',
] as const;
export type WinPriceSeries = (typeof WIN_PRICE_SERIES)[number];

const LEAST_CPM_MICROS = 10_000;
const BUCKETS_PER_OCTAVE = 2;
const OCTAVES = 13.5;

/** Upper bounds in CPM micros, inclusive; what is above the last lies in one more bucket. */
export const WIN_PRICE_BOUNDS: readonly number[] = Array.from(
  { length: OCTAVES * BUCKETS_PER_OCTAVE + 1 },
  (_, i) => Math.round(LEAST_CPM_MICROS * 2 ** (i / BUCKETS_PER_OCTAVE)),
);
const BUCKETS = WIN_PRICE_BOUNDS.length + 1;

/** By series, then by bucket. */
export type WinPrices = Readonly<Record<WinPriceSeries, number[]>>;

export function emptyWinPrices(): WinPrices {
  const series = WIN_PRICE_SERIES.map((name) => [name, new Array<number>(BUCKETS).fill(0)]);
  return Object.fromEntries(series) as WinPrices;
}

export function countPrice(prices: WinPrices, series: WinPriceSeries, cpmMicros: number): void {
  const at = WIN_PRICE_BOUNDS.findIndex((bound) => cpmMicros <= bound);
  prices[series][at === -1 ? BUCKETS - 1 : at]!++;
}

/** Adds `more` to `prices`. */
export function addWinPrices(prices: WinPrices, more: WinPrices): void {
  for (const name of WIN_PRICE_SERIES)
    for (let i = 0; i < BUCKETS; i++) prices[name][i]! += more[name][i]!;
}

/** Share of bids in the bucket that won, of those that were won or lost by their price; null for none. */
export function winRate(
  { won, outbid, below_floor: low }: WinPrices,
  bucket: number,
): number | null {
  const all = won[bucket]! + outbid[bucket]! + low[bucket]!;
  return all === 0 ? null : won[bucket]! / all;
}

export function encodeWinPrices(prices: WinPrices): Uint8Array {
  return Buffer.from(JSON.stringify(prices));
}

/** Null, and series that are none, are ones that have counted nothing. */
export function decodeWinPrices(bytes: Uint8Array | null): WinPrices {
  const prices = emptyWinPrices();
  const stored = bytes === null ? null : parsed(bytes);
  if (stored === null) return prices;
  for (const name of WIN_PRICE_SERIES) {
    const counts = stored[name];
    if (isSeries(counts)) prices[name].splice(0, BUCKETS, ...counts);
  }
  return prices;
}

function isSeries(counts: unknown): counts is number[] {
  return (
    Array.isArray(counts) &&
    counts.length === BUCKETS &&
    counts.every((count) => Number.isSafeInteger(count) && count >= 0)
  );
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
