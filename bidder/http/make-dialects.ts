/** The dialects of all exchanges, made anew whenever settings or what is known of sellers change. */
import type { Clock } from '../../platform/clock.ts';
import type { Exchange } from '../../settings/exchange.ts';
import type { LessonBook } from '../exchange-lessons.ts';
import type { SupplyIndex } from '../supply/supply-index.ts';
import { NO_SUPPLY_INDEX } from '../supply/supply-refusal.ts';
import type { WantedDomains } from '../supply/wanted-domains.ts';
import { TokenBucket } from '../token-bucket.ts';
import { type Dialect, dialectOf } from './dialect.ts';

interface DialectMakerInput {
  /** All workers that share an exchange's quota. */
  readonly workers: number;
  readonly clock: Clock;
  readonly lessons: LessonBook;
  readonly wanted: WantedDomains;
}

export class DialectMaker {
  readonly #input: DialectMakerInput;
  #made: ReadonlyMap<string, Dialect> = new Map();

  constructor(input: DialectMakerInput) {
    this.#input = input;
  }

  /** By exchange. */
  make(
    exchanges: readonly Exchange[],
    index: SupplyIndex = NO_SUPPLY_INDEX,
  ): ReadonlyMap<string, Dialect> {
    const { lessons, wanted } = this.#input;
    const known = { index, wanted };
    this.#made = new Map(
      exchanges.map((exchange) => [
        exchange.exchange,
        dialectOf(exchange, {
          quota: this.#quotaOf(exchange),
          lessons: lessons.of(exchange),
          known,
        }),
      ]),
    );
    return this.#made;
  }

  /** What an exchange has used of its quota it has used: it is kept while the quota stays. */
  #quotaOf({ exchange, qpsMax }: Exchange): TokenBucket | null {
    const { workers, clock } = this.#input;
    const perSecond = qpsMax / workers;
    const known = this.#made.get(exchange)?.quota ?? null;
    if (known?.perSecond === perSecond) return known;
    return Number.isFinite(perSecond) ? new TokenBucket(perSecond, clock.monotonicMs()) : null;
  }
}
