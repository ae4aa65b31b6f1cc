/** What `rekindle identity` starts. */
import { systemClock } from '../platform/clock.ts';
import type { IdentityView } from '../segmenter/identity/identity-view.ts';
import { jobResources, runIdentity } from '../segmenter/run-job.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import { finished, jobAccess } from './shop-jobs.ts';

/** Throws Failure. */
export async function identityInShop(
  config: ServiceConfig,
  { shop, imports, identity }: ShopSettings,
  asked: string,
): Promise<IdentityView> {
  const request = {
    dir: config.dir,
    shop,
    asked: asked.trim(),
    joinBy: imports.customers?.join_by ?? [],
    phoneRegion: imports.customers?.phone_region ?? null,
    identity,
    nowMs: systemClock.nowMs(),
    ...jobResources(config),
  };
  return await finished(runIdentity(request, jobAccess(config)));
}
