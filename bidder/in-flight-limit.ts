const LIMIT_FIRST = 64;
const LIMIT_LEAST = 8;
const LOWERED_TO = 0.7;

/**
 * How many requests may wait for the store at once. Each needs our work when its answer is there, so
 * of more than can be worked off in time all are late. How many that is depends on the store, the
 * machine and the campaigns, so it is found by trial, as TCP finds its window: one more for each
 * round that was used and quick, less by a third when one was slow.
 */
export class InFlightLimit {
  readonly #most: number;
  #limit: number;
  #loweredMs = Number.NEGATIVE_INFINITY;

  /** `most` is never exceeded. */
  constructor(most: number) {
    this.#most = most;
    this.#limit = Math.min(LIMIT_FIRST, most);
  }

  allows(inFlight: number): boolean {
    return inFlight < this.#limit;
  }

  /** A request that waited is answered in good time; `inFlight` counts it still. */
  quick(inFlight: number): void {
    if (inFlight * 2 > this.#limit)
      this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit);
  }

  /** A request that waited is answered late or nearly so. Monotonic ms. */
  slow(startedMs: number, nowMs: number): void {
    // Those that waited together are slow together, and say it once.
    if (startedMs <= this.#loweredMs) return;
    this.#loweredMs = nowMs;
    this.#limit = Math.max(LIMIT_LEAST, this.#limit * LOWERED_TO);
  }
}
