/** The two passes of a build over the buckets of the base (buckets.ts). */
import type { AsOf } from '../../rules/customer.ts';
import type { Manifest } from '../../rules/manifest.ts';
import type { GenerationWriter } from '../../store/ports.ts';
import { createAttributes } from './attributes.ts';
import type { Bucket } from './buckets.ts';
import type { Build } from './build-context.ts';
import { asksWhatWasBought, createBought, createCustomers, createOrders } from './facts.ts';
import { keepTable, loadKept } from './kept-generation.ts';
import { createMembers } from './membership.ts';
import { type Moves, movesOfBucket, sumOfMoves } from './moves.ts';
import type { Prepared } from './prepare-build.ts';
import { SamplePicker } from './samples.ts';
import { type WrittenProfiles, writeProfiles } from './write-profiles.ts';

/** Makes and keeps the facts of every bucket; returns how many customers there are. */
export async function keepFacts(
  { duck, files, request, ports, timer }: Build,
  generation: string,
  { buckets, zone }: Prepared,
): Promise<number> {
  let customers = 0;
  for (const bucket of buckets) {
    ports.progress({ phase: 'computing facts', done: bucket.number, total: buckets.length });
    const at = { generation, bucket: bucket.number };
    await timer.time('facts: orders', () => createOrders(duck, files, { request, zone }, bucket));
    await timer.time('facts: customers', () => createCustomers(duck, files, bucket));
    await timer.time('keeping facts', async () => {
      await keepTable(duck, files, at, 'orders');
      await keepTable(duck, files, at, 'customers');
    });
    const [ofBucket] = await duck.numbers('SELECT count(*) FROM customers');
    customers += ofBucket!;
  }
  return customers;
}

export interface WrittenBuckets extends WrittenProfiles {
  /** By segment. */
  readonly moves: readonly (Moves | null)[];
  readonly samples: SamplePicker;
}

interface BucketsJob {
  readonly generation: string;
  readonly prepared: Prepared;
  readonly customers: number;
  readonly asOf: AsOf;
  readonly before: Manifest | null;
  readonly writer: Pick<GenerationWriter, 'putProfiles'>;
}

/** Writes the profiles of every bucket, from the facts that keepFacts() has kept. */
export async function writeBuckets(build: Build, job: BucketsJob): Promise<WrittenBuckets> {
  const { segments } = build.request;
  const samples = new SamplePicker(segments.length);
  const written = { profiles: 0, members: zeros(segments), heldOut: zeros(segments) };
  let moves: readonly (Moves | null)[] = segments.map(() => null);
  for (const bucket of job.prepared.buckets) {
    const of = await writeBucket(build, job, { bucket, samples, done: written.profiles });
    written.profiles += of.profiles;
    for (let i = 0; i < segments.length; i++) {
      written.members[i]! += of.members[i]!;
      written.heldOut[i]! += of.heldOut[i]!;
    }
    moves = sumOfMoves(moves, of.moves);
  }
  return { ...written, moves, samples };
}

async function writeBucket(
  build: Build,
  { generation, prepared, customers, asOf, before, writer }: BucketsJob,
  at: { readonly bucket: Bucket; readonly samples: SamplePicker; readonly done: number },
): Promise<Omit<WrittenBuckets, 'samples'>> {
  const { duck, files, request, timer } = build;
  const { segments } = request;
  const { bucket, samples } = at;
  const kept = { generation, bucket: bucket.number };
  await timer.time('facts: bought', async () => {
    await loadKept(duck, files, kept, 'orders');
    await loadKept(duck, files, kept, 'customers');
    await createAttributes(duck, bucket);
    const wanted = segments.some(({ rule }) => asksWhatWasBought(rule));
    await createBought(duck, files, wanted);
  });
  await timer.time('memberships', () => createMembers(duck, segments, asOf));
  const moves = await timer.time('moves', () => movesOfBucket(build, bucket, segments, before));
  const { purchases } = prepared;
  const profiles = await timer.time('writing profiles', () =>
    writeProfiles({
      duck,
      files,
      segments,
      bucket,
      purchases,
      samples,
      writer,
      progress: (done) =>
        build.ports.progress({
          phase: 'writing profiles',
          done: at.done + done,
          total: customers,
        }),
    }),
  );
  await timer.time('keeping facts', () => keepTable(duck, files, kept, 'members'));
  return { ...profiles, moves };
}

function zeros(segments: readonly unknown[]): number[] {
  return segments.map(() => 0);
}
