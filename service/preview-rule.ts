/** A segment file that need not be the shop's yet, tried over what serves. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConfigInvalid } from '../platform/config-file.ts';
import { Failure } from '../platform/failure.ts';
import type { Manifest } from '../rules/manifest.ts';
import type { Segment } from '../rules/rule.ts';
import { soundSegments } from '../rules/sound-segments.ts';
import type { Stale } from '../rules/stale.ts';
import { type Overlaps, segmentOverlaps } from '../segmenter/preview/overlaps.ts';
import {
  type Preview,
  PreviewRefused,
  previewSegment,
} from '../segmenter/preview/preview-segment.ts';
import { type ServingModels, servingModels } from '../segmenter/preview/serving-models.ts';
import { jobResources } from '../segmenter/run-job.ts';
import { readSegmentFile, type SegmentFile } from '../settings/segment-file.ts';
import { referenceProblems } from '../settings/segment-graph.ts';
import { runSegmentTests, type SegmentTestResult } from '../settings/segment-tests.ts';
import type { ShopSegments } from '../settings/shop-segments.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { readPublishedManifest } from './published-shop-reader.ts';

export interface RulePreview extends Preview {
  /** Of the shop's other segments those that were looked at as they serve: their files are broken. */
  readonly stale: readonly (Stale & { readonly segment: string })[];
  /** The tests beside the rule. */
  readonly tests: readonly SegmentTestResult[];
}

/** Throws ConfigInvalid for a file that is not sound, and Failure for a shop that serves nothing. */
export async function previewRule(
  config: ServiceConfig,
  store: Store,
  question: {
    readonly shop: ShopSettings;
    readonly written: ShopSegments;
    readonly file: string;
  },
): Promise<RulePreview> {
  const { shop } = question;
  const read = readRule(shop, question.file);
  const serving = await servingOf(store, shop);
  const segments = segmentsWith(question.written, read, serving);
  const { generation, asOfMs, timeZone, segments: served } = serving;
  const asked = previewSegment({
    dir: config.dir,
    shop: shop.shop,
    segment: segments.find(({ segment }) => segment === read.segment.segment)!,
    segments,
    models: shop.models,
    serving: { generation, asOfMs, timeZone, segments: served },
    currency: shop.currency,
    ...jobResources(config),
  });
  const stale = segments.flatMap((one) =>
    one.stale === undefined ? [] : [{ segment: one.segment, ...one.stale }],
  );
  return { ...(await answered(asked)), stale, tests: runSegmentTests(read) };
}

/** What the segments that serve have in common. Throws Failure for a shop that serves nothing. */
export async function servingOverlaps(
  config: ServiceConfig,
  store: Store,
  shop: ShopSettings,
): Promise<Overlaps> {
  const { generation, segments } = await servingOf(store, shop);
  const { dir } = config;
  const asked = { dir, shop: shop.shop, generation, segments, ...jobResources(config) };
  return answered(segmentOverlaps(asked));
}

/** What the generation that serves has learned. Throws Failure for a shop that serves nothing. */
export async function shopModels(
  config: ServiceConfig,
  store: Store,
  shop: ShopSettings,
): Promise<ServingModels> {
  const { generation } = await servingOf(store, shop);
  const asked = { dir: config.dir, shop: shop.shop, generation, ...jobResources(config) };
  return answered(servingModels(asked));
}

/**
 * The shop's segments with the file's among them; those whose files are broken as they serve. Throws
 * ConfigInvalid where the file's own references lead nowhere or in a circle.
 */
function segmentsWith(
  { files, broken }: ShopSegments,
  file: SegmentFile,
  serving: Manifest,
): readonly Segment[] {
  const { segment, source } = file;
  const others = files.filter((other) => other.segment.segment !== segment.segment);
  const all = [...others, file];
  const own = referenceProblems(all, broken.length === 0).filter(
    (problem) => problem.file === source.file,
  );
  if (own.length > 0) throw new ConfigInvalid(own);
  const written = all.map((each) => each.segment);
  const sound = soundSegments({ segments: written, broken }, serving);
  const found = sound.segments.find((one) => one.segment === segment.segment);
  if (found !== undefined && found.stale === undefined) return sound.segments;
  const left = sound.leftOut.find((one) => one.segment === segment.segment);
  throw new ConfigInvalid([source.problem([], found?.stale?.error ?? left?.error ?? '')]);
}

async function servingOf(store: Store, shop: ShopSettings): Promise<Manifest> {
  const manifest = await readPublishedManifest(store, shop);
  if (manifest !== null) return manifest;
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
