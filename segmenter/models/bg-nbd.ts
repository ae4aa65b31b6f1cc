/**
 * BG/NBD: a customer buys at a rate of their own (gamma: r, alpha) and after each repeat purchase
 * leaves with a chance of their own (beta: a, b). Fader, Hardie and Lee, "Counting Your Customers
 * the Easy Way", Marketing Science 24 (2005).
 */
import type { DistinctHistories } from './distinct-histories.ts';
import type { ModelFit } from './model-fit.ts';
import { fitPurchases, type PurchaseModel } from './purchase-model.ts';
import { hyp2F1, logGamma, softplus } from './special-functions.ts';

export interface BgNbdParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

export function fitBgNbd(data: DistinctHistories): ModelFit<BgNbdParameters> {
  return fitPurchases(data, bgNbdLogLikelihood, (age) => [
    { r: 0.25, alpha: age / 6, a: 0.8, b: 2.5 },
    { r: 1, alpha: age, a: 1, b: 1 },
    { r: 2, alpha: age / 2, a: 0.2, b: 4 },
  ]);
}

export function bgNbdLogLikelihood(
  { r, alpha, a, b }: BgNbdParameters,
  data: DistinctHistories,
): number {
  const { pairs, repeats, recencyPair, agePair, weight } = data;
  const base = new Float64Array(data.repeatsMax + 1);
  const logDeath = new Float64Array(data.repeatsMax + 1);
  const constant = r * Math.log(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b);
  for (let x = 0; x <= data.repeatsMax; x++) {
    base[x] = constant + logGamma(r + x) + logGamma(b + x) - logGamma(a + b + x);
    logDeath[x] = Math.log(a / (b + x - 1));
  }
  const logTime = pairs.time.map((t) => Math.log(alpha + t));
  let sum = 0;
  for (let i = 0; i < repeats.length; i++) {
    const x = repeats[i]!;
    const logAge = logTime[agePair[i]!]!;
    let log = base[x]! - (r + x) * logAge;
    if (x > 0) log += softplus(logDeath[x]! + (r + x) * (logAge - logTime[recencyPair[i]!]!));
    sum += weight[i]! * log;
  }
  return sum;
}

/** At a = 1 the expectations are a limit, 0 / 0 as written. */
const SINGULAR = 1e-6;

export function bgNbdModel(parameters: BgNbdParameters): PurchaseModel {
  const { r, alpha, b } = parameters;
  const a = Math.abs(parameters.a - 1) < SINGULAR ? 1 + SINGULAR : parameters.a;
  return {
    pAlive({ repeats: x, recency, age }) {
      if (x === 0) return 1;
      const silence = (r + x) * Math.log((alpha + age) / (alpha + recency));
      return 1 / (1 + Math.exp(Math.log(a / (b + x - 1)) + silence));
    },
    expectedNew: (t) => expected({ r, b, c: a + b - 1, from: alpha }, a, t),
    expectedIfAlive: (x, age, t) =>
      expected({ r: r + x, b: b + x, c: a + b + x - 1, from: alpha + age }, a, t),
  };
}

interface Posterior {
  readonly r: number;
  readonly b: number;
  readonly c: number;
  /** alpha plus the time that has been seen. */
  readonly from: number;
}

function expected({ r, b, c, from }: Posterior, a: number, t: number): number {
  const { value, logScale } = hyp2F1(r, b, c, t / (from + t));
  const none = Math.exp(r * Math.log(from / (from + t)) + logScale) * value;
  return (c / (a - 1)) * (1 - none);
}
