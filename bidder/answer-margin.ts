/**
 * How much earlier than its settings say an exchange must be answered, learned from what it and our
 * own clock tell: AIMD, as TCP learns how much a line takes. Trouble halves the time we allow ourselves
 * beyond the most careful, quiet adds a little. One for each exchange and worker; a bid reads a number.
 */

const WINDOW_MS = 10_000;
/** Fewer say nothing. */
const EVIDENCE_MIN = 20;
/** Of loss notices: those that say the impression opportunity had expired (OpenRTB loss code 2). */
const EXPIRED_SHARE_MAX = 0.02;
/** Of bids: those that left after their own deadline. */
const LATE_SHARE_MAX = 0.01;
const ALLOWANCE_DECREASE = 0.5;
const ALLOWANCE_INCREASE_MS = 1;

export class AnswerMargin {
  /** To be taken off beside what settings say, ms. */
  extraMs = 0;
  #extraMaxMs = 0;
  #windowEndsMs = Number.NEGATIVE_INFINITY;
  #losses = 0;
  #expired = 0;
  #bids = 0;
  #late = 0;
  /** What is told in the window after a change is of bids from before it. */
  #settling = false;
  readonly #changed: (extraMs: number) => void;

  constructor(changed: (extraMs: number) => void) {
    this.#changed = changed;
  }

  /** As settings say now; what was learned stays as far as they let it. */
  limit(extraMaxMs: number): void {
    this.#extraMaxMs = extraMaxMs;
    this.extraMs = Math.min(this.extraMs, extraMaxMs);
    this.#changed(this.extraMs);
  }

  /** A bid has left. Times are of the monotonic clock. */
  bidLeft(late: boolean, nowMs: number): void {
    if (nowMs >= this.#windowEndsMs) this.#judge(nowMs);
    this.#bids++;
    if (late) this.#late++;
  }

  /** A loss notice has come. */
  lossTold(expired: boolean, nowMs: number): void {
    if (nowMs >= this.#windowEndsMs) this.#judge(nowMs);
    this.#losses++;
    if (expired) this.#expired++;
  }

  #judge(nowMs: number): void {
    this.#windowEndsMs = nowMs + WINDOW_MS;
    const toldOfLosses = this.#losses >= EVIDENCE_MIN;
    const toldOfBids = this.#bids >= EVIDENCE_MIN;
    if (!toldOfLosses && !toldOfBids) return;
    const trouble =
      (toldOfLosses && this.#expired > this.#losses * EXPIRED_SHARE_MAX) ||
      (toldOfBids && this.#late > this.#bids * LATE_SHARE_MAX);
    this.#losses = 0;
    this.#expired = 0;
    this.#bids = 0;
    this.#late = 0;
    if (this.#settling) this.#settling = false;
    else this.#adapt(trouble);
  }

  #adapt(trouble: boolean): void {
    const allowanceMs = this.#extraMaxMs - this.extraMs;
    const nextMs = trouble
      ? allowanceMs * ALLOWANCE_DECREASE
      : Math.min(this.#extraMaxMs, allowanceMs + ALLOWANCE_INCREASE_MS);
    this.#settling = trouble;
    if (nextMs === allowanceMs) return;
    this.extraMs = this.#extraMaxMs - nextMs;
    this.#changed(this.extraMs);
  }
}
