import type { Clock } from './clock.ts';

const CAPACITY_MIN = 64;

export interface Sweepable {
  /** True once the item needs no deadline any more: it is dropped when its turn comes. */
  readonly done: boolean;
}

/**
 * One timer for all deadlines. Items wait in a ring in the order they were added; the timer waits
 * for the deadline of the first, drops all that are done then, and waits for the first of the rest.
 * Under a steady load of items that are done in time the timer so goes off once in a delay: more
 * often, it would wake a loop that has nothing to do. Done items at the front make room for each new
 * one, so that a ring holds what is under way and not all of a delay. An item whose deadline is
 * before that of an earlier one may be late by the difference: use one sweep per constant delay.
 */
export class DeadlineSweep<T extends Sweepable> {
  readonly #clock: Clock;
  readonly #onExpired: (item: T) => void;
  #items: (T | undefined)[] = new Array<T | undefined>(CAPACITY_MIN).fill(undefined);
  #deadlines = new Float64Array(CAPACITY_MIN);
  #first = 0;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * `onExpired` is called once per expired item that is not done, within a millisecond or two of
   * its deadline, and must not throw.
   */
  constructor(clock: Clock, onExpired: (item: T) => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  /** Entries held, done ones included. */
  get size(): number {
    return this.#count;
  }

  /** `deadlineMs` is on the clock's monotonic scale. */
  add(item: T, deadlineMs: number): void {
    while (this.#count > 0 && this.#items[this.#first]!.done) this.#takeFirst();
    if (this.#count === this.#items.length) this.#grow();
    const slot = (this.#first + this.#count) & (this.#items.length - 1);
    this.#items[slot] = item;
    this.#deadlines[slot] = deadlineMs;
    this.#count++;
    if (this.#timer === undefined) this.#waitFor(deadlineMs, this.#clock.monotonicMs());
  }

  #waitFor(deadlineMs: number, nowMs: number): void {
    this.#timer = setTimeout(this.#sweep, Math.ceil(deadlineMs - nowMs));
    // What is waited for holds the process itself, by a socket; what is done must not hold it.
    this.#timer.unref();
  }

  readonly #sweep = (): void => {
    const nowMs = this.#clock.monotonicMs();
    while (this.#count > 0) {
      const deadlineMs = this.#deadlines[this.#first]!;
      if (!this.#items[this.#first]!.done && deadlineMs > nowMs) {
        this.#waitFor(deadlineMs, nowMs);
        return;
      }
      const item = this.#takeFirst();
      if (!item.done) this.#onExpired(item);
    }
    this.#timer = undefined;
  };

  #takeFirst(): T {
    const item = this.#items[this.#first]!;
    this.#items[this.#first] = undefined;
    this.#first = (this.#first + 1) & (this.#items.length - 1);
    this.#count--;
    return item;
  }

  #grow(): void {
    const capacity = this.#items.length;
    const items = new Array<T | undefined>(capacity * 2).fill(undefined);
    const deadlines = new Float64Array(capacity * 2);
    for (let i = 0; i < this.#count; i++) {
      const slot = (this.#first + i) & (capacity - 1);
      items[i] = this.#items[slot];
      deadlines[i] = this.#deadlines[slot]!;
    }
    this.#items = items;
    this.#deadlines = deadlines;
    this.#first = 0;
  }
}
