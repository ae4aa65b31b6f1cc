/** A segment file that need not be the shop's yet, tried over what serves. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConfigInvalid, type ConfigProblem } from '../platform/config-file.ts';
import { Failure } from '../platform/failure.ts';
import type { Manifest } from '../rules/manifest.ts';
import type { Segment } from '../rules/rule.ts';
import { type Overlaps, segmentOverlaps } from '../segmenter/preview/overlaps.ts';
import {
  type Preview,
  PreviewRefused,
  previewSegment,
} from '../segmenter/preview/preview-segment.ts';
import { type ServingModels, servingModels } from '../segmenter/preview/serving-models.ts';
import { jobResources } from '../segmenter/run-job.ts';
import { readSegments } from '../settings/read-shop.ts';
import { readSegmentFile, type SegmentFile } from '../settings/segment-file.ts';
import { referenceProblems, segmentsOf } from '../settings/segment-graph.ts';
import { runSegmentTests, type SegmentTestResult } from '../settings/segment-tests.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { readPublishedShop } from './published-shop-reader.ts';
import { feedOf } from './shop-jobs.ts';

export interface RulePreview extends Preview {
  /** The tests beside the rule. */
  readonly tests: readonly SegmentTestResult[];
}

/** Throws ConfigInvalid for a file that is not sound, and Failure for a shop that serves nothing. */
export async function previewRule(
  config: ServiceConfig,
  store: Store,
  question: { readonly shop: ShopSettings; readonly file: string },
): Promise<RulePreview> {
  const { shop } = question;
  const read = readRule(shop, question.file);
  const segments = segmentsWith(shop, read);
  const { generation, asOfMs, timeZone, segments: served } = await servingOf(store, shop);
  const asked = previewSegment({
    dir: config.dir,
    shop: shop.shop,
    segment: segments.find(({ segment }) => segment === read.segment.segment)!,
    segments,
    models: shop.models,
    serving: { generation, asOfMs, timeZone, segments: served },
    currency: shop.currency,
    feed: feedOf(shop),
    ...jobResources(),
  });
  return { ...(await answered(asked)), tests: runSegmentTests(read) };
}

/** What the segments that serve have in common. Throws Failure for a shop that serves nothing. */
export async function servingOverlaps(
  config: ServiceConfig,
  store: Store,
  shop: ShopSettings,
): Promise<Overlaps> {
  const { generation, segments } = await servingOf(store, shop);
  const { dir } = config;
  const asked = { dir, shop: shop.shop, generation, segments, ...jobResources() };
  return answered(segmentOverlaps(asked));
}

/** What the generation that serves has learned. Throws Failure for a shop that serves nothing. */
export async function shopModels(
  config: ServiceConfig,
  store: Store,
  shop: ShopSettings,
): Promise<ServingModels> {
  const { generation } = await servingOf(store, shop);
  const asked = { dir: config.dir, shop: shop.shop, generation, ...jobResources() };
  return answered(servingModels(asked));
}

/**
 * The shop's segments with the file's among them; files that cannot be read are left out. Throws
 * ConfigInvalid for references that lead nowhere or in a circle.
 */
function segmentsWith(shop: ShopSettings, file: SegmentFile): readonly Segment[] {
  const problems: ConfigProblem[] = [];
  const { segment, source } = file;
  const others = readSegments(shop, problems).filter(
    (other) => other.segment.segment !== segment.segment,
  );
  const files = [...others, file];
  const wrong = referenceProblems(files, problems.length === 0);
  if (wrong.length === 0) return segmentsOf(files);
  const own = wrong.filter((problem) => problem.file === source.file);
  throw new ConfigInvalid(own.length > 0 ? own : wrong);
}

async function servingOf(store: Store, shop: ShopSettings): Promise<Manifest> {
  const published = await readPublishedShop(store, shop);
  if (published !== null) return published.manifest;
  throw new Failure(
    'failed-check',
    `${shop.shop} serves nothing yet: run rekindle segment ${shop.shop} first`,
  );
}

async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof PreviewRefused)) throw error;
    throw new Failure('failed-check', error.message, { cause: error });
  }
}

function readRule(shop: ShopSettings, path: string): SegmentFile {
  if (!existsSync(path)) throw new Failure('usage', `there is no file ${path}`);
  const { currency, locale, timeZone, weekStart } = shop;
  const { value, problems } = readSegmentFile({
    path: resolve(path),
    shownAs: path,
    file: basename(path),
    currency,
    locale,
    calendar: { timeZone, weekStart },
  });
  if (value === null) throw new ConfigInvalid(problems);
  return value;
}
