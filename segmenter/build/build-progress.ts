/**
 * How far a build has come, so that the next one goes on where it was killed. In the folder of what it
 * keeps (kept-generation.ts), whose tables of facts tell themselves which buckets are done:
 *
 *   plan.json          BuildPlan; there until the generation serves, or another is built
 *   written-0000.json  WrittenBucket, once the store holds all profiles of that bucket
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { putInPlace, type ShopFiles } from '../shop-data.ts';
import type { SampleOffer } from './samples.ts';

/** Changes when what a bucket leaves does. */
const PROGRESS_FORMAT = 2;

/** Builds with the same plan do the same, step by step. */
export interface BuildPlan {
  readonly format: number;
  /** Says all inputs. */
  readonly generation: string;
  readonly asOfMs: number;
  readonly customersPerBucket: number;
  /** What moves are counted from. */
  readonly serving: string | null;
}

/** Since the generation that serves. */
export interface Moves {
  readonly entered: number;
  readonly left: number;
}

/** What one bucket adds to the whole. */
export interface WrittenBucket {
  readonly profiles: number;
  /** Of them computed, and not taken over from the generation that serves. */
  readonly touched: number;
  /** By segment ordinal: whom it bids for, and whom it holds out for control. */
  readonly members: readonly number[];
  readonly heldOut: readonly number[];
  /** By segment; null for one that is new. */
  readonly moves: readonly (Moves | null)[];
  readonly samples: readonly SampleOffer[];
  /** Product numbers, and how many lines each was in. */
  readonly sold: readonly (readonly [number, number])[];
}

export function buildPlan(plan: Omit<BuildPlan, 'format'>): BuildPlan {
  return { format: PROGRESS_FORMAT, ...plan };
}

/** The plan of the newest build that did not end; null when all did. */
export function readPlan(files: ShopFiles): BuildPlan | null {
  const file = plans(files).at(-1);
  return file === undefined ? null : (JSON.parse(readFileSync(file, 'utf8')) as BuildPlan);
}

export function keepPlan(files: ShopFiles, plan: BuildPlan): void {
  putInPlace(join(files.generations, plan.generation, PLAN), JSON.stringify(plan));
}

interface BucketOf {
  readonly generation: string;
  readonly bucket: number;
}

/** Null for a bucket that is yet to be written. */
export function readWritten(files: ShopFiles, at: BucketOf): WrittenBucket | null {
  const file = writtenFile(files, at);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as WrittenBucket) : null;
}

export function keepWritten(files: ShopFiles, at: BucketOf, written: WrittenBucket): void {
  putInPlace(writtenFile(files, at), JSON.stringify(written));
}

/** No bucket of the generation is written any more. */
export function dropWritten(files: ShopFiles, generation: string): void {
  const folder = join(files.generations, generation);
  const written = readdirSync(folder).filter((name) => name.startsWith(WRITTEN));
  for (const name of written) rmSync(join(folder, name));
}

/** No build is unfinished any more: nothing will go on with what they have left. */
export function clearProgress(files: ShopFiles): void {
  for (const file of plans(files)) {
    rmSync(file);
    dropWritten(files, basename(dirname(file)));
  }
}

const PLAN = 'plan.json';
const WRITTEN = 'written-';

function plans({ generations }: ShopFiles): string[] {
  if (!existsSync(generations)) return [];
  const folders = readdirSync(generations).sort();
  return folders.map((name) => join(generations, name, PLAN)).filter((file) => existsSync(file));
}

function writtenFile({ generations }: ShopFiles, { generation, bucket }: BucketOf): string {
  const number = String(bucket).padStart(4, '0');
  return join(generations, generation, `${WRITTEN}${number}.json`);
}
