/** A small shop that is imported and built round by round, in processes of their own, for suites that kill these. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { MANIFEST_BLOB, type Manifest } from '../rules/manifest.ts';
import { compareWith, plainSegment } from '../rules/segment.contract.ts';
import { contents } from './build/generation-contents.contract.ts';
import { readKept } from './build/kept-generation.ts';
import { AS_OF_MS, at, key, SEGMENTS, TestShop } from './build/test-shop.contract.ts';
import type { JobProgress } from './job-progress.ts';
import { shopFiles } from './shop-data.ts';

const compiled = resolve('dist/segmenter/run-job.js');
const { runBuild, runImport, JobFailed } = (await import(
  pathToFileURL(compiled).href
)) as typeof import('./run-job.ts');

const CUSTOMERS = 2000;
const ORDERS = 5000;
const CUSTOMERS_PER_BUCKET = 250;
const DAY_MS = 86_400_000;
/** Some stay in it when others buy again: what a build carries on from the one before counts too. */
const STAYING = plainSegment('stays', {
  ...{ kind: 'stays', segment: 'stays', days: 2, at },
  of: [compareWith('orders.last_days', 'lte', 2 * 3)],
});

/** What kills a job: told of its process, and of what it does. */
export interface Killer {
  started(pid: number): void;
  progress(progress: JobProgress): void;
}

export type Step = 'import' | 'build';

export class KillRounds implements AsyncDisposable {
  readonly #shop: TestShop;

  private constructor(shop: TestShop) {
    this.#shop = shop;
  }

  static async open(): Promise<KillRounds> {
    return new KillRounds(await TestShop.open());
  }

  /** Runs one step of a round to its end; false when the killer ended it. */
  async run(step: Step, round: number, killer?: Killer): Promise<boolean> {
    const work = step === 'import' ? this.#import(round, killer) : this.#build(round, killer);
    try {
      await work;
      return true;
    } catch (error) {
      if (killer === undefined) throw error;
      expect(error).toBeInstanceOf(JobFailed);
      expect((error as Error).message).toMatch(/process ended by SIGKILL while/);
      return false;
    }
  }

  /** Each round brings new orders and customers, and another word on some that are known. */
  #import(round: number, killer?: Killer): Promise<unknown> {
    const orders = this.#shop.write(`orders-${round}.csv`, ordersOf(round));
    const customers = this.#shop.write(`customers-${round}.csv`, customersOf(round));
    const devices = this.#shop.write(`devices-${round}.csv`, devicesOf(round));
    const { dir, shop, timeZone, statuses, memoryMb, threads } = this.#shop.request();
    const request = {
      dir,
      shop,
      timeZone,
      statuses,
      memoryMb,
      threads,
      orders,
      customers,
      devices,
    };
    const { mapping } = this.#shop;
    const nowMs = asOfOf(round);
    return runImport({ ...request, mapping, nowMs, force: false }, key, killer);
  }

  #build(round: number, killer?: Killer): Promise<unknown> {
    const segments = [...SEGMENTS, STAYING];
    const changes = { segments, customersPerBucket: CUSTOMERS_PER_BUCKET };
    const request = this.#shop.request({ ...changes, asOfMs: asOfOf(round) });
    const access = { key, store: { url: '', dir: this.#shop.dir } };
    return runBuild(request, access, killer);
  }

  /** That what serves, if anything, is whole: of this round or the one before. */
  async checkServing(round: number): Promise<void> {
    const { generations } = this.#shop.store;
    const generation = (await generations.serving('test'))?.generation;
    if (generation === undefined) {
      expect(round).toBe(0);
      return;
    }
    const manifest = await this.#shop.blob<Manifest>(generation, MANIFEST_BLOB);
    expect(manifest.generation).toBe(generation);
    expect([asOfOf(round), asOfOf(round - 1)]).toContain(manifest.asOfMs);
    const found = await contents(generations, generation);
    const blobs = 3;
    expect(found).toHaveLength(manifest.profiles + manifest.links + blobs);
    expect(readKept(shopFiles(this.#shop.dir, 'test'), generation)).not.toBeNull();
  }

  /** All that must be the same however often a job was killed: files byte by byte, and the store's generation. */
  async everything(): Promise<Record<string, string>> {
    const { folder, generations } = shopFiles(this.#shop.dir, 'test');
    const serving = (await this.#shop.store.generations.serving('test'))!;
    const all = await this.#shop.store.generations.list('test');
    const whole = all.map(({ generation, sealed }) => `${generation} ${sealed}`).sort();
    const stored = await contents(this.#shop.store.generations, serving.generation);
    const found: Record<string, string> = { serving: JSON.stringify(serving), whole: whole.join() };
    stored.forEach((entry, i) => {
      found[`store ${i}`] = entry;
    });
    for (const [name, path] of [...filesIn(folder), ...filesBelow(generations)]) {
      if (!OF_ITS_OWN_TIME.has(name)) found[name] = digestOf(path);
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#shop[Symbol.asyncDispose]();
  }
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Logs of what was done and when, and the lock. */
const OF_ITS_OWN_TIME = new Set(['history.ndjson', 'uploads.ndjson', 'lock.duckdb']);

function filesIn(folder: string): (readonly [name: string, path: string])[] {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name, join(folder, name)] as const);
}

function filesBelow(folder: string): (readonly [name: string, path: string])[] {
  return readdirSync(folder).flatMap((name) =>
    filesIn(join(folder, name)).map(([file, path]) => [`${name}/${file}`, path] as const),
  );
}

function asOfOf(round: number): number {
  return AS_OF_MS + round * DAY_MS;
}

function ordersOf(round: number): string {
  const rows = Array.from({ length: ORDERS }, (_, i) => {
    // Half of the ids are those of the round before, with another status.
    const id = i + (round * ORDERS) / 2;
    const timeMs = asOfOf(round) - ((id * 7919) % 9000) * 3_600_000;
    const status = (id + round) % 9 === 0 ? 'cancelled' : 'paid';
    const customer = `c${(id * 13) % (CUSTOMERS + round * 100)}`;
    return `${id},${customer},${new Date(timeMs).toISOString()},p${id % 97},1,${(id % 500) / 10},${status}\n`;
  });
  return `order,customer,time,product,quantity,price,status\n${rows.join('')}`;
}

function customersOf(round: number): string {
  const rows = Array.from({ length: CUSTOMERS }, (_, i) => `c${i},p${i + round}@example.com\n`);
  return `id,email\n${rows.join('')}`;
}

function devicesOf(round: number): string {
  const rows = Array.from({ length: 1000 }, (_, i) => `c${i * 2},cookie,of-${i + round * 500}\n`);
  return `customer,space,value\n${rows.join('')}`;
}
