import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hyp2F1,
  hyp2F1One,
  logDifferenceExp,
  logGamma,
  logSumExp,
  softplus,
} from './special-functions.ts';

describe('logGamma', () => {
  it.each([
    [0.5, Math.log(Math.PI) / 2],
    [1, 0],
    [2, 0],
    [10, Math.log(362_880)],
    [0.001, 6.907178885383853],
    [100, 359.1342053695754],
    [1e6, 12_815_504.569147611],
  ])('of %d is known', (x, known) => {
    expect(Math.abs(logGamma(x) - known)).toBeLessThan(1e-13 * Math.max(1, Math.abs(known)));
  });

  it('grows by ln x from x to x + 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (x) => {
        const grown = logGamma(x + 1) - logGamma(x);
        const size = 1 + Math.abs(logGamma(x));
        expect(Math.abs(grown - Math.log(x))).toBeLessThan(1e-13 * size);
      }),
    );
  });

  it('is defined above nought only', () => {
    expect([0, -1, Number.NaN].map(logGamma)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('hyp2F1', () => {
  it.each([
    // 2F1(1, 1; 2; z) = -ln(1 - z) / z
    [1, 1, 2, 0.5, 2 * Math.LN2],
    [1, 1, 2, 0.999, -Math.log(0.001) / 0.999],
    // 2F1(a, b; b; z) = (1 - z)^-a
    [2.5, 3, 3, 0.9, 0.1 ** -2.5],
    // 2F1(1/2, 1/2; 3/2; z^2) = arcsin(z) / z
    [0.5, 0.5, 1.5, 0.64, Math.asin(0.8) / 0.8],
    // The same with c below nought.
    [2, -0.5, -0.5, 0.3, 0.7 ** -2],
    [3, 1, 1, 0, 1],
  ])('(%d, %d; %d; %d) is known', (...numbers) => {
    const [a, b, c, z, known] = numbers as [number, number, number, number, number];
    const { value, logScale } = hyp2F1(a, b, c, z);
    expect((value * Math.exp(logScale)) / known).toBeCloseTo(1, 12);
  });

  it('holds numbers that no double does', () => {
    // (1 - z)^-a
    const { value, logScale } = hyp2F1(5000, 7, 7, 0.9);
    expect(Math.log(value) + logScale).toBeCloseTo(5000 * Math.log(10), 6);
  });

  it('says NaN when the series does not settle', () => {
    expect(hyp2F1(2, 2, 1.5, 1 - 1e-9).value).toBeNaN();
  });
});

describe('hyp2F1One', () => {
  it('is the series where that settles', () => {
    const size = fc.double({ min: 0.1, max: 60, noNaN: true });
    const z = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(size, size, z, (b, more, at) => {
        const { value, logScale } = hyp2F1(1, b, b + more, at);
        const series = value * Math.exp(logScale);
        expect(hyp2F1One(b, b + more, at) / series).toBeCloseTo(1, 10);
      }),
    );
  });

  it('settles where the series does not', () => {
    const z = 1 - 1e-6;
    expect(hyp2F1One(1, 2, z)).toBeCloseTo(-Math.log(1e-6) / z, 6);
  });
});

describe('sums of exponentials', () => {
  it('do not overflow', () => {
    expect(softplus(1000)).toBe(1000);
    expect(softplus(-1000)).toBe(0);
    expect(logSumExp(-1000, -1000)).toBeCloseTo(-1000 + Math.LN2, 12);
    expect(logSumExp(3, Number.NEGATIVE_INFINITY)).toBe(3);
    expect(logDifferenceExp(1000 + Math.LN2, 1000)).toBeCloseTo(1000, 12);
    expect(logDifferenceExp(1, 1)).toBe(Number.NEGATIVE_INFINITY);
  });
});
