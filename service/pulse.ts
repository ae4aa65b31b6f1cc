/**
 * How many beats in a row went unanswered. Beats are counted, not time: whoever counts may have
 * been stopped together with those it watches, as by Ctrl-Z.
 */
export class Pulse {
  readonly #missedMax: number;
  #missed = 0;

  constructor(missedMax: number) {
    this.#missedMax = missedMax;
  }

  answered(): void {
    this.#missed = 0;
  }

  /** Before each beat: false when too many went unanswered already. */
  beats(): boolean {
    return this.#missed++ < this.#missedMax;
  }
}

/** Between two beats of the supervisor. */
export const BEAT_MS = 500;
/** A process that answers none of so many is ended: others may wait for a lock that it holds. */
export const PROCESS_BEATS_MISSED_MAX = 6;
/**
 * A thread may miss more than a process, since it may be the one that waits for the lock of a
 * process that hangs. With one that missed more its process stops answering.
 */
export const THREAD_BEATS_MISSED_MAX = 20;
