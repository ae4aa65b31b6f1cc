import { performance } from 'node:perf_hooks';
import type { LoopView } from './read-wait.ts';

/** A turn this short did next to nothing: the loop asked for work and found none, ms. */
const EMPTY_TURN_MS = 0.05;

/**
 * The event loop of this thread, which it may keep from sleeping: to be woken takes as long as a short
 * job. So after a request that came within `pollMs` of the one before, the loop asks for the next
 * one again and again for `pollMs`, then sleeps. Where requests are rare it never stays awake; where
 * they are dense its core is busy, whatever there is to do. Seastar does the same
 * (`--idle-poll-time-us`). docs/decisions/0014 has what it buys, and what it costs.
 */
export class BusyPoll implements LoopView {
  readonly #pollMs: number;
  #cameMs = Number.NEGATIVE_INFINITY;
  #untilMs = 0;
  #isPolling = false;
  /** When the turn began that is under way; while polling. */
  #turnMs = 0;
  #polledMs = 0;

  /** 0 lets the loop sleep as it likes. */
  constructor(pollMs: number) {
    this.#pollMs = pollMs;
  }

  /** For each request, with the time at which it is read, monotonic ms. */
  came(nowMs: number): void {
    if (nowMs - this.#cameMs < this.#pollMs) {
      this.#untilMs = nowMs + this.#pollMs;
      if (!this.#isPolling) this.#poll(nowMs);
    }
    this.#cameMs = nowMs;
  }

  /** Asleep, or awake and without work. */
  restMs(): number {
    return performance.nodeTiming.idleTime + this.#polledMs;
  }

  afterReads(call: () => void): void {
    setImmediate(call);
  }

  #poll(nowMs: number): void {
    this.#isPolling = true;
    this.#turnMs = nowMs;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const nowMs = performance.now();
    const tookMs = nowMs - this.#turnMs;
    if (tookMs < EMPTY_TURN_MS) this.#polledMs += tookMs;
    if (nowMs < this.#untilMs) this.#poll(nowMs);
    else this.#isPolling = false;
  };
}
