import { expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';

function draw(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
}

it('gives the published mulberry32 stream', () => {
  expect(draw(1, 3)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
});

it('repeats for the same seed and differs for another', () => {
  expect(draw(7, 100)).toEqual(draw(7, 100));
  expect(draw(7, 100)).not.toEqual(draw(8, 100));
});

it('stays in [0, 1) and fills it evenly', () => {
  const counts = new Array<number>(10).fill(0);
  let outside = 0;
  for (const value of draw(42, 100_000)) {
    if (value < 0 || value >= 1) outside += 1;
    else counts[Math.floor(value * 10)]! += 1;
  }
  expect(outside).toBe(0);
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});
