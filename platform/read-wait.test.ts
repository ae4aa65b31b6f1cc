import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusyPoll } from './busy-poll.ts';
import { type LoopView, ReadWait } from './read-wait.ts';

/** An event loop by the book: a turn reads what was there when it began, then the next one begins. */
class SimulatedLoop implements LoopView {
  nowMs = 0;
  #restMs = 0;
  readonly #ends: (() => void)[] = [];

  restMs(): number {
    return this.#restMs;
  }

  afterReads(call: () => void): void {
    this.#ends.push(call);
  }

  rest(forMs: number): void {
    this.nowMs += forMs;
    this.#restMs += forMs;
  }

  endTurn(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}

interface Seen {
  readonly trueWaitMs: number;
  readonly waitMs: number;
}

/** Serves requests that come at these moments, ascending, each in `serviceMs`. */
function serve(arrivalsMs: readonly number[], serviceMs: number): readonly Seen[] {
  const loop = new SimulatedLoop();
  const readWait = new ReadWait(loop);
  const seen: Seen[] = [];
  for (let next = 0; next < arrivalsMs.length; ) {
    if (arrivalsMs[next]! > loop.nowMs) loop.rest(arrivalsMs[next]! - loop.nowMs);
    const turnBeganMs = loop.nowMs;
    while (next < arrivalsMs.length && arrivalsMs[next]! <= turnBeganMs) {
      const waitMs = loop.nowMs - readWait.earliestMs(loop.nowMs);
      seen.push({ trueWaitMs: loop.nowMs - arrivalsMs[next]!, waitMs });
      loop.nowMs += serviceMs;
      next++;
    }
    loop.endTurn();
  }
  return seen;
}

/** `perSecond` requests a second for two seconds, evenly. */
function steady(perSecond: number): number[] {
  return Array.from({ length: perSecond * 2 }, (_, i) => (i * 1000) / perSecond);
}

describe('the wait of what is read', () => {
  it('is never taken for shorter than it was', () => {
    const gaps = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { maxLength: 400 });
    fc.assert(
      fc.property(gaps, fc.double({ min: 0.01, max: 3, noNaN: true }), (each, serviceMs) => {
        let atMs = 0;
        const arrivalsMs = each.map((gapMs) => (atMs += gapMs));
        for (const { trueWaitMs, waitMs } of serve(arrivalsMs, serviceMs))
          expect(waitMs).toBeGreaterThanOrEqual(trueWaitMs - 1e-6);
      }),
    );
  });
  it('is about nothing where the loop has time', () => {
    const waits = serve(steady(1000), 0.2).map(({ waitMs }) => waitMs);
    expect(Math.max(...waits)).toBeLessThan(1.5);
  });
  it('grows past any bound where more comes than can be served', () => {
    const waits = serve(steady(10_000), 0.2).map(({ waitMs }) => waitMs);
    expect(waits.at(-1)).toBeGreaterThan(1000);
  });
  it('is at most twice the truth, and a millisecond, where connections are always busy', () => {
    const loop = new SimulatedLoop();
    const readWait = new ReadWait(loop);
    let longestMs = 0;
    for (let turn = 0; turn < 50; turn++) {
      // Each one asks again as soon as it is answered: it waits for the other 99.
      for (let connection = 0; connection < 100; connection++) {
        longestMs = Math.max(longestMs, loop.nowMs - readWait.earliestMs(loop.nowMs));
        loop.nowMs += 0.2;
      }
      loop.endTurn();
    }
    expect(longestMs).toBeLessThan(2 * 99 * 0.2 + 1);
  });
  it('does not count the housekeeping of a loop that hardly works', () => {
    const loop = new SimulatedLoop();
    const readWait = new ReadWait(loop);
    readWait.earliestMs(loop.nowMs);
    loop.endTurn();
    for (let i = 0; i < 1000; i++) {
      loop.nowMs += 0.1;
      loop.rest(5);
    }
    expect(readWait.earliestMs(loop.nowMs)).toBe(loop.nowMs);
  });
  it('holds a job that kept the loop from reading', () => {
    const loop = new SimulatedLoop();
    const readWait = new ReadWait(loop);
    readWait.earliestMs(loop.nowMs);
    loop.endTurn();
    loop.rest(1);
    loop.nowMs += 30;
    expect(loop.nowMs - readWait.earliestMs(loop.nowMs)).toBeCloseTo(30, 6);
  });
  it('is read off the real loop: work counts, rest does not', async () => {
    const readWait = new ReadWait(new BusyPoll(0));
    const waitMs = () => {
      const nowMs = performance.now();
      return nowMs - readWait.earliestMs(nowMs);
    };
    // The runner has work of its own at first.
    for (let i = 0; i < 50 && waitMs() > 1; i++) await sleep(30);
    expect(waitMs()).toBeLessThan(10);
    const untilMs = performance.now() + 40;
    while (performance.now() < untilMs);
    await new Promise((resolve) => setImmediate(resolve));
    expect(waitMs()).toBeGreaterThan(35);
  });
});
