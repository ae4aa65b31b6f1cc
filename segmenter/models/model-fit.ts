/** How a model is fitted, and what is said when it may not be believed. */
import { minimize } from './nelder-mead.ts';

/** Fewer repeat customers than this say too little about how customers differ. */
export const REPEATERS_NEEDED = 300;

export type ModelFit<Parameters> =
  | {
      readonly kind: 'fitted';
      readonly parameters: Parameters;
      readonly logLikelihood: number;
      /** Of the plain model that the model is held against. */
      readonly plainLogLikelihood: number;
      readonly iterations: number;
    }
  | { readonly kind: 'too-little-data'; readonly repeaters: number; readonly needed: number }
  /** The search ended on a slope: the parameters would be an accident of where it stopped. */
  | { readonly kind: 'not-converged'; readonly logLikelihood: number; readonly iterations: number }
  /** Customers do not differ enough for the model to be worth its parameters (by BIC). */
  | {
      readonly kind: 'no-better-than-plain';
      readonly logLikelihood: number;
      readonly plainLogLikelihood: number;
    };

/** The numbers of a model by their names, each above nought. */
export type Numbers<Parameters> = Readonly<Record<keyof Parameters, number>>;

export interface FitTask<Parameters extends Numbers<Parameters>> {
  /** Where the search sets out. */
  readonly starts: readonly Parameters[];
  readonly logLikelihood: (parameters: Parameters) => number;
  /** Customers in the likelihood, and how many of them bought again. */
  readonly customers: number;
  readonly repeaters: number;
  readonly plain: PlainModel;
}

/** A model in which customers do not differ. */
export interface PlainModel {
  readonly parameters: number;
  /** Asked for only when there is enough data. */
  readonly logLikelihood: () => number;
}

/** Parameters are searched by their logarithms, within e^-25 to e^25. */
const LOG_MAX = 25;

export function fitModel<Parameters extends Numbers<Parameters>>({
  starts,
  customers,
  repeaters,
  plain,
  ...task
}: FitTask<Parameters>): ModelFit<Parameters> {
  if (repeaters < REPEATERS_NEEDED) {
    return { kind: 'too-little-data', repeaters, needed: REPEATERS_NEEDED };
  }
  const names = Object.keys(starts[0]!) as (keyof Parameters)[];
  const named = (numbers: readonly number[]) =>
    Object.fromEntries(names.map((name, i) => [name, numbers[i]!])) as Parameters;
  const found = maximize(
    (numbers) => task.logLikelihood(named(numbers)),
    starts.map((start) => names.map((name) => start[name])),
    customers,
  );
  const { logLikelihood, iterations } = found;
  if (!found.converged) return { kind: 'not-converged', logLikelihood, iterations };
  const plainLogLikelihood = plain.logLikelihood();
  const price = ((names.length - plain.parameters) * Math.log(customers)) / 2;
  if (logLikelihood - plainLogLikelihood <= price) {
    return { kind: 'no-better-than-plain', logLikelihood, plainLogLikelihood };
  }
  return {
    kind: 'fitted',
    parameters: named(found.parameters),
    logLikelihood,
    plainLogLikelihood,
    iterations,
  };
}

/** The parameters under which the data are likeliest. */
export function maximize(
  logLikelihood: (parameters: readonly number[]) => number,
  starts: readonly (readonly number[])[],
  customers: number,
) {
  // A mean, so that tolerances mean the same for a thousand customers and for a million.
  const { point, value, iterations, converged } = minimize(
    (logs) => -logLikelihood(logs.map(Math.exp)) / customers,
    starts.map((start) => start.map(Math.log)),
    LOG_MAX,
  );
  return {
    parameters: point.map(Math.exp),
    logLikelihood: -value * customers,
    iterations,
    converged,
  };
}
