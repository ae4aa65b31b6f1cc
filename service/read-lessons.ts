/** What the exchanges of a workspace have taught, as the store holds it: for people and programs. */
import {
  type AuditVerdict,
  CREATIVE_AUDIT_KIND,
  decodeCreativeAudit,
  verdictOfAudit,
} from '../proto/creative-audit.ts';
import {
  decodeWinPrices,
  WIN_PRICE_BOUNDS,
  WIN_PRICES_KIND,
  type WinPriceSeries,
  type WinPrices,
  winRate,
} from '../proto/win-prices.ts';
import type { Store } from '../store/ports.ts';

export interface ExchangeLesson {
  readonly exchange: string;
  readonly creatives: readonly (AuditVerdict & { readonly creative: string })[];
  readonly winPrices: readonly {
    readonly currency: string;
    /** Those that have counted anything, the cheapest first. */
    readonly buckets: readonly PriceBucket[];
  }[];
}

type PriceBucket = Readonly<Record<WinPriceSeries, number>> & {
  /** CPM micros, inclusive; null for what is above all bounds. */
  readonly upToCpmMicros: number | null;
  /** Of bids at this price that were won or lost by it; null for none. */
  readonly winRate: number | null;
};

/** Rejects with StoreUnavailable. */
export async function readLessons(
  { learned }: Pick<Store, 'learned'>,
  exchanges: readonly string[],
  nowMs: number,
): Promise<readonly ExchangeLesson[]> {
  return Promise.all(
    exchanges.map(async (exchange) => {
      const audits = await learned.list({ exchange, kind: CREATIVE_AUDIT_KIND }, nowMs);
      const prices = await learned.list({ exchange, kind: WIN_PRICES_KIND }, nowMs);
      return {
        exchange,
        creatives: [...audits].map(([creative, bytes]) => ({
          creative,
          ...verdictOfAudit(decodeCreativeAudit(bytes), nowMs),
        })),
        winPrices: [...prices].map(([currency, bytes]) => ({
          currency,
          buckets: bucketsOf(decodeWinPrices(bytes)),
        })),
      };
    }),
  );
}

function bucketsOf(prices: WinPrices): PriceBucket[] {
  const series = Object.keys(prices) as WinPriceSeries[];
  return prices.won
    .map((_, bucket) => {
      const counts = series.map((name) => [name, prices[name][bucket]!]);
      return {
        upToCpmMicros: WIN_PRICE_BOUNDS[bucket] ?? null,
        winRate: winRate(prices, bucket),
        ...(Object.fromEntries(counts) as Record<WinPriceSeries, number>),
      };
    })
    .filter((bucket) => series.some((name) => bucket[name] > 0));
}
