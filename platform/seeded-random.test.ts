import { expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';

const DRAWS = 20_000;

it('draws the same numbers from the same seed', () => {
  expect(draws(7, (r) => r.uint32())).toEqual(draws(7, (r) => r.uint32()));
});

it('draws other numbers from a neighbouring seed', () => {
  expect(draws(7, (r) => r.uint32()).slice(0, 4)).not.toEqual(
    draws(8, (r) => r.uint32()).slice(0, 4),
  );
});

it('keeps to its ranges and means', () => {
  check((r) => r.next(), 0.5);
  check((r) => r.below(11), 5);
  check((r) => r.exponential(), 1);
  check((r) => r.gamma(1), 1);
  check((r) => r.gamma(4), 1);
  check((r) => (r.chance(0.3) ? 1 : 0), 0.3);
});

function check(draw: (random: ReturnType<typeof seededRandom>) => number, mean: number): void {
  const numbers = draws(42, draw);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(numbers.reduce((sum, n) => sum + n, 0) / DRAWS).toBeCloseTo(mean, 0.9);
}

function draws(seed: number, draw: (random: ReturnType<typeof seededRandom>) => number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: DRAWS }, () => draw(random));
}
