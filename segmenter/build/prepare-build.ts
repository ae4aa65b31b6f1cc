/** What a build learns of the whole base before its first bucket: small, and the same for all of them. */
import { existsSync } from 'node:fs';
import { localDay, type ZoneOffsets } from '../../rules/local-day.ts';
import { type FeedContent, readFeed } from '../feed/read-feed.ts';
import { readAttributes } from './attributes.ts';
import { boughtTogether } from './bought-together.ts';
import { type Bucket, CUSTOMERS_PER_BUCKET, cutBuckets } from './buckets.ts';
import type { Build } from './build-context.ts';
import { BuildRefused, type BuildRequest, type BuildResult } from './build-request.ts';
import { loadProducts } from './catalogue.ts';
import { createProductCategories, ordersZone, unmappedStatuses } from './facts.ts';
import { createOptedOut } from './opted-out.ts';
import { Purchases } from './purchases.ts';
import { createSynced, type Synced } from './synced.ts';

export interface Prepared {
  readonly feed: FeedContent;
  readonly zone: ZoneOffsets;
  /** The local day that rules are evaluated at. */
  readonly day: number;
  readonly optedOut: number;
  readonly products: Awaited<ReturnType<typeof loadProducts>>;
  readonly purchases: Purchases;
  readonly synced: Synced;
  readonly unmapped: BuildResult['unmappedStatuses'];
  readonly buckets: readonly Bucket[];
}

export async function prepareBuild({
  duck,
  files,
  request,
  ports,
  timer,
}: Build): Promise<Prepared> {
  const optedOut = await createOptedOut(duck, files);
  const [feed, zone, buckets] = await allDone([
    timer.time('reading feed', () => readShopFeed(request)),
    ordersZone(duck, files, request),
    cutBuckets(duck, files, request.customersPerBucket ?? CUSTOMERS_PER_BUCKET),
  ]);
  const products = await timer.time('facts: products', () => loadProducts(duck, files, feed.items));
  const kept = { syncs: ports.syncs, shop: request.shop, nowMs: ports.clock.nowMs() };
  const [synced, together, unmapped] = await allDone([
    timer.time('facts: user syncs', () => createSynced(duck, files, kept)),
    timer.time('facts: bought together', () =>
      boughtTogether(duck, files, request, products.names.length),
    ),
    unmappedStatuses(duck, files, request),
    timer.time('facts: attributes', () => readAttributes(duck, files, request.segments)),
    createProductCategories(duck, products),
  ]);
  return {
    feed,
    zone,
    day: localDay(zone, request.asOfMs),
    optedOut,
    products,
    purchases: new Purchases(products, together),
    synced,
    unmapped,
    buckets,
  };
}

async function readShopFeed(request: BuildRequest): Promise<FeedContent> {
  if (request.feed === null) return { items: [], rejected: [], rejectedCount: 0 };
  if (!existsSync(request.feed)) throw new BuildRefused(`there is no product feed ${request.feed}`);
  return readFeed(request.feed, { currency: request.currency, nowMs: request.asOfMs });
}

/** The results of all, or what failed; nothing works with DuckDB any more when it is closed then. */
export async function allDone<T extends readonly unknown[]>(
  work: {
    readonly [K in keyof T]: Promise<T[K]>;
  },
): Promise<T> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as unknown as T;
}
