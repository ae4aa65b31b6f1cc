import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerMargin } from './answer-margin.ts';

const WINDOW_MS = 10_000;

function learner(extraMaxMs = 40) {
  const seen: number[] = [];
  const margin = new AnswerMargin((extraMs) => seen.push(extraMs));
  margin.limit(extraMaxMs);
  let nowMs = 0;
  /** A window in which so many of the notices, and of the bids, were too late. */
  const window = (told: { losses?: number; expired?: number; bids?: number; late?: number }) => {
    for (let i = 0; i < (told.losses ?? 0); i++) margin.lossTold(i < (told.expired ?? 0), nowMs);
    for (let i = 0; i < (told.bids ?? 0); i++) margin.bidLeft(i < (told.late ?? 0), nowMs);
    nowMs += WINDOW_MS;
    return margin.extraMs;
  };
  return { margin, seen, window };
}

describe('the margin of an answer', () => {
  it('takes half of what is left when losses say that bids came too late, then waits', () => {
    const { window, margin } = learner();
    expect(window({ losses: 100, expired: 3 })).toBe(0);
    expect(window({ losses: 100, expired: 3 })).toBe(20);
    expect(window({ losses: 100, expired: 3 })).toBe(20);
    window({ losses: 100, expired: 100 });
    expect(margin.extraMs).toBe(30);
  });

  it('gives a millisecond back in every quiet window', () => {
    const { window } = learner();
    window({ bids: 100, late: 2 });
    expect(window({ bids: 100 })).toBe(20);
    expect(window({ bids: 100 })).toBe(20);
    expect([1, 2, 3].map(() => window({ bids: 100, late: 1, losses: 100, expired: 2 }))).toEqual([
      19, 18, 17,
    ]);
    for (let i = 0; i < 30; i++) window({ bids: 100 });
    expect(window({ bids: 100 })).toBe(0);
  });

  it('learns nothing from a handful, which adds up to a share', () => {
    const { window } = learner();
    expect([1, 2, 3, 4].map(() => window({ losses: 6, expired: 1 }))).toEqual([0, 0, 0, 0]);
    expect(window({ losses: 1 })).toBe(20);
  });

  it('stays within what settings let, also when they change', () => {
    const { window, margin, seen } = learner(40);
    window({ bids: 100, late: 100 });
    window({ bids: 100 });
    margin.limit(8);
    expect(margin.extraMs).toBe(8);
    margin.limit(0);
    expect(margin.extraMs).toBe(0);
    expect(seen).toEqual([0, 20, 8, 0]);
  });

  it('law: is never under 0 or over its limit, and the same for the same told', () => {
    const told = fc.record({
      losses: fc.nat({ max: 60 }),
      expired: fc.nat({ max: 60 }),
      bids: fc.nat({ max: 60 }),
      late: fc.nat({ max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 30 }), fc.nat({ max: 50 }), (all, limit) => {
        const one = learner(limit);
        const margins = all.map((each) => one.window(each));
        for (const ms of margins) expect(ms >= 0 && ms <= limit).toBe(true);
        const other = learner(limit);
        expect(all.map((each) => other.window(each))).toEqual(margins);
      }),
    );
  });
});
