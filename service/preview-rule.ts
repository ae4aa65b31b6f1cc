/** A segment file that need not be the shop's yet, tried over what serves. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConfigInvalid } from '../platform/config-file.ts';
import { Failure } from '../platform/failure.ts';
import {
  type Preview,
  PreviewRefused,
  previewSegment,
} from '../segmenter/preview/preview-segment.ts';
import { jobResources } from '../segmenter/run-job.ts';
import { readSegmentFile, type SegmentFile } from '../settings/segment-file.ts';
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
  const published = await readPublishedShop(store, shop);
  if (published === null) {
    throw new Failure(
      'failed-check',
      `${shop.shop} serves nothing yet: run rekindle segment ${shop.shop} first`,
    );
  }
  const { generation, asOfMs, segments } = published.manifest;
  const preview = await previewSegment({
    dir: config.dir,
    shop: shop.shop,
    segment: read.segment,
    serving: { generation, asOfMs, segments },
    currency: shop.currency,
    feed: feedOf(shop),
    ...jobResources(),
  }).catch((error: unknown) => {
    if (error instanceof PreviewRefused)
      throw new Failure('failed-check', error.message, { cause: error });
    throw error;
  });
  return { ...preview, tests: runSegmentTests(read) };
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
