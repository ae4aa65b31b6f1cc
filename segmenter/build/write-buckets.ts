/** The two passes of a build over the buckets of the base (buckets.ts); both go on where they ended. */
import type { AsOf } from '../../rules/customer.ts';
import type { Manifest } from '../../rules/manifest.ts';
import type { GenerationWriter } from '../../store/ports.ts';
import { createAffinities } from './affinities.ts';
import { createAttributes } from './attributes.ts';
import type { Bucket } from './buckets.ts';
import type { Build } from './build-context.ts';
import { keepWritten, readWritten, type WrittenBucket } from './build-progress.ts';
import { createEvents } from './event-rows.ts';
import {
  askedNames,
  createBought,
  createBoughtLines,
  createCustomers,
  createOrders,
} from './facts.ts';
import { isKept, type Kept, keepTable, keptTable, loadKept } from './kept-generation.ts';
import { createDue, createMembers } from './membership.ts';
import { addRuns, createEarlier, type EarlierBuild } from './membership-runs.ts';
import { movesOfBucket } from './moves.ts';
import { createOrderRows } from './order-rows.ts';
import { createDigests } from './person-digests.ts';
import type { Prepared } from './prepare-build.ts';
import { createScores } from './scores.ts';
import type { ShopModels } from './shop-models.ts';
import type { Report } from './stop-build.ts';
import { addUntouched, takeOver } from './untouched.ts';
import { writeProfiles } from './write-profiles.ts';

/** Makes and keeps the facts of every bucket; returns how many customers there are. */
export async function keepFacts(
  { duck, files, request, timer }: Build,
  generation: string,
  { buckets, zone }: Prepared,
  report: Report,
): Promise<number> {
  for (const bucket of buckets) {
    report({ phase: 'computing facts', done: bucket.number, total: buckets.length });
    const at = { generation, bucket: bucket.number };
    // Written last of the two.
    if (isKept(files, at, 'customers')) continue;
    await timer.time('facts: orders', () => createOrders(duck, files, { request, zone }, bucket));
    await timer.time('facts: customers', () => createCustomers(duck, files, bucket));
    await timer.time('keeping facts', async () => {
      await keepTable(duck, files, at, 'orders');
      await keepTable(duck, files, at, 'customers');
    });
  }
  const all = keptTable(files, { generation, buckets: buckets.length }, 'customers');
  const [customers] = await duck.numbers(`SELECT count(*) FROM ${all}`);
  return customers!;
}

interface BucketsJob {
  readonly generation: string;
  readonly prepared: Prepared;
  readonly customers: number;
  readonly asOf: AsOf;
  readonly models: Omit<ShopModels, 'format'>;
  readonly before: Manifest | null;
  readonly earlier: EarlierBuild | null;
  /** What an incremental build takes people over from; null for a full one. */
  readonly base: Kept | null;
  readonly writer: Pick<GenerationWriter, 'putProfiles' | 'copyProfiles'>;
  readonly report: Report;
}

/** Writes the profiles of every bucket, from the facts that keepFacts() has kept. */
export async function writeBuckets(build: Build, job: BucketsJob): Promise<WrittenBucket[]> {
  const written: WrittenBucket[] = [];
  let profiles = 0;
  for (const bucket of job.prepared.buckets) {
    const at = { generation: job.generation, bucket: bucket.number };
    let done = readWritten(build.files, at);
    if (done === null) {
      done = await writeBucket(build, job, { bucket, profilesBefore: profiles });
      keepWritten(build.files, at, done);
    }
    profiles += done.profiles;
    written.push(done);
  }
  return written;
}

async function writeBucket(
  build: Build,
  job: BucketsJob,
  { bucket, profilesBefore }: { readonly bucket: Bucket; readonly profilesBefore: number },
): Promise<WrittenBucket> {
  const { duck, files, request, timer } = build;
  const { generation, prepared, customers, asOf, models, before, earlier, writer, report } = job;
  const { segments } = request;
  const kept = { generation, bucket: bucket.number };
  await timer.time('facts: bought', async () => {
    await loadKept(duck, files, kept, 'orders');
    await loadKept(duck, files, kept, 'customers');
    await createAttributes(duck, bucket);
    await createOrderRows(duck, files, prepared.asked);
    await createEvents(duck, bucket);
    await createBoughtLines(duck, files);
  });
  await timer.time('digests', () => createDigests(duck, segments));
  const at = job.base === null ? null : { duck, files, base: job.base, bucket };
  const saying = (phase: string) => (done: number) =>
    report({ phase, done: profilesBefore + done, total: customers });
  const from = { day: asOf.day, writer, progress: saying('taking over') };
  const untouched = at === null ? null : await timer.time('taking over', () => takeOver(at, from));
  await timer.time('scores', async () => {
    await createAffinities(duck, files, models.affinities);
    await createScores(duck, models, asOf.day);
  });
  await timer.time('memberships', async () => {
    await createBought(duck, askedNames(segments));
    await createEarlier(duck, segments, earlier, bucket);
    await createMembers(duck, segments, asOf);
    await createDue(duck, segments, asOf);
    if (at !== null) await addUntouched(at, segments, asOf.day);
    await addRuns(duck, segments, { before: earlier, today: asOf.day, bucket });
  });
  const moves = await timer.time('moves', () => movesOfBucket(build, bucket, segments, before));
  const { encoder } = prepared;
  const progress = saying('writing profiles');
  progress(0);
  const profiles = await timer.time('writing profiles', () =>
    writeProfiles({
      ...{ duck, files, segments, bucket, encoder, writer, progress },
      onlyTouched: at !== null,
    }),
  );
  await timer.time('keeping facts', async () => {
    for (const table of ['members', 'scores', 'affinities', 'digests', 'due'] as const) {
      await keepTable(duck, files, kept, table);
    }
  });
  const { written, ...rest } = profiles;
  const copied = untouched?.copied ?? 0;
  const sold = untouched?.sold ?? rest.sold;
  return { ...rest, profiles: written + copied, touched: written, sold, moves };
}
