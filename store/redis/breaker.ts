/**
 * Stops asking a store that does not answer. It opens when the connection is lost, or when within a
 * second at least 20 answers in a row failed, or half of at least 20, the first of them 50 ms ago: a
 * server that stood still for a moment fails every call of that moment, and is back before a probe
 * would ask. A probe after 250 ms, then 500 ms, 1 s … closes it.
 */
const WINDOW_MS = 1_000;
const ANSWERS_MIN = 20;
const FAILING_MIN_MS = 50;
const PROBE_FIRST_MS = 250;
/** Under 2 s with the probe's own time, so that work resumes within 2 s of the store's return. */
const PROBE_LAST_MS = 1_500;

export class Breaker {
  #open = false;
  #probeWaitMs = PROBE_FIRST_MS;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #answers = 0;
  #failures = 0;
  #failingSinceMs = 0;
  /** Failures since the last success, however many successes the window had before. */
  #inARow = 0;
  #rowSinceMs = 0;

  get isOpen(): boolean {
    return this.#open;
  }

  /** Counts an answer; true when this one opens the breaker. Time is monotonic ms. */
  answered(ok: boolean, nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#answers = 0;
      this.#failures = 0;
    }
    this.#answers++;
    if (ok) {
      this.#inARow = 0;
      return false;
    }
    if (this.#failures++ === 0) this.#failingSinceMs = nowMs;
    if (this.#inARow === 0 || nowMs - this.#rowSinceMs >= WINDOW_MS) {
      this.#inARow = 0;
      this.#rowSinceMs = nowMs;
    }
    this.#inARow++;
    return (this.#isSilent(nowMs) || this.#failsHalf(nowMs)) && this.trip();
  }

  #isSilent(nowMs: number): boolean {
    return this.#inARow >= ANSWERS_MIN && nowMs - this.#rowSinceMs >= FAILING_MIN_MS;
  }

  #failsHalf(nowMs: number): boolean {
    return (
      this.#answers >= ANSWERS_MIN &&
      this.#failures * 2 >= this.#answers &&
      nowMs - this.#failingSinceMs >= FAILING_MIN_MS
    );
  }

  /** Opens at once; false when it was open already. */
  trip(): boolean {
    if (this.#open) return false;
    this.#open = true;
    this.#probeWaitMs = PROBE_FIRST_MS;
    return true;
  }

  /** How long to wait before the next probe, ms; each further one waits twice as long. */
  nextProbeMs(): number {
    const waitMs = this.#probeWaitMs;
    this.#probeWaitMs = Math.min(PROBE_LAST_MS, waitMs * 2);
    return waitMs;
  }

  close(): void {
    this.#open = false;
    this.#windowStartMs = Number.NEGATIVE_INFINITY;
    this.#inARow = 0;
  }
}
