import type { Clock } from '../platform/clock.ts';
import {
  addWinPrices,
  countPrice,
  decodeWinPrices,
  emptyWinPrices,
  encodeWinPrices,
  WIN_PRICES_KIND,
  type WinPriceSeries,
  type WinPrices,
} from '../proto/win-prices.ts';
import type { Store } from '../store/ports.ts';

/** An exchange that has told nothing for so long begins anew. */
const KEEP_MS = 90 * 24 * 3_600_000;
/** One write an exchange and currency in this time, however many notices there are. */
const FLUSH_EVERY_MS = 10_000;

/** Whose prices. */
export interface Market {
  readonly exchange: string;
  readonly currency: string;
}

/**
 * Win prices of one worker on their way to the store, added to what other workers have counted. They
 * are statistics, not money: what was not flushed when a process is killed is not counted.
 */
export class WinPriceBook {
  readonly #learned: Store['learned'];
  readonly #clock: Clock;
  #pending = new Map<string, { readonly market: Market; readonly prices: WinPrices }>();
  #flushedMs: number;

  constructor({ learned }: Pick<Store, 'learned'>, clock: Clock) {
    this.#learned = learned;
    this.#clock = clock;
    this.#flushedMs = clock.monotonicMs();
  }

  count(market: Market, series: WinPriceSeries, cpmMicros: number): void {
    countPrice(this.#of(market), series, cpmMicros);
  }

  async flushWhenDue(): Promise<void> {
    if (this.#clock.monotonicMs() - this.#flushedMs >= FLUSH_EVERY_MS) await this.flush();
  }

  /** Rejects with StoreUnavailable: what could not be written is kept for the next flush. */
  async flush(): Promise<void> {
    this.#flushedMs = this.#clock.monotonicMs();
    const leaving = [...this.#pending.values()];
    this.#pending = new Map();
    const written = await Promise.allSettled(leaving.map((each) => this.#write(each)));
    const failed = leaving.filter((_, i) => written[i]!.status === 'rejected');
    for (const { market, prices } of failed) addWinPrices(this.#of(market), prices);
    for (const result of written) if (result.status === 'rejected') throw result.reason;
  }

  #of(market: Market): WinPrices {
    const name = `${market.exchange} ${market.currency}`;
    const known = this.#pending.get(name);
    if (known !== undefined) return known.prices;
    const prices = emptyWinPrices();
    this.#pending.set(name, { market, prices });
    return prices;
  }

  async #write({ market, prices }: { market: Market; prices: WinPrices }): Promise<void> {
    const { exchange, currency } = market;
    const nowMs = this.#clock.nowMs();
    const key = { exchange, kind: WIN_PRICES_KIND, name: currency, keepMs: KEEP_MS, nowMs };
    await this.#learned.update(key, (current) => {
      const sum = decodeWinPrices(current);
      addWinPrices(sum, prices);
      return encodeWinPrices(sum);
    });
  }
}
