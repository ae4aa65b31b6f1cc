/**
 * BG/NBD: a customer buys at a rate of their own (gamma: r, alpha) and after each repeat purchase
 * leaves with a chance of their own (beta: a, b). Fader, Hardie and Lee, "Counting Your Customers
 * the Easy Way", Marketing Science 24 (2005).
 */
import type { DistinctHistories } from './distinct-histories.ts';
import { logIntegral, STRAIGHT } from './log-integral.ts';
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

export function bgNbdModel({ r, alpha, a, b }: BgNbdParameters): PurchaseModel {
  return {
    pAlive({ repeats: x, recency, age }) {
      if (x === 0) return 1;
      const silence = (r + x) * Math.log((alpha + age) / (alpha + recency));
      return 1 / (1 + Math.exp(Math.log(a / (b + x - 1)) + silence));
    },
    expectedNew: (t) => expected({ r, a, b, from: alpha }, t),
    expectedIfAlive: (x, age, t) => expected({ r: r + x, a, b: b + x, from: alpha + age }, t),
  };
}

interface Posterior {
  readonly r: number;
  readonly a: number;
  readonly b: number;
  /** alpha plus the time that has been seen. */
  readonly from: number;
}

/** Nearer to where the closed form is 0 / 0, or its series endless, its digits are lost. */
const CLEAR = 1e-3;
const LOST = 1e-4;

function expected(posterior: Posterior, t: number): number {
  const { r, a, b, from } = posterior;
  if (t === 0) return 0;
  const c = a + b - 1;
  if (Math.abs(a - 1) > CLEAR && c > CLEAR && from > CLEAR * t) {
    const { value, logScale } = hyp2F1(r, b, c, t / (from + t));
    const gone = 1 - Math.exp(r * Math.log(from / (from + t)) + logScale) * value;
    if (Math.abs(gone) > LOST) return (c / (a - 1)) * gone;
  }
  return expectedByMean(posterior, t);
}

/**
 * The same as a mean over p, which is beta: whoever leaves with a chance of p after each purchase makes
 * (1 - (1 + p t / from)^-r) / p in t, where only their rate is not known. Nothing cancels, whatever the
 * parameters; u is the logit of p.
 */
function expectedByMean({ r, a, b, from }: Posterior, t: number): number {
  const logDensity = (u: number) => -a * softplus(-u) - b * softplus(u);
  const logPurchases = (u: number) => {
    const logP = -softplus(-u);
    return Math.log(-Math.expm1(-r * Math.log1p((Math.exp(logP) * t) / from))) - logP;
  };
  const line = {
    low: -STRAIGHT - Math.log(1 + ((r + 1) * t) / from + b),
    high: STRAIGHT + Math.log(1 + a + r),
    rise: a,
    fall: b,
  };
  return Math.exp(
    logIntegral((u) => logDensity(u) + logPurchases(u), line) - logIntegral(logDensity, line),
  );
}
