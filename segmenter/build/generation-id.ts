/** The name of a generation. */
import { createHash } from 'node:crypto';
import { MANIFEST_FORMAT } from '../../rules/manifest.ts';
import type { FeedContent } from '../feed/read-feed.ts';
import type { ImportState } from '../import/import-state.ts';
import { PROFILES_FORMAT } from './build-mode.ts';
import type { SoundRequest } from './build-request.ts';
import type { LiveLinks } from './live-links.ts';
import type { ModelPlan } from './shop-models.ts';

/** Sorts by as-of time, and is the same for the same inputs. */
export function generationId(
  request: SoundRequest,
  state: ImportState,
  {
    feed,
    links,
    models,
    full,
  }: {
    readonly feed: FeedContent;
    readonly links: LiveLinks;
    readonly models: ModelPlan;
    /** The build whose models an incremental one has; null for a full build. */
    readonly full: string | null;
  },
): string {
  const { shop, asOfMs, timeZone, statuses, segments, leftOut } = request;
  const sorted = Object.entries(statuses).sort(([a], [b]) => (a < b ? -1 : 1));
  const inputs = [
    MANIFEST_FORMAT,
    PROFILES_FORMAT,
    state.contentHash,
    shop,
    asOfMs,
    timeZone,
    sorted,
    segments,
    leftOut,
    feed.items,
    [...feed.brands],
    links.digest,
    models,
    full,
  ];
  const hash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  const time = new Date(asOfMs).toISOString().replaceAll(/[-:.]/g, '');
  return `${time}-${hash.slice(0, 12)}`;
}
