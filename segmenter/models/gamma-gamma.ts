/**
 * Gamma-Gamma: what a customer spends on a purchase varies around a mean of their own, which does
 * not depend on how often they buy. Fader and Hardie, "The Gamma-Gamma Model of Monetary Value",
 * note 025 (2013).
 */
import { fitModel, type ModelFit, maximize, type PlainModel } from './model-fit.ts';
import type { Histories } from './purchase-history.ts';
import { logGamma } from './special-functions.ts';

export interface GammaGammaParameters {
  readonly p: number;
  readonly q: number;
  /** In units of currency. */
  readonly v: number;
}

/** Repeat customers whose repeat purchases had a value. */
export interface Spenders {
  readonly repeats: Int32Array;
  readonly meanValue: Float64Array;
  readonly repeatsMax: number;
}

export function spendersOf({ repeats, meanValue }: Histories): Spenders {
  const spends = (_: number, i: number) => repeats[i]! > 0 && meanValue[i]! > 0;
  const ofSpenders = repeats.filter(spends);
  return {
    repeats: ofSpenders,
    meanValue: meanValue.filter(spends),
    repeatsMax: ofSpenders.reduce((max, x) => Math.max(max, x), 0),
  };
}

/**
 * Pearson's correlation of purchases and their mean value; NaN when either does not vary. The model
 * takes it for nought.
 */
export function spendCorrelation({ repeats, meanValue }: Spenders): number {
  const n = repeats.length;
  let meanX = 0;
  let meanM = 0;
  for (let i = 0; i < n; i++) {
    meanX += repeats[i]! / n;
    meanM += meanValue[i]! / n;
  }
  let xx = 0;
  let mm = 0;
  let xm = 0;
  for (let i = 0; i < n; i++) {
    const dx = repeats[i]! - meanX;
    const dm = meanValue[i]! - meanM;
    xx += dx * dx;
    mm += dm * dm;
    xm += dx * dm;
  }
  return xm / Math.sqrt(xx * mm);
}

export function fitGammaGamma(data: Spenders): ModelFit<GammaGammaParameters> {
  const customers = data.repeats.length;
  const mean = data.meanValue.reduce((sum, m) => sum + m / customers, 0);
  const terms = spendTerms(data);
  return fitModel({
    starts: [
      { p: 6, q: 4, v: mean / 2 },
      { p: 1, q: 2, v: mean },
      { p: 2, q: 10, v: 5 * mean },
    ],
    logLikelihood: (parameters) => logLikelihood(parameters, data, terms),
    customers,
    repeaters: customers,
    plain: plainSpend(data),
  });
}

export function gammaGammaLogLikelihood(parameters: GammaGammaParameters, data: Spenders): number {
  return logLikelihood(parameters, data, spendTerms(data));
}

interface SpendTerms {
  /** x times m of each customer. */
  readonly total: Float64Array;
  /** Sums over customers of ln m, and of x ln(x m). */
  readonly sumLog: number;
  readonly sumWeightedLog: number;
}

function spendTerms({ repeats, meanValue }: Spenders): SpendTerms {
  const total = meanValue.map((m, i) => m * repeats[i]!);
  let sumLog = 0;
  let sumWeightedLog = 0;
  for (let i = 0; i < total.length; i++) {
    sumLog += Math.log(meanValue[i]!);
    sumWeightedLog += repeats[i]! * Math.log(total[i]!);
  }
  return { total, sumLog, sumWeightedLog };
}

function logLikelihood(
  { p, q, v }: GammaGammaParameters,
  { repeats, repeatsMax }: Spenders,
  { total, sumLog, sumWeightedLog }: SpendTerms,
): number {
  const base = new Float64Array(repeatsMax + 1);
  const constant = q * Math.log(v) - logGamma(q);
  for (let x = 1; x <= repeatsMax; x++) {
    base[x] = constant + logGamma(p * x + q) - logGamma(p * x);
  }
  let sum = p * sumWeightedLog - sumLog;
  for (let i = 0; i < total.length; i++) {
    const x = repeats[i]!;
    sum += base[x]! - (p * x + q) * Math.log(total[i]! + v);
  }
  return sum;
}

/** Every purchase of everybody is drawn from one gamma distribution; given p its scale is known. */
function plainSpend(data: Spenders): PlainModel {
  const { repeats, repeatsMax } = data;
  return {
    parameters: 2,
    logLikelihood: () => {
      const { total, sumLog, sumWeightedLog } = spendTerms(data);
      const purchases = repeats.reduce((sum, x) => sum + x, 0);
      const spent = total.reduce((sum, value) => sum + value, 0);
      const customersWith = new Float64Array(repeatsMax + 1);
      for (const x of repeats) customersWith[x]!++;
      const ofShape = (p: number) => {
        let gammas = 0;
        for (let x = 1; x <= repeatsMax; x++) gammas += customersWith[x]! * logGamma(p * x);
        const scale = Math.log((p * purchases) / spent) - 1;
        return p * purchases * scale + p * sumWeightedLog - sumLog - gammas;
      };
      return maximize(([p]) => ofShape(p!), [[1]], repeats.length).logLikelihood;
    },
  };
}

/**
 * E(M | m, x): what the next purchases of a customer are worth on average, in units of currency.
 * For x = 0 that is the mean over all customers, which does not exist where q <= 1: NaN.
 */
export function expectedValue(
  { p, q, v }: GammaGammaParameters,
  repeats: number,
  meanValue: number,
): number {
  const weight = p * repeats + q - 1;
  return weight > 0 ? (p * (v + repeats * meanValue)) / weight : Number.NaN;
}
