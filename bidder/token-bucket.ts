/** Lets so many through a second, with a short burst above it. Time is an argument: there is no timer. */

/** Of a second's tokens: what may come at once. Requests are spread unevenly within a tenth of a second. */
const BURST_SHARE = 0.1;

export class TokenBucket {
  readonly perSecond: number;
  readonly #most: number;
  #tokens: number;
  #atMs: number;

  /** `perSecond` is above 0; it may be below 1. */
  constructor(perSecond: number, monotonicMs: number) {
    this.perSecond = perSecond;
    this.#most = Math.max(1, perSecond * BURST_SHARE);
    this.#tokens = this.#most;
    this.#atMs = monotonicMs;
  }

  /** Takes a token; false when there is none. `monotonicMs` never steps back. */
  take(monotonicMs: number): boolean {
    const earned = ((monotonicMs - this.#atMs) * this.perSecond) / 1000;
    this.#tokens = Math.min(this.#most, this.#tokens + earned);
    this.#atMs = monotonicMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
