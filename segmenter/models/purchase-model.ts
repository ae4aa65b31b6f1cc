/** What every model of repeat purchases answers; times in the unit it was fitted in. */
import type { DistinctHistories } from './distinct-histories.ts';
import {
  type FitTask,
  fitModel,
  type ModelFit,
  type Numbers,
  type PlainModel,
} from './model-fit.ts';

export interface PurchaseModel {
  /** P(alive): that a customer with this history will ever buy again. */
  pAlive(history: History): number;
  /** E[X(t)]: repeat purchases of a new customer within t of the first. */
  expectedNew(t: number): number;
  /**
   * Expected purchases in (age, age + t], divided by P(alive): it does not depend on t_x, so it is
   * computed once for all customers of one (x, T).
   */
  expectedIfAlive(repeats: number, age: number, t: number): number;
}

export interface History {
  /** x */
  readonly repeats: number;
  /** t_x */
  readonly recency: number;
  /** T */
  readonly age: number;
}

/** E[Y(t) | x, t_x, T]: purchases of a customer with this history in the t to come. */
export function expectedPurchases(model: PurchaseModel, history: History, t: number): number {
  return model.pAlive(history) * model.expectedIfAlive(history.repeats, history.age, t);
}

/** Fits a model of repeat purchases; where the search sets out depends on the mean T. */
export function fitPurchases<Parameters extends Numbers<Parameters>>(
  data: DistinctHistories,
  logLikelihood: (parameters: Parameters, data: DistinctHistories) => number,
  startsAt: (meanAge: number) => FitTask<Parameters>['starts'],
): ModelFit<Parameters> {
  const { customers, repeaters, sumAge } = data;
  return fitModel({
    starts: startsAt(sumAge / customers),
    logLikelihood: (parameters: Parameters) => logLikelihood(parameters, data),
    customers,
    repeaters,
    plain: plainRate(data),
  });
}

/** Everybody buys at one rate for ever. */
function plainRate(data: DistinctHistories): PlainModel {
  const { repeatPurchases, sumAge } = data;
  return {
    parameters: 1,
    logLikelihood: () => repeatPurchases * Math.log(repeatPurchases / sumAge) - repeatPurchases,
  };
}
