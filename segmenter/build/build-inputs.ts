/** What names a generation, and whether an earlier build of it did not end. */
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { buildZone, localDay } from '../../rules/local-day.ts';
import { type FeedContent, readFeed } from '../feed/read-feed.ts';
import { shopPolicy } from '../identity/identity-policy.ts';
import { asksBrands } from './asked-rows.ts';
import { CUSTOMERS_PER_BUCKET } from './buckets.ts';
import type { Build } from './build-context.ts';
import { type BuildMode, buildMode } from './build-mode.ts';
import { type BuildPlan, buildPlan, readPlan } from './build-progress.ts';
import { BuildRefused, type SoundRequest } from './build-request.ts';
import { generationId } from './generation-id.ts';
import { createShopLinks, type LiveLinks } from './live-links.ts';
import { type ModelPlan, planModels, readModels } from './shop-models.ts';

export interface BuildInputs {
  readonly request: SoundRequest;
  /** Without brands where no rule asks: a shop builds the same then when they change. */
  readonly feed: FeedContent;
  /** Of the feed, whether a rule asks or not: what the next one may ask. */
  readonly brands: FeedContent['brands'];
  readonly links: LiveLinks;
  readonly models: ModelPlan;
  readonly plan: BuildPlan;
  readonly mode: BuildMode;
  /** A build with this plan did not end. */
  readonly resumes: boolean;
}

/**
 * Those of the request; or of the build that did not end, when it is the same one, or would be but for its
 * moment. `serving` is the generation that serves.
 */
export async function readInputs(build: Build, serving: string | null): Promise<BuildInputs> {
  const { duck, files, request, ports, timer } = build;
  const policy = shopPolicy([], request.identity);
  const { shop } = request;
  const known = { shop, syncs: ports.syncs, nowMs: ports.clock.nowMs(), policy };
  const inputsOf = async (asked: SoundRequest): Promise<BuildInputs> => {
    const read = await timer.time('reading feed', () => readShopFeed(asked));
    const { brands } = read;
    const feed = asksBrands(asked.segments) ? read : { ...read, brands: new Map() };
    const links = await timer.time('facts: links', () =>
      createShopLinks(duck, files, { ...known, asOfMs: asked.asOfMs }),
    );
    const day = dayOf(asked, asked.asOfMs);
    const models = planModels(asked, {
      contentHash: build.state.contentHash,
      day,
      serving: serving === null ? null : readModels(files, serving),
    });
    const mode = await buildMode(build, asked, { serving, feed, models, day });
    const nameOf = (full: string | null) =>
      generationId(asked, build.state, { feed, links, models, full });
    const isServing = nameOf(null) === serving;
    const plan = buildPlan({
      generation: nameOf(mode.kind === 'full' || isServing ? null : mode.base.full.generation),
      asOfMs: asked.asOfMs,
      customersPerBucket: asked.customersPerBucket ?? CUSTOMERS_PER_BUCKET,
      serving,
    });
    const resumes = isDeepStrictEqual(plan, unfinished);
    return { request: asked, feed, brands, links, models, plan, mode, resumes };
  };
  const unfinished = readPlan(files);
  if (unfinished !== null && mayBeFinished(unfinished, request)) {
    const inputs = await inputsOf({ ...request, asOfMs: unfinished.asOfMs });
    if (inputs.resumes) return inputs;
  }
  return await inputsOf(request);
}

/** As far as the moment goes. */
function mayBeFinished({ asOfMs }: BuildPlan, request: SoundRequest): boolean {
  if (asOfMs === request.asOfMs) return true;
  if (!request.asOfIsNow || asOfMs > request.asOfMs) return false;
  return dayOf(request, asOfMs) === dayOf(request, request.asOfMs);
}

/** The shop's local day of a moment. */
function dayOf({ timeZone }: SoundRequest, ms: number): number {
  return localDay(buildZone(timeZone, ms - DAY_MS, ms + DAY_MS), ms);
}

const DAY_MS = 86_400_000;

async function readShopFeed(request: SoundRequest): Promise<FeedContent> {
  if (request.feed === null) {
    return { items: [], brands: new Map(), rejected: [], rejectedCount: 0 };
  }
  if (!existsSync(request.feed)) throw new BuildRefused(`there is no product feed ${request.feed}`);
  return await readFeed(request.feed, { currency: request.currency, nowMs: request.asOfMs });
}
