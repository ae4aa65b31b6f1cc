/** Handing segments over as the command line starts it. */
import { join } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import type { HandoverReport, HandoverRequest } from '../segmenter/handover/handover-request.ts';
import { jobResources, runHandover } from '../segmenter/run-job.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import { finished } from './shop-jobs.ts';
import { KEY_FILE } from './workspace-files.ts';

/** Throws Failure; then no file was written. */
export async function handOverSegment(
  { dir, storeUrl }: ServiceConfig,
  { shop, locale }: ShopSettings,
  wanted: Pick<HandoverRequest, 'segment' | 'to' | 'out'>,
): Promise<HandoverReport> {
  // Whose language the banners speak dials the phones.
  const phoneRegion = new Intl.Locale(locale).maximize().region ?? null;
  const request = { ...wanted, dir, shop, phoneRegion, nowMs: systemClock.nowMs() };
  const access = { key: loadOrCreateKey(join(dir, KEY_FILE)), store: { url: storeUrl, dir } };
  return finished(runHandover({ ...request, ...jobResources() }, access));
}
