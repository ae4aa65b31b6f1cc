/**
 * Whether a build computes everybody, or takes over from the generation that serves all whom nothing has
 * touched. Both give the same bytes, but for what needs the whole base and moves slowly: an incremental
 * build has that as the last full one found it (the shop's cycle, what is bought together, the cuts and
 * fits of shop-models.ts).
 */
import { createHash } from 'node:crypto';
import { writtenRule } from '../../rules/groups.ts';
import { MANIFEST_FORMAT } from '../../rules/manifest.ts';
import type { FeedContent } from '../feed/read-feed.ts';
import { knowsTogether } from './bought-together.ts';
import type { Build } from './build-context.ts';
import type { SoundRequest } from './build-request.ts';
import { type Kept, readKept, togetherFile } from './kept-generation.ts';
import { type ModelPlan, readModels } from './shop-models.ts';

/** Changes when what a profile is made of does: nobody is taken over from an earlier version's build. */
export const PROFILES_FORMAT = 2;

export type BuildMode =
  | { readonly kind: 'full'; readonly why: string }
  /** `base` serves. */
  | { readonly kind: 'incremental'; readonly base: Kept };

export async function buildMode(
  { duck, files }: Pick<Build, 'duck' | 'files'>,
  request: SoundRequest,
  at: {
    /** The generation that serves. */
    readonly serving: string | null;
    readonly feed: FeedContent;
    readonly models: ModelPlan;
    /** Of the build. */
    readonly day: number;
  },
): Promise<BuildMode> {
  const { serving, feed, models, day } = at;
  if (request.full) return full('it was asked for');
  if (serving === null) return full('nothing serves yet');
  const base = readKept(files, serving);
  if (base === null || readModels(files, serving) === null) {
    return full('what serves has kept no facts');
  }
  if (request.asOfMs < base.asOfMs) return full('it is of an earlier moment than what serves');
  if (request.asOfMs - base.full.asOfMs >= request.fullEveryMs) {
    return full(`the last full build is of ${new Date(base.full.asOfMs).toISOString()}`);
  }
  if (sharedInputs(request, feed, models) !== base.inputs) {
    return full('rules, statuses, models, the time zone or the goods of the feed have changed');
  }
  // Whoever has a score has another one the day after.
  if ((models.rfm !== null || models.clv !== null) && day !== base.asOf.day) {
    return full('ranks and lifetime values are of another day');
  }
  if (!(await knowsTogether(duck, files, togetherFile(files, base.generation)))) {
    return full('goods that the last full build knew are gone');
  }
  return { kind: 'incremental', base };
}

function full(why: string): BuildMode {
  return { kind: 'full', why };
}

/** The same for builds that make the same profile of the same person's data. */
export function sharedInputs(
  { shop, timeZone, currency, statuses, segments }: SoundRequest,
  { items, brands }: FeedContent,
  { rfm, clv, affinities }: ModelPlan,
): string {
  const sorted = Object.entries(statuses).sort(([a], [b]) => (a < b ? -1 : 1));
  const rules = segments.map((one) => [one.segment, one.rule, writtenRule(one), one.control]);
  const goods = items.map(({ id, category, available }) => [id, category, available]);
  const models = [rfm, clv?.settings ?? null, affinities, [...brands]];
  const inputs = [
    MANIFEST_FORMAT,
    PROFILES_FORMAT,
    shop,
    timeZone,
    currency,
    sorted,
    rules,
    goods,
    models,
  ];
  // Where a rule is written does not change whom it takes in.
  const text = JSON.stringify(inputs, (key, value: unknown) => (key === 'at' ? undefined : value));
  return createHash('sha256').update(text).digest('hex');
}
