import { systemClock } from '../clock.ts';
import { DeadlineSweep, type Sweepable } from '../deadline-sweep.ts';

/** From the head of a request to the end of its body; exchanges are done in milliseconds. */
const BODY_MS_MAX = 2_000;

export interface ComingBody extends Sweepable {
  /** The body is late: answer 408 and close. */
  tooSlow(): void;
}

/** Bodies that have begun to come, none of them for longer than BODY_MS_MAX. */
export class BodyDeadlines {
  readonly #sweep = new DeadlineSweep<ComingBody>(systemClock, (body) => body.tooSlow());

  /** The head of its request has been read. */
  began(body: ComingBody): void {
    this.#sweep.add(body, systemClock.monotonicMs() + BODY_MS_MAX);
  }
}
