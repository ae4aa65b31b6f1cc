/** How long each phase of a job took; one that comes again, bucket by bucket, is one phase. */
import type { Clock } from '../../platform/clock.ts';
import type { PhaseTiming } from '../job-progress.ts';

export class PhaseTimer {
  readonly #clock: Clock;
  readonly #ms = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In the order in which they ended first. */
  get timings(): PhaseTiming[] {
    return [...this.#ms].map(([phase, ms]) => ({ phase, ms: Math.round(ms) }));
  }

  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const start = this.#clock.monotonicMs();
    try {
      return await work();
    } finally {
      const before = this.#ms.get(phase) ?? 0;
      this.#ms.set(phase, before + this.#clock.monotonicMs() - start);
    }
  }
}
