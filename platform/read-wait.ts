/** Finer is not worth a call into the loop: a wait may be taken for this much longer than it was. */
const ROUND_MS_MIN = 1;
/** A loop that rested so long is not short of time; its housekeeping in between is nobody's wait. */
const RESTED_MS = 10;

/** What is to be known of an event loop. */
export interface LoopView {
  /** How long it has had nothing to do in all, ms. */
  restMs(): number;
  /** Calls back once when all that this turn found to be read has been. */
  afterReads(call: () => void): void;
}

/**
 * How long what a handler reads now may have waited unread. Requests wait in the kernel while the
 * loop works, and nothing there tells since when. But a turn of the loop reads all that was there
 * when it began, and what comes while the loop rests is read at once. So what this turn reads came
 * after the turn before had begun, and has waited no longer than the loop has worked since. One
 * object a thread; docs/decisions/0010 has the alternatives.
 */
export class ReadWait {
  readonly #loop: LoopView;
  #earliestMs = 0;
  #beganMs = Number.NEGATIVE_INFINITY;
  #restAtBeginMs = Number.NEGATIVE_INFINITY;
  #inRound = false;

  constructor(loop: LoopView) {
    this.#loop = loop;
  }

  /**
   * For each request, with the time at which it is read, monotonic ms. Returns the moment before
   * which it cannot have come, on the same scale.
   */
  earliestMs(nowMs: number): number {
    if (!this.#inRound && nowMs - this.#beganMs >= ROUND_MS_MIN) this.#begin(nowMs);
    return this.#earliestMs;
  }

  /** A round is the rest of this turn, and while turns are short those of the next millisecond. */
  #begin(nowMs: number): void {
    const restMs = this.#loop.restMs();
    const restedMs = restMs - this.#restAtBeginMs;
    const workedMs = nowMs - this.#beganMs - restedMs;
    this.#earliestMs = restedMs < RESTED_MS ? nowMs - Math.max(0, workedMs) : nowMs;
    this.#beganMs = nowMs;
    this.#restAtBeginMs = restMs;
    this.#inRound = true;
    this.#loop.afterReads(this.#end);
  }

  readonly #end = (): void => {
    this.#inRound = false;
  };
}
