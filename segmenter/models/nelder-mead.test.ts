import { expect, it } from 'vitest';
import { minimize } from './nelder-mead.ts';

const rosenbrock = ([x, y]: readonly number[]) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2;

it('finds the end of a bent valley', () => {
  const { point, converged } = minimize(rosenbrock, [[-1.2, 1]], 25);
  expect(converged).toBe(true);
  expect(point[0]).toBeCloseTo(1, 5);
  expect(point[1]).toBeCloseTo(1, 5);
});

it('takes the deepest of several valleys', () => {
  const twoValleys = ([x]: readonly number[]) => (x! * x! - 4) ** 2 + x!;
  const { point } = minimize(twoValleys, [[3], [-3]], 25);
  expect(point[0]).toBeCloseTo(-2.03, 2);
});

it('gives the same answer each time', () => {
  expect(minimize(rosenbrock, [[3, 3]], 25)).toEqual(minimize(rosenbrock, [[3, 3]], 25));
});

it('says that a slope without an end has none, in bounded time', () => {
  const { converged, iterations } = minimize(([x]) => -x!, [[0]], 25);
  expect(converged).toBe(false);
  expect(iterations).toBeLessThanOrEqual(1000);
});

it('takes NaN for worse than any number', () => {
  const half = ([x]: readonly number[]) => (x! < 0 ? Number.NaN : (x! - 1) ** 2);
  expect(minimize(half, [[5]], 25).point[0]).toBeCloseTo(1, 5);
  expect(minimize(() => Number.NaN, [[5]], 25).converged).toBe(false);
});
