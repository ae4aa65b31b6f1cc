const LIMIT_LEAST = 8;
const LOWERED_TO = 0.7;

/**
 * How many requests may wait for the store at once. Each needs our work when its answer is there, so
 * of more than can be worked off in time all are late. How many that is depends on the store, the
 * machine and the campaigns, so it is found by trial, as TCP finds its window: less by a third when
 * a round was slow, one more for each that was quick. Only rounds that used at least half of it tell:
 * where few wait, it is not their number that makes them slow.
 */
export class InFlightLimit {
  readonly #most: number;
  #limit: number;
  #usedMs = Number.NEGATIVE_INFINITY;
  #loweredMs = Number.NEGATIVE_INFINITY;

  /** `most` is never exceeded. */
  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  allows(inFlight: number): boolean {
    return inFlight < this.#limit;
  }

  /** One more waits since `startedMs`, monotonic as all times here; `inFlight` counts it. */
  began(inFlight: number, startedMs: number): void {
    if (inFlight * 2 >= this.#limit) this.#usedMs = startedMs;
  }

  /** The one that waited since `startedMs` is answered in good time. */
  quick(startedMs: number): void {
    if (startedMs <= this.#usedMs)
      this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit);
  }

  /** The one that waited since `startedMs` is answered now, late or nearly so. */
  slow(startedMs: number, nowMs: number): void {
    // Those that waited together are slow together, and say it once.
    if (startedMs > this.#usedMs || startedMs <= this.#loweredMs) return;
    this.#loweredMs = nowMs;
    this.#limit = Math.max(LIMIT_LEAST, this.#limit * LOWERED_TO);
  }
}
