import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { keepCounters } from '../store/keep-store.ts';
import type { Store } from '../store/ports.ts';

/** After a power cut so much of the event log is replayed at most, and the time of one copy. */
const EVERY_MS = 300_000;
/** A copy that takes long is made seldom: at most this share of the time goes into copying. */
const SHARE_MAX = 0.02;

export interface CounterKeeperDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** A copy was made, or could not be. Not called for a Redis, which needs none. */
  kept(succeeded: boolean): void;
}

/** Copies the embedded store's counters now and then to where a power cut does not reach them. */
export class CounterKeeper {
  readonly #deps: CounterKeeperDeps;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #copying: Promise<void> = Promise.resolve();

  constructor(deps: CounterKeeperDeps) {
    this.#deps = deps;
  }

  /** The first copy is made at once. */
  start(): void {
    this.#next(0);
  }

  /** Resolves when no copy is under way any more; one that is, is given up. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#copying;
  }

  #next(waitMs: number): void {
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#copying = this.#copy();
    }, waitMs);
  }

  async #copy(): Promise<void> {
    const { store, clock, log, kept } = this.#deps;
    const startMs = clock.monotonicMs();
    try {
      const copy = await keepCounters(store, this.#stop.signal);
      if (copy === null) return;
      kept(true);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      kept(false);
      log.error(
        'the counters were not copied; a power cut would replay the log from the last copy',
        {
          error,
        },
      );
    }
    this.#next(Math.max(EVERY_MS, (clock.monotonicMs() - startMs) / SHARE_MAX));
  }
}
