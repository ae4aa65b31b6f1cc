import type { Route } from '../platform/http/http-port.ts';
import { lossBatchRoute } from './loss-batch-routes.ts';
import { noticeRoutes } from './notice-routes.ts';
import { shopEventRoutes } from './shop-event-routes.ts';
import { syncRoutes } from './sync/sync-routes.ts';
import type { TrackerDeps } from './tracker-deps.ts';

/** What exchanges, browsers and shops call on the public port. */
export function createTrackerRoutes(deps: TrackerDeps): Route[] {
  return [
    ...noticeRoutes(deps),
    lossBatchRoute(deps),
    ...shopEventRoutes(deps),
    ...syncRoutes(deps),
  ];
}
