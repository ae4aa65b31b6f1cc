import type { Clock } from '../platform/clock.ts';
import type { Exchange } from '../settings/exchange.ts';
import type { Store } from '../store/ports.ts';
import type { LossReason } from './loss-reasons.ts';
import type { TrackerMetrics } from './tracker-metrics.ts';
import type { WinPriceBook } from './win-price-book.ts';

export interface ApplyDeps {
  readonly store: Store;
  /** Undefined when the exchange has been removed: then its billing notice books. */
  exchange(name: string): Pick<Exchange, 'billing'> | undefined;
  readonly clock: Clock;
  readonly metrics: TrackerMetrics;
  readonly winPrices: WinPriceBook;
  /** A loss that counts; of a replay it may be old. */
  lossSeen(exchange: string, loss: { readonly reason: LossReason; readonly atMs: number }): void;
}
