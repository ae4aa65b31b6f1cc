import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const rate = fc.oneof(
  fc.integer({ min: 1, max: 5000 }),
  fc.double({ min: 0.05, max: 3, noNaN: true }),
);
const gaps = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

it('lets no more through within any second than the rate and its burst', () => {
  fc.assert(
    fc.property(rate, gaps, (perSecond, waits) => {
      const bucket = new TokenBucket(perSecond, 0);
      const passed: number[] = [];
      let nowMs = 0;
      for (const wait of waits) {
        nowMs += wait;
        if (bucket.take(nowMs)) passed.push(nowMs);
      }
      const most = perSecond + Math.max(1, perSecond * 0.1) + 1e-6;
      for (const from of passed) {
        expect(passed.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(
          Math.ceil(most),
        );
      }
    }),
  );
});

it('lets the rate through that comes evenly', () => {
  const bucket = new TokenBucket(40, 0);
  for (let i = 0; i < 1000; i++) expect(bucket.take(i * 25)).toBe(true);
});

it('fills up again while nobody comes, and not beyond its burst', () => {
  const bucket = new TokenBucket(100, 0);
  const burst = (atMs: number) =>
    Array.from({ length: 20 }, () => bucket.take(atMs)).filter(Boolean);
  expect(burst(0)).toHaveLength(10);
  expect(burst(50)).toHaveLength(5);
  expect(burst(60_000)).toHaveLength(10);
});
