/**
 * Pareto/NBD: a customer buys at a rate of their own (gamma: r, alpha) and leaves at any moment, at
 * a rate of their own (gamma: s, beta). Schmittlein, Morrison and Colombo, Management Science 33
 * (1987); the likelihood as in Fader and Hardie's note of 2005.
 */
import type { DistinctHistories } from './distinct-histories.ts';
import { logIntegral, STRAIGHT } from './log-integral.ts';
import type { ModelFit } from './model-fit.ts';
import { fitPurchases, type PurchaseModel } from './purchase-model.ts';
import { hyp2F1One, logDifferenceExp, logGamma, logSumExp } from './special-functions.ts';

export interface ParetoNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

export function fitParetoNbd(data: DistinctHistories): ModelFit<ParetoNbdParameters> {
  return fitPurchases(data, paretoNbdLogLikelihood, (age) => [
    { r: 0.5, alpha: age / 3, s: 0.6, beta: age / 3 },
    { r: 1, alpha: age, s: 1, beta: age },
    { r: 2, alpha: age / 2, s: 0.3, beta: age },
  ]);
}

export function paretoNbdLogLikelihood(
  parameters: ParetoNbdParameters,
  data: DistinctHistories,
): number {
  const { r, alpha, s, beta } = parameters;
  const { pairs, repeats, recencyPair, agePair, weight } = data;
  const logDeath = new Float64Array(pairs.time.length);
  const logAlive = new Float64Array(pairs.time.length);
  for (let i = 0; i < logDeath.length; i++) {
    const x = pairs.repeats[i]!;
    const t = pairs.time[i]!;
    logDeath[i] = logDeathFrom(parameters, x, t);
    // Parameters too far apart to compute with: known at the first pair, where z is largest.
    if (Number.isNaN(logDeath[i])) return Number.NaN;
    logAlive[i] = -(r + x) * Math.log(alpha + t) - s * Math.log(beta + t);
  }
  const base = new Float64Array(data.repeatsMax + 1);
  const constant = r * Math.log(alpha) + s * Math.log(beta) - logGamma(r);
  for (let x = 0; x <= data.repeatsMax; x++) base[x] = constant + logGamma(r + x);
  let sum = 0;
  for (let i = 0; i < repeats.length; i++) {
    const age = agePair[i]!;
    const died = logDifferenceExp(logDeath[recencyPair[i]!]!, logDeath[age]!);
    sum += weight[i]! * (base[repeats[i]!]! + logSumExp(logAlive[age]!, died));
  }
  return sum;
}

/**
 * ln of s times the integral of (alpha + y)^-(r + x) (beta + y)^-(s + 1) over y from t on: having
 * bought x times and left after t. The reference's A0 is the difference of two of these.
 */
function logDeathFrom({ r, alpha, s, beta }: ParetoNbdParameters, x: number, t: number): number {
  const shape = r + s + x;
  const more = Math.max(alpha, beta) + t;
  const z = Math.abs(alpha - beta) / more;
  // Euler's transformation: 2F1(a, b; a + 1; z) = (1 - z)^(1 - b) 2F1(1, a + 1 - b; a + 1; z).
  const second = alpha >= beta ? s + 1 : r + x;
  const log2F1 =
    (1 - second) * Math.log1p(-z) + Math.log(hyp2F1One(shape + 1 - second, shape + 1, z));
  return Math.log(s / shape) + log2F1 - shape * Math.log(more);
}

/** The same by the integral itself, u the logarithm of y - t: slow, and sure of every parameter. */
function logDeathByIntegral(
  { r, alpha, s, beta }: ParetoNbdParameters,
  x: number,
  t: number,
): number {
  const [a, b] = [alpha + t, beta + t];
  const logF = (u: number) => {
    const y = Math.exp(u);
    return u - (r + x) * Math.log(a + y) - (s + 1) * Math.log(b + y);
  };
  const fall = r + s + x;
  const spread = STRAIGHT + Math.log(1 + fall);
  const [low, high] = [Math.log(Math.min(a, b)) - spread, Math.log(Math.max(a, b)) + spread];
  return Math.log(s) + logIntegral(logF, { low, high, rise: 1, fall });
}

export function paretoNbdModel(parameters: ParetoNbdParameters): PurchaseModel {
  const { r, alpha, s, beta } = parameters;
  return {
    pAlive({ repeats: x, recency, age }) {
      const since = (t: number) => {
        const log = logDeathFrom(parameters, x, t);
        return Number.isNaN(log) ? logDeathByIntegral(parameters, x, t) : log;
      };
      const died = logDifferenceExp(since(recency), since(age));
      const alive = -(r + x) * Math.log(alpha + age) - s * Math.log(beta + age);
      return 1 / (1 + Math.exp(died - alive));
    },
    expectedNew: (t) => (r / alpha) * expectedLifetime(s, beta, t),
    expectedIfAlive: (x, age, t) => ((r + x) / (alpha + age)) * expectedLifetime(s, beta + age, t),
  };
}

/** Time alive within t: beta / (s - 1) (1 - (beta / (beta + t))^(s - 1)), by its limit at s = 1. */
function expectedLifetime(s: number, beta: number, t: number): number {
  const log = Math.log1p(t / beta);
  return s === 1 ? beta * log : (beta * -Math.expm1((1 - s) * log)) / (s - 1);
}
