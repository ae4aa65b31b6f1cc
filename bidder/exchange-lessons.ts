/**
 * What a worker has learned of each exchange it answers. It outlives what is published; bids read it by
 * their dialect, nothing on their way writes more than a count.
 */
import type { Clock } from '../platform/clock.ts';
import {
  CREATIVE_AUDIT_KIND,
  decodeCreativeAudit,
  verdictOfAudit,
} from '../proto/creative-audit.ts';
import type { Exchange } from '../settings/exchange.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { Learned } from '../store/record-ports.ts';
import { AnswerMargin } from './answer-margin.ts';
import type { BidMetrics } from './bid-metrics.ts';

export const NO_CREATIVES: ReadonlySet<string> = new Set();
/** A notice older than this is of a replay, and tells nothing of the network now. */
const LOSS_AGE_MAX_MS = 60_000;

export interface ExchangeLessons {
  /** Not to be bid with there now. Replaced whole. */
  paused: ReadonlySet<string>;
  readonly margin: AnswerMargin;
}

export interface LessonsDeps {
  readonly learned: Pick<Learned, 'list'>;
  readonly clock: Clock;
  readonly metrics: BidMetrics;
  /** Gauges of all workers are summed: each shows its part of the mean. */
  readonly workers: number;
}

export class LessonBook {
  readonly #deps: LessonsDeps;
  readonly #lessons = new Map<string, ExchangeLessons>();
  /** As settings say, by exchange. */
  readonly #networkMs = new Map<string, number>();

  constructor(deps: LessonsDeps) {
    this.#deps = deps;
  }

  /** Those of the exchange, as far as its settings let what was learned. */
  of({ exchange, networkMs, networkMaxMs }: Exchange): ExchangeLessons {
    const known = this.#lessons.get(exchange);
    const lessons = known ?? { paused: NO_CREATIVES, margin: this.#marginOf(exchange) };
    this.#lessons.set(exchange, lessons);
    this.#networkMs.set(exchange, networkMs);
    lessons.margin.limit(networkMaxMs - networkMs);
    return lessons;
  }

  #marginOf(exchange: string): AnswerMargin {
    const { metrics, workers } = this.#deps;
    return new AnswerMargin((extraMs) =>
      metrics.answerMargin(exchange, (this.#networkMs.get(exchange)! + extraMs) / workers),
    );
  }

  /** A loss notice has counted; `atMs` is when it came, Unix ms. */
  lossSeen(exchange: string, { reason, atMs }: { readonly reason: string; readonly atMs: number }) {
    const { clock } = this.#deps;
    if (clock.nowMs() - atMs > LOSS_AGE_MAX_MS) return;
    this.#lessons.get(exchange)?.margin.lossTold(reason === 'expired', clock.monotonicMs());
  }

  /** Reads which creatives are paused. What the store does not answer is counted, and stays as it was. */
  async refresh(): Promise<void> {
    try {
      for (const [exchange, lessons] of this.#lessons) await this.#refreshOne(exchange, lessons);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#deps.metrics.lessonsFailed();
    }
  }

  async #refreshOne(exchange: string, lessons: ExchangeLessons): Promise<void> {
    const { learned, clock, metrics, workers } = this.#deps;
    lessons.paused = await pausedCreatives(learned, exchange, clock.nowMs());
    metrics.creativesPaused(exchange, lessons.paused.size / workers);
  }
}

/** Creatives not to be bid with on the exchange now. */
export async function pausedCreatives(
  learned: Pick<Learned, 'list'>,
  exchange: string,
  nowMs: number,
): Promise<ReadonlySet<string>> {
  const audits = await learned.list({ exchange, kind: CREATIVE_AUDIT_KIND }, nowMs);
  const paused = [...audits].filter(
    ([, bytes]) => verdictOfAudit(decodeCreativeAudit(bytes), nowMs).pausedUntilMs > nowMs,
  );
  return paused.length === 0 ? NO_CREATIVES : new Set(paused.map(([creative]) => creative));
}
