import type { Clock } from '../platform/clock.ts';

export interface Lap<Name extends string> {
  readonly name: Name;
  readonly ms: number;
}

/** How long each step of a sequence took: what passes between two laps is the later one's. */
export class Stopwatch<Name extends string> {
  readonly #clock: Clock;
  #lastMs: number;
  readonly laps: Lap<Name>[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastMs = clock.monotonicMs();
  }

  lap(name: Name): void {
    const nowMs = this.#clock.monotonicMs();
    this.laps.push({ name, ms: nowMs - this.#lastMs });
    this.#lastMs = nowMs;
  }
}
