/** How long each phase of a job took. */
import type { Clock } from '../../platform/clock.ts';
import type { PhaseTiming } from '../job-progress.ts';

export class PhaseTimer {
  readonly #clock: Clock;
  readonly timings: PhaseTiming[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const start = this.#clock.monotonicMs();
    try {
      return await work();
    } finally {
      this.timings.push({ phase, ms: Math.round(this.#clock.monotonicMs() - start) });
    }
  }
}
