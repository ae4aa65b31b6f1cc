/** What `rekindle clv` asks of its job, and what it gets. */
import type { BgNbdParameters } from '../models/bg-nbd.ts';
import type { Horizon } from '../models/clv.ts';
import type { GammaGammaParameters } from '../models/gamma-gamma.ts';
import type { HoldoutReport } from '../models/holdout.ts';
import type { PurchaseModelName } from '../models/lifetime-fit.ts';
import type { ModelFit } from '../models/model-fit.ts';
import type { ParetoNbdParameters } from '../models/pareto-nbd.ts';
import type { Histories, SufficientStatistics } from '../models/purchase-history.ts';
import type { Scores } from '../models/score.ts';
import type { Tracking } from '../models/tracking.ts';

/** Where orders are read from, and how. */
export interface OrdersSource {
  /** CSV, JSON, NDJSON or Parquet, packed with gzip or not. */
  readonly file: string;
  /** Names of columns; numbers from 1 where the file has no header. */
  readonly customer: string;
  readonly date: string;
  readonly value: string;
  readonly header: boolean;
  /** One character, or `whitespace`; looked for in the first line when not given. */
  readonly delimiter: string | undefined;
  /** As time_format in shop.yaml; without it whatever no other reading of a date can mean. */
  readonly dateFormat: string | undefined;
  /** What stands before the cents. */
  readonly decimal: '.' | ',';
  /** IANA zone whose days are meant. */
  readonly timeZone: string;
}

export interface ClvRequest {
  readonly source: OrdersSource;
  /** Days since 1970-01-01; what came later is not seen. */
  readonly untilDay: number;
  /** Ask for the holdout report: fitted up to this day, held against those up to `untilDay`. */
  readonly calibrationUntilDay: number | null;
  readonly horizon: Horizon;
  readonly score: boolean;
  /** That scores and the holdout go by. */
  readonly model: PurchaseModelName;
  readonly memoryMb: number;
  readonly threads: number;
  readonly tempDir: string;
}

export interface OrderCounts {
  readonly rows: number;
  /** Bought by nobody that is known. */
  readonly withoutCustomer: number;
  /** Amounts below nought, which are no purchases. */
  readonly refunds: number;
}

export interface ModelFits {
  readonly bgNbd: ModelFit<BgNbdParameters>;
  readonly paretoNbd: ModelFit<ParetoNbdParameters>;
  readonly gammaGamma: ModelFit<GammaGammaParameters>;
}

export interface FittedModels {
  readonly models: ModelFits;
  /** Fitted to one customer of how many: 1, but for more than 200,000 customers. */
  readonly everyCustomer: number;
}

export interface ClvHoldout extends FittedModels {
  readonly statistics: SufficientStatistics;
  readonly model: PurchaseModelName;
  /** Null where the model could not be fitted to the calibration. */
  readonly report: HoldoutReport | null;
  readonly tracking: Tracking | null;
}

export interface ClvReport extends FittedModels {
  readonly orders: OrderCounts;
  readonly statistics: SufficientStatistics;
  readonly spend: {
    /** Repeat customers with a mean value above nought: those that Gamma-Gamma is fitted to. */
    readonly customers: number;
    /** Of repeat purchases and their mean value; null when either does not vary. */
    readonly correlation: number | null;
  };
  readonly holdout: ClvHoldout | null;
}

export interface ClvResult {
  readonly report: ClvReport;
  readonly scored: ScoredCustomers | null;
}

export interface ScoredCustomers {
  readonly ids: readonly string[];
  readonly histories: Histories;
  /** Null where the model could not be fitted. */
  readonly scores: Scores | null;
}
