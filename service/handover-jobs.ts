/** Handing segments over as the command line starts it. */
import { systemClock } from '../platform/clock.ts';
import type { HandoverReport, HandoverRequest } from '../segmenter/handover/handover-request.ts';
import type { WebhookReport, WebhookRequest } from '../segmenter/handover/webhook-request.ts';
import { jobResources, runHandover, runWebhook } from '../segmenter/run-job.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import { finished, jobAccess } from './shop-jobs.ts';

/** Throws Failure; then no file was written. */
export async function handOverSegment(
  config: ServiceConfig,
  shop: ShopSettings,
  wanted: Pick<HandoverRequest, 'segment' | 'to' | 'out'>,
): Promise<HandoverReport> {
  return finished(runHandover({ ...wanted, ...common(config, shop) }, jobAccess(config)));
}

/** Throws Failure; the same call goes on after the last page that was taken. */
export async function sendSegment(
  config: ServiceConfig,
  shop: ShopSettings,
  wanted: Pick<WebhookRequest, 'segment' | 'url' | 'secret'>,
): Promise<WebhookReport> {
  return finished(runWebhook({ ...wanted, ...common(config, shop) }, jobAccess(config)));
}

function common(config: ServiceConfig, { shop, locale }: ShopSettings) {
  // Whose language the banners speak dials the phones.
  const phoneRegion = new Intl.Locale(locale).maximize().region ?? null;
  const { dir } = config;
  return { dir, shop, phoneRegion, nowMs: systemClock.nowMs(), ...jobResources(config) };
}
