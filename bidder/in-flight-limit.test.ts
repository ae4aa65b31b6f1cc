import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlightLimit } from './in-flight-limit.ts';

const SLOW_MS = 50;

function highest(limit: InFlightLimit): number {
  let inFlight = 0;
  while (limit.allows(inFlight)) inFlight++;
  return inFlight;
}

/**
 * Rounds at a store that answers all together, where each answer then takes `workMs` of ours and
 * more always comes than may wait. Returns how many may wait in the end.
 */
function settle(limit: InFlightLimit, workMs: number, rounds: number): number {
  let nowMs = 0;
  for (let round = 0; round < rounds; round++) {
    const startedMs = nowMs;
    const inFlight = highest(limit);
    limit.began(inFlight, startedMs);
    for (let answered = 0; answered < inFlight; answered++) {
      nowMs += workMs;
      if (nowMs - startedMs > SLOW_MS) limit.slow(startedMs, nowMs);
      else limit.quick(startedMs);
    }
  }
  return highest(limit);
}

describe('the limit of requests under way', () => {
  it.each([
    ['quick', 0.2, 250],
    ['slow', 1, 50],
  ])('is found where answers are %s: %s ms each', (_, workMs, inTime) => {
    const found = settle(new InFlightLimit(1000), workMs, 2000);
    expect(found).toBeGreaterThan(inTime * 0.6);
    expect(found).toBeLessThan(inTime * 1.1);
  });
  it('is never above the most nor below the least', () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true })), (worksMs) => {
        const limit = new InFlightLimit(100);
        for (const workMs of worksMs) settle(limit, workMs, 20);
        expect(highest(limit)).toBeGreaterThanOrEqual(8);
        expect(highest(limit)).toBeLessThanOrEqual(100);
      }),
    ));
  it('falls once for all that were slow together, and comes back', () => {
    const limit = new InFlightLimit(100);
    limit.began(100, 0);
    for (let i = 0; i < 100; i++) limit.slow(0, 90);
    expect(highest(limit)).toBe(70);
    limit.began(60, 100);
    for (let i = 0; i < 10_000; i++) limit.quick(100);
    expect(highest(limit)).toBe(100);
  });
  it('does not move for rounds that use less than half of it', () => {
    const limit = new InFlightLimit(100);
    for (let i = 0; i < 1000; i++) {
      limit.began(49, i * 100);
      limit.slow(i * 100, i * 100 + 90);
    }
    expect(highest(limit)).toBe(100);
  });
});
