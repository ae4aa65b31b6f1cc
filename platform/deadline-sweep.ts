import type { Clock } from './clock.ts';

const TICK_MS_DEFAULT = 1;
const CAPACITY_MIN = 64;

export interface Sweepable {
  /** True once the item needs no deadline any more: it is dropped when its turn comes. */
  readonly done: boolean;
}

/**
 * One timer for all deadlines. Items wait in a ring in the order they were added; an interval,
 * running only while somebody waits, takes expired ones from the front. So adding costs two
 * stores and no timer, and an item whose deadline is before that of an earlier one is late by the
 * difference: use one sweep per constant delay.
 */
export class DeadlineSweep<T extends Sweepable> {
  readonly #clock: Clock;
  readonly #onExpired: (item: T) => void;
  readonly #tickMs: number;
  #items: (T | undefined)[] = new Array<T | undefined>(CAPACITY_MIN).fill(undefined);
  #deadlines = new Float64Array(CAPACITY_MIN);
  #first = 0;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * `onExpired` is called once per expired item that is not done, within `tickMs` of its deadline,
   * and must not throw.
   */
  constructor(clock: Clock, onExpired: (item: T) => void, tickMs = TICK_MS_DEFAULT) {
    this.#clock = clock;
    this.#onExpired = onExpired;
    this.#tickMs = tickMs;
  }

  /** Entries held, done ones included. */
  get size(): number {
    return this.#count;
  }

  /** `deadlineMs` is on the clock's monotonic scale. */
  add(item: T, deadlineMs: number): void {
    if (this.#count === this.#items.length) this.#grow();
    const slot = (this.#first + this.#count) & (this.#items.length - 1);
    this.#items[slot] = item;
    this.#deadlines[slot] = deadlineMs;
    this.#count++;
    if (this.#timer === undefined) this.#timer = setInterval(this.#sweep, this.#tickMs);
  }

  readonly #sweep = (): void => {
    const nowMs = this.#clock.monotonicMs();
    while (this.#count > 0) {
      const slot = this.#first;
      const item = this.#items[slot]!;
      if (!item.done && this.#deadlines[slot]! > nowMs) return;
      this.#items[slot] = undefined;
      this.#first = (slot + 1) & (this.#items.length - 1);
      this.#count--;
      if (!item.done) this.#onExpired(item);
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
  };

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
