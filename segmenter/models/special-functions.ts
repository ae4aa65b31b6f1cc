/** The special functions that the purchase models need, safe where their plain forms overflow. */

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** From here on six terms of Stirling's series leave an error under 1e-15. */
const STIRLING_FROM = 10;

/** ln Γ(x) for x > 0, NaN otherwise. Stirling's series (Abramowitz and Stegun 6.1.41). */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shifted = x;
  let product = 1;
  while (shifted < STIRLING_FROM) product *= shifted++;
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const tail = 1 / 1680 - square * (1 / 1188 - (square * 691) / 360_360);
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * tail)));
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series;
  return stirling - Math.log(product);
}

/** ln(1 + e^x). */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** ln(e^a + e^b); -Infinity stands for nothing. */
export function logSumExp(a: number, b: number): number {
  if (b === Number.NEGATIVE_INFINITY) return a;
  return b + softplus(a - b);
}

/** ln(e^a - e^b); -Infinity where rounding leaves nothing. */
export function logDifferenceExp(a: number, b: number): number {
  return a > b ? a + Math.log(-Math.expm1(b - a)) : Number.NEGATIVE_INFINITY;
}

/** A number of any size: `value` · e^`logScale`. */
export interface Scaled {
  readonly value: number;
  readonly logScale: number;
}

/** Enough for z up to 0.9996. */
const TERMS_MAX = 100_000;
const PRECISION = 1e-17;
const HUGE = 1e250;
const LOG_HUGE = Math.log(HUGE);

/**
 * Gauss's hypergeometric function 2F1(a, b; c; z) for 0 <= z < 1 by its series, NaN when 100,000
 * terms do not settle it. Where a, b and c are positive so is every term, and nothing cancels.
 */
export function hyp2F1(a: number, b: number, c: number, z: number): Scaled {
  let term = 1;
  let sum = 1;
  let logScale = 0;
  for (let n = 0; n < TERMS_MAX; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (1 + n))) * z;
    term *= ratio;
    sum += term;
    // What is left is less than a geometric series with the ratio of now.
    const left = 1 - Math.max(Math.abs(ratio), z);
    if (left > 0 && Math.abs(term) <= PRECISION * left * Math.abs(sum))
      return { value: sum, logScale };
    if (Math.abs(sum) > HUGE) {
      term /= HUGE;
      sum /= HUGE;
      logScale += LOG_HUGE;
    }
  }
  return { value: Number.NaN, logScale: 0 };
}

const STEPS_MAX = 20_000;
const NOUGHT = 1e-300;

/**
 * 2F1(1, b; c; z) for b, c > 0 and 0 <= z < 1 by Gauss's continued fraction (DLMF 15.7.5), evaluated
 * as Lentz does. Close to z = 1 the series takes 36 / (1 - z) terms, this only the root of that.
 * NaN when 20,000 steps do not settle it.
 */
export function hyp2F1One(b: number, c: number, z: number): number {
  let fraction = 1;
  let numerator = 1;
  let denominator = 0;
  for (let step = 1; step < STEPS_MAX; step++) {
    const n = step >> 1;
    const parts = step % 2 === 1 ? (b + n) * (c - 1 + n) : n * (c - 1 - b + n);
    const partial = (-z * parts) / ((c - 2 + step) * (c - 1 + step));
    denominator = 1 / nonzero(1 + partial * denominator);
    numerator = nonzero(1 + partial / numerator);
    const change = numerator * denominator;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-15) return 1 / fraction;
  }
  return Number.NaN;
}

function nonzero(x: number): number {
  return Math.abs(x) < NOUGHT ? NOUGHT : x;
}
