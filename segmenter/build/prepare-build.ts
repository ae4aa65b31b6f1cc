/** What a build learns of the whole base before its first bucket: small, and the same for all of them. */
import { localDay, type ZoneOffsets } from '../../rules/local-day.ts';
import { allDone } from '../all-done.ts';
import { completePersonEvents } from '../import/person-events.ts';
import { createProductBrands } from './affinities.ts';
import { type AskedRows, askedRows } from './asked-rows.ts';
import { readAttributes } from './attributes.ts';
import { boughtTogether, createTogether, loadTogether } from './bought-together.ts';
import { type Bucket, cutBuckets } from './buckets.ts';
import type { Build } from './build-context.ts';
import type { BuildInputs } from './build-inputs.ts';
import type { BuildResult } from './build-request.ts';
import { loadProducts, type Products } from './catalogue.ts';
import { ProfileEncoder } from './encode-profiles.ts';
import { readEvents } from './event-rows.ts';
import { createProductCategories, ordersZone, unmappedStatuses } from './facts.ts';
import { togetherFile } from './kept-generation.ts';
import { createOptedOut } from './opted-out.ts';

export interface Prepared {
  readonly zone: ZoneOffsets;
  /** The local day that rules are evaluated at. */
  readonly day: number;
  readonly optedOut: number;
  /** What of single orders and events the rules ask about. */
  readonly asked: AskedRows;
  readonly products: Products;
  readonly encoder: ProfileEncoder;
  readonly unmapped: BuildResult['unmappedStatuses'];
  readonly buckets: readonly Bucket[];
}

export async function prepareBuild(
  { duck, files, request, timer }: Build,
  { feed, plan, mode }: BuildInputs,
): Promise<Prepared> {
  await completePersonEvents({ duck, files });
  const optedOut = await createOptedOut(duck, files);
  const [zone, buckets] = await allDone([
    ordersZone(duck, files, request),
    cutBuckets(duck, files, plan.customersPerBucket),
  ]);
  const day = localDay(zone, request.asOfMs);
  const asked = askedRows(request.segments, day);
  const products = await timer.time('facts: products', () => loadProducts(duck, files, feed.items));
  const [, unmapped] = await allDone([
    timer.time('facts: bought together', () =>
      mode.kind === 'full'
        ? createTogether(duck, files, request)
        : loadTogether(duck, files, togetherFile(files, mode.base.generation)),
    ),
    unmappedStatuses(duck, files, request),
    timer.time('facts: attributes', () => readAttributes(duck, files, request.segments)),
    timer.time('facts: events', () => readEvents(duck, files, asked, { ...request, ...feed })),
    createProductCategories(duck, products),
    createProductBrands(duck, products, feed.brands),
  ]);
  const together = await boughtTogether(duck, products.names.length);
  return {
    zone,
    day,
    asked,
    optedOut,
    products,
    encoder: new ProfileEncoder({ segments: request.segments, products, together }),
    unmapped,
    buckets,
  };
}
