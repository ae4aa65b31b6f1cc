/**
 * What a build has learned of a shop's customers as a whole (docs/models.md), kept beside its tables as
 * `models.json`: the cuts of RFM's ranks, and the fit of lifetime value.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtConditions } from '../../rules/built-conditions.ts';
import type { Segment } from '../../rules/rule.ts';
import type { ClvSettings, ModelSettings, RfmSettings } from '../../settings/model-settings.ts';
import type { LifetimeFit } from '../models/lifetime-fit.ts';
import type { RfmCuts } from '../models/rfm.ts';
import { putInPlace, type ShopFiles } from '../shop-data.ts';
import type { StatusMap } from '../status-groups.ts';

export interface RfmModel {
  readonly method: RfmSettings['method'];
  /** Those who have a rank. */
  readonly customers: number;
  /** Null where nobody has bought. */
  readonly cuts: RfmCuts | null;
}

export interface ClvModel {
  readonly settings: ClvSettings;
  /** Of what it was fitted to, as of which local day. */
  readonly data: string;
  readonly day: number;
  /** Customers who have bought; the fit is of one in so many of them. */
  readonly customers: number;
  readonly everyCustomer: number;
  /** Null where nobody has bought. */
  readonly fit: LifetimeFit | null;
}

export interface ShopModels {
  readonly format: typeof MODELS_FORMAT;
  /** Null where neither shop.yaml nor a rule asks. */
  readonly rfm: RfmModel | null;
  readonly clv: ClvModel | null;
  /** Whether a rule asks for affinities. */
  readonly affinities: boolean;
}

const MODELS_FORMAT = 1;
/** A fit of the same data serves this long: people grow older, how they differ does not change. */
const FIT_DAYS_MAX = 7;

/** What a build is to learn. */
export interface ModelPlan {
  readonly rfm: RfmSettings | null;
  readonly clv: {
    readonly settings: ClvSettings;
    readonly data: string;
    /** A fit that is as good as a new one; null to fit anew. */
    readonly kept: ClvModel | null;
  } | null;
  readonly affinities: boolean;
}

/** What shop.yaml and the rules ask for; `serving` are the models of the generation that serves. */
export function planModels(
  request: {
    readonly models: ModelSettings;
    readonly segments: readonly Segment[];
    readonly timeZone: string;
    readonly statuses: StatusMap;
  },
  { contentHash, day, serving }: { contentHash: string; day: number; serving: ShopModels | null },
): ModelPlan {
  const { models, timeZone } = request;
  const asks = asked(request.segments, models);
  const statuses = Object.entries(request.statuses).sort(([a], [b]) => (a < b ? -1 : 1));
  const inputs = JSON.stringify([contentHash, timeZone, statuses, models.clv]);
  const data = createHash('sha256').update(inputs).digest('hex');
  const kept = serving?.clv ?? null;
  const isGood =
    kept !== null && kept.data === data && day >= kept.day && day - kept.day < FIT_DAYS_MAX;
  return {
    rfm: asks.rfm ? models.rfm : null,
    clv: asks.clv ? { settings: models.clv, data, kept: isGood ? kept : null } : null,
    affinities: asks.affinities,
  };
}

/** Which of the tables that models fill are asked for. */
export function asked(
  segments: readonly Pick<Segment, 'rule'>[],
  models: Pick<ModelSettings, 'asked'>,
): { readonly rfm: boolean; readonly clv: boolean; readonly affinities: boolean } {
  const conditions = builtConditions(segments);
  const asksScore = (prefix: string) =>
    conditions.some((one) => one.kind === 'score' && one.field.startsWith(prefix));
  return {
    rfm: models.asked.rfm || asksScore('rfm.'),
    clv: models.asked.clv || asksScore('clv.'),
    affinities: conditions.some(({ kind }) => kind === 'affinity'),
  };
}

/** Of a generation that was kept; null where it has none. */
export function readModels(files: ShopFiles, generation: string): ShopModels | null {
  const file = modelsFile(files, generation);
  if (!existsSync(file)) return null;
  const models = JSON.parse(readFileSync(file, 'utf8')) as ShopModels;
  return models.format === MODELS_FORMAT ? models : null;
}

export function writeModels(
  files: ShopFiles,
  generation: string,
  models: Omit<ShopModels, 'format'>,
): void {
  const document: ShopModels = { format: MODELS_FORMAT, ...models };
  putInPlace(modelsFile(files, generation), `${JSON.stringify(document, null, 2)}\n`);
}

function modelsFile({ generations }: ShopFiles, generation: string): string {
  return join(generations, generation, 'models.json');
}
