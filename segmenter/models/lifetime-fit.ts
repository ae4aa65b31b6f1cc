/**
 * What a build learns of a shop's customers to foretell them: a model of repeat purchases, one of what
 * they are worth, whether the first held for the time it has not seen, and where the tenths of value lie.
 */
import { type BgNbdParameters, bgNbdModel, fitBgNbd } from './bg-nbd.ts';
import { type Horizon, UNIT_DAYS } from './clv.ts';
import { type DistinctHistories, distinctHistories } from './distinct-histories.ts';
import {
  fitGammaGamma,
  type GammaGammaParameters,
  spendCorrelation,
  spendersOf,
} from './gamma-gamma.ts';
import { type HoldoutReport, holdoutReport } from './holdout.ts';
import type { ModelFit } from './model-fit.ts';
import { fitParetoNbd, type ParetoNbdParameters, paretoNbdModel } from './pareto-nbd.ts';
import type { Histories } from './purchase-history.ts';
import type { PurchaseModel } from './purchase-model.ts';
import { expectedOf, type Scores, scoreCustomers } from './score.ts';

export const MODELS = ['bg-nbd', 'pareto-nbd'] as const;
export type PurchaseModelName = (typeof MODELS)[number];

export type PurchaseFit =
  | { readonly model: 'bg-nbd'; readonly fit: ModelFit<BgNbdParameters> }
  | { readonly model: 'pareto-nbd'; readonly fit: ModelFit<ParetoNbdParameters> };

/** Plain data and typed arrays: it crosses to a thread. */
export interface LifetimeTask {
  readonly model: PurchaseModelName;
  readonly horizon: Horizon;
  readonly histories: Histories;
  /** What was known earlier, and what was bought since; null where there is too little time. */
  readonly holdout: {
    readonly histories: Histories;
    readonly actual: Int32Array;
    readonly days: number;
  } | null;
}

export interface LifetimeFit {
  readonly purchases: PurchaseFit;
  readonly spend: ModelFit<GammaGammaParameters>;
  /** Of repeat purchases and their mean value; null where either does not vary. */
  readonly spendCorrelation: number | null;
  /** Null where there was too little time; the report is where the fit to what was before may not be believed. */
  readonly holdout: {
    readonly days: number;
    readonly purchases: PurchaseFit;
    readonly report: HoldoutReport | null;
  } | null;
  /** Micros of the shop's currency: a value above a cut is beyond it. Null where nobody has a value. */
  readonly decileCuts: readonly number[] | null;
}

export function fitLifetime({ model, horizon, histories, holdout }: LifetimeTask): LifetimeFit {
  const unitDays = UNIT_DAYS[horizon.unit];
  const spenders = spendersOf(histories);
  const correlation = spendCorrelation(spenders);
  const learned = {
    purchases: fitPurchaseModel(model, distinctHistories(histories, unitDays)),
    spend: fitGammaGamma(spenders),
  };
  return {
    ...learned,
    spendCorrelation: Number.isFinite(correlation) ? correlation : null,
    holdout: holdout === null ? null : holdoutOf(model, unitDays, holdout),
    decileCuts: decileCuts(scoresOf(histories, learned, horizon)),
  };
}

function fitPurchaseModel(model: PurchaseModelName, data: DistinctHistories): PurchaseFit {
  return model === 'bg-nbd' ? { model, fit: fitBgNbd(data) } : { model, fit: fitParetoNbd(data) };
}

/** Null where the model may not be believed. */
export function believedModel(purchases: PurchaseFit): PurchaseModel | null {
  const { model, fit } = purchases;
  if (fit.kind !== 'fitted') return null;
  return model === 'bg-nbd'
    ? bgNbdModel(fit.parameters as BgNbdParameters)
    : paretoNbdModel(fit.parameters as ParetoNbdParameters);
}

/** Null where the model of purchases may not be believed. */
export function scoresOf(
  histories: Histories,
  { purchases, spend }: Pick<LifetimeFit, 'purchases' | 'spend'>,
  horizon: Horizon,
): Scores | null {
  const model = believedModel(purchases);
  if (model === null) return null;
  return scoreCustomers(
    histories,
    model,
    spend.kind === 'fitted' ? spend.parameters : null,
    horizon,
  );
}

function holdoutOf(
  name: PurchaseModelName,
  unitDays: number,
  { histories, actual, days }: NonNullable<LifetimeTask['holdout']>,
): LifetimeFit['holdout'] {
  const purchases = fitPurchaseModel(name, distinctHistories(histories, unitDays));
  const model = believedModel(purchases);
  if (model === null) return { days, purchases, report: null };
  const expected = expectedOf(histories, model, unitDays, days / unitDays);
  return { days, purchases, report: holdoutReport({ histories, actual, expected, days }) };
}

const DECILES = 10;

/** The values that the k-th tenth of those who have one does not exceed, of nine k. */
function decileCuts(scores: Scores | null): number[] | null {
  if (scores === null) return null;
  const values = scores.clv.filter((value) => !Number.isNaN(value)).sort();
  if (values.length === 0) return null;
  return Array.from({ length: DECILES - 1 }, (_, k) => {
    const rank = Math.ceil(((k + 1) * values.length) / DECILES);
    return toMicros(values[rank - 1]!);
  });
}

/** 1..10 for a value in micros. */
export function decileOf(valueMicros: number, cuts: readonly number[]): number {
  return 1 + cuts.filter((cut) => valueMicros > cut).length;
}

const MICROS = 1_000_000;

/** Of units of currency. */
export function toMicros(value: number): number {
  return Math.round(value * MICROS);
}
