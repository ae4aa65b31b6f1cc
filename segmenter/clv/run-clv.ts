/** The job behind `rekindle clv`: reads orders, fits the models, holds them against a holdout, scores. */
import { resolve } from 'node:path';
import { Duck } from '../duck.ts';
import { ImportError } from '../import/import-error.ts';
import type { JobProgress } from '../job-progress.ts';
import { fitBgNbd } from '../models/bg-nbd.ts';
import { UNIT_DAYS } from '../models/clv.ts';
import { distinctHistories } from '../models/distinct-histories.ts';
import { FIT_CUSTOMERS_MAX, fitSample } from '../models/fit-sample.ts';
import { fitGammaGamma, spendCorrelation, spendersOf } from '../models/gamma-gamma.ts';
import { holdoutReport } from '../models/holdout.ts';
import { believedModel, type PurchaseModelName } from '../models/lifetime-fit.ts';
import { fitParetoNbd } from '../models/pareto-nbd.ts';
import {
  type Histories,
  historiesUntil,
  type Purchases,
  purchasesBetween,
  purchasesOf,
  sufficientStatistics,
} from '../models/purchase-history.ts';
import type { PurchaseModel } from '../models/purchase-model.ts';
import { expectedOf, scoreCustomers } from '../models/score.ts';
import { trackPurchases } from '../models/tracking.ts';
import type {
  ClvHoldout,
  ClvRequest,
  ClvResult,
  FittedModels,
  ModelFits,
  ScoredCustomers,
} from './clv-request.ts';
import { readOrders } from './read-orders.ts';

/** Throws ImportError for a file that cannot be read as asked, or that has no order by then. */
export async function runClv(
  request: ClvRequest,
  progress: (progress: JobProgress) => void,
): Promise<ClvResult> {
  const { source, untilDay, horizon, memoryMb, threads, tempDir } = request;
  const phase = (name: string) => progress({ phase: name, done: 0, total: 0 });
  phase('reading orders');
  await using duck = await Duck.open({
    memoryMb,
    threads,
    tempDir,
    folders: [],
    files: [resolve(source.file)],
  });
  const { orders, customers, counts } = await readOrders(source, duck);
  const purchases = purchasesOf(orders, customers.length);
  const histories = historiesUntil(purchases, untilDay);
  if (histories.repeats.length === 0) {
    throw new ImportError(`${source.file}: no order of a customer up to the day of --until`);
  }
  phase('fitting models');
  const unitDays = UNIT_DAYS[horizon.unit];
  const fitted = fitAll(histories, unitDays);
  const spenders = spendersOf(histories);
  const correlation = spendCorrelation(spenders);
  return {
    report: {
      orders: counts,
      statistics: sufficientStatistics(histories, unitDays),
      ...fitted,
      spend: {
        customers: spenders.repeats.length,
        correlation: Number.isFinite(correlation) ? correlation : null,
      },
      holdout: holdoutOf(purchases, request),
    },
    scored: request.score ? scored(customers, histories, fitted.models, request) : null,
  };
}

function fitAll(all: Histories, unitDays: number): FittedModels {
  const { histories, every } = fitSample(all, FIT_CUSTOMERS_MAX);
  const distinct = distinctHistories(histories, unitDays);
  return {
    everyCustomer: every,
    models: {
      bgNbd: fitBgNbd(distinct),
      paretoNbd: fitParetoNbd(distinct),
      gammaGamma: fitGammaGamma(spendersOf(histories)),
    },
  };
}

/** Null where that model may not be believed. */
function fittedModel(models: ModelFits, name: PurchaseModelName): PurchaseModel | null {
  return believedModel(
    name === 'bg-nbd' ? { model: name, fit: models.bgNbd } : { model: name, fit: models.paretoNbd },
  );
}

function holdoutOf(purchases: Purchases, request: ClvRequest): ClvHoldout | null {
  const { calibrationUntilDay: cohortUntil, untilDay: until, model: name } = request;
  if (cohortUntil === null) return null;
  const unitDays = UNIT_DAYS[request.horizon.unit];
  const histories = historiesUntil(purchases, cohortUntil);
  if (histories.repeats.length === 0) {
    throw new ImportError('no order of a customer up to the day of --calibration-until');
  }
  const fitted = fitAll(histories, unitDays);
  const statistics = sufficientStatistics(histories, unitDays);
  const model = fittedModel(fitted.models, name);
  if (model === null) return { statistics, ...fitted, model: name, report: null, tracking: null };
  const days = until - cohortUntil;
  const actual = purchasesBetween(purchases, histories.customer, cohortUntil, until);
  const expected = expectedOf(histories, model, unitDays, days / unitDays);
  const cohort = { purchases, cohort: histories };
  return {
    statistics,
    ...fitted,
    model: name,
    report: holdoutReport({ histories, actual, expected, days }),
    tracking: trackPurchases(cohort, model, unitDays, { cohortUntil, until }),
  };
}

function scored(
  customers: readonly string[],
  histories: Histories,
  models: ModelFits,
  { model: name, horizon }: ClvRequest,
): ScoredCustomers {
  const model = fittedModel(models, name);
  const { gammaGamma } = models;
  const spend = gammaGamma.kind === 'fitted' ? gammaGamma.parameters : null;
  return {
    ids: Array.from(histories.customer, (index) => customers[index]!),
    histories,
    scores: model === null ? null : scoreCustomers(histories, model, spend, horizon),
  };
}
