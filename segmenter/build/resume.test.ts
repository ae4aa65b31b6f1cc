import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { openStore } from '../../store/open-store.ts';
import { type Store, StoreUnavailable } from '../../store/ports.ts';
import type { JobProgress } from '../job-progress.ts';
import { shopFiles } from '../shop-data.ts';
import { buildGeneration } from './build-generation.ts';
import type { BuildRequest, BuildResult } from './build-request.ts';
import { contents } from './generation-contents.contract.ts';
import { readKept } from './kept-generation.ts';
import { untilStopped } from './stop-build.ts';
import { AS_OF_MS, key, SEGMENTS, TestShop } from './test-shop.contract.ts';

const HOUR_MS = 3_600_000;
const CUSTOMERS = 25;
let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
  const rows = Array.from({ length: 90 }, (_, i) => {
    const time = new Date(AS_OF_MS - ((i * 7919) % 9000) * HOUR_MS).toISOString();
    return `${i},c${(i * 7) % CUSTOMERS},${time},p${i % 5},1,${i},paid\n`;
  });
  const devices = Array.from({ length: CUSTOMERS }, (_, i) => `c${i},cookie,of-${i}\n`);
  await shop.import({
    orders: `order,customer,time,product,quantity,price,status\n${rows.join('')}`,
    devices: `customer,space,value\n${devices.join('')}`,
  });
});
afterEach(() => shop[Symbol.asyncDispose]());

/** A kill: nothing that a dying process would not do is done any more. */
class Killed extends Error {}

interface Fault {
  /** Thrown in the place of, or after, the call of that number to what a build writes with. */
  readonly at: number;
  readonly error: Error;
  readonly after?: boolean;
}

const COUNTED = ['putProfiles', 'putLinks', 'putBlob', 'seal', 'flip'];

/** What a build writes with, until a call ends in a fault. */
class FaultyCalls {
  /** By name. */
  readonly made: string[] = [];
  readonly #fault: Fault | null;
  #isDead = false;

  constructor(fault: Fault | null) {
    this.#fault = fault;
  }

  watch<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (of, name) => {
        const method = Reflect.get(of, name) as unknown;
        if (typeof method !== 'function') return method;
        // What is copied is not put.
        if (name === 'copyProfiles') return method.bind(of);
        return (...given: unknown[]) =>
          this.#call(String(name), () => Reflect.apply(method, of, given));
      },
    });
  }

  async #call(name: string, work: () => unknown): Promise<unknown> {
    if (this.#isDead && this.#fault?.error instanceof Killed) return undefined;
    if (COUNTED.includes(name)) await this.#count(name, work);
    const result = await work();
    const isWriter = typeof result === 'object' && result !== null && 'putProfiles' in result;
    return isWriter ? this.watch(result) : result;
  }

  async #count(name: string, work: () => unknown): Promise<void> {
    if (this.made.push(name) - 1 !== this.#fault?.at) return;
    this.#isDead = true;
    if (this.#fault.after === true) await work();
    throw this.#fault.error;
  }
}

function build(store: Store, changes: Partial<BuildRequest> = {}, fault: Fault | null = null) {
  const calls = new FaultyCalls(fault);
  const generations = calls.watch(store.generations);
  const request = shop.request({ customersPerBucket: 9, ...changes });
  const services = { generations, syncs: store.syncs, people: store };
  const ports = { ...services, key, clock: systemClock, progress: () => {} };
  return { calls: calls.made, built: buildGeneration(request, ports) };
}

/** All that a build leaves, and all it says but how it came about. */
async function outcome(store: Store, built: BuildResult) {
  const files = shopFiles(shop.dir, 'test');
  const folder = join(files.generations, built.generation);
  const { timings: _, resumed: __, unchanged: ___, mode: ____, ...more } = built;
  const { sharedIdentities: _____, ...says } = more;
  return {
    says: { ...says, segments: says.segments.map((segment) => sizeOf(segment, built)) },
    contents: await contents(store.generations, built.generation),
    generations: await store.generations.list('test'),
    kept: readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
    samples: readFileSync(files.samples, 'utf8'),
  };
}

/** Nobody moved in a build that serves already, and against none it is not known who did. */
function sizeOf(
  { before: _, ...size }: BuildResult['segments'][number],
  { unchanged }: BuildResult,
): object {
  return unchanged ? { ...size, entered: null, left: null } : size;
}

it('ends when it is told to, says where it was, and is gone on with', async () => {
  const expected = await outcome(shop.store, await build(shop.store).built);
  const phases = ['computing facts', 'writing profiles', 'writing links'];
  for (const stopsAt of phases) {
    rmSync(shopFiles(shop.dir, 'test').generations, { recursive: true });
    await using store = await openStore({ url: '', dir: join(shop.dir, stopsAt) });
    const stop = new AbortController();
    const { generations, syncs } = store;
    const services = { generations, syncs, people: store, key, clock: systemClock };
    const progress = ({ phase, done }: JobProgress) => {
      if (phase === stopsAt && (done > 0 || phase === 'writing links')) stop.abort();
    };
    const stopped = buildGeneration(shop.request({ customersPerBucket: 9 }), {
      ...services,
      progress,
      stop: stop.signal,
    });
    await expect(stopped).rejects.toMatchObject({
      name: 'BuildStopped',
      message: expect.stringContaining(`the build was stopped while ${stopsAt}`),
    });
    const again = await build(store).built;
    expect(again.resumed).toBe(true);
    expect(await outcome(store, again)).toEqual(expected);
  }
});

it('is stopped, and not broken, where it was told to end in its last steps', async () => {
  const stop = new AbortController();
  const duck = { interrupt: () => {} };
  const ended = untilStopped({ stop: stop.signal, progress: () => {} }, duck, async (report) => {
    report({ phase: 'writing links', done: 1, total: 1 });
    stop.abort();
  });
  await expect(ended).rejects.toMatchObject({ name: 'BuildStopped' });
});

it('makes a generation anew that was sealed, never served, and is asked for when something else serves', async () => {
  const { generations } = shop.store;
  const at = (hours: number) => ({ asOfMs: AS_OF_MS + hours * HOUR_MS });
  await build(shop.store).built;
  await build(shop.store, at(1)).built;
  const plain = build(shop.store, at(2));
  const flip = (await plain.built) && plain.calls.indexOf('flip');
  const killed = build(shop.store, at(3), { at: flip, error: new Killed() });
  await expect(killed.built).rejects.toThrow(Killed);
  await generations.rollback('test');
  const { generation, unchanged } = await build(shop.store, at(3)).built;
  expect(unchanged).toBe(false);
  expect(readKept(shopFiles(shop.dir, 'test'), generation)).not.toBeNull();
});

const putsOf = (calls: readonly string[]) => calls.filter((name) => name === 'putProfiles').length;

it('promise 3: a build that is killed anywhere is gone on with, to the same bytes', async () => {
  const files = shopFiles(shop.dir, 'test');
  const plain = build(shop.store);
  const { generation } = await plain.built;
  const expected = await outcome(shop.store, await plain.built);
  expect(putsOf(plain.calls)).toBe(3);
  const customers = join(files.generations, generation, 'customers-0000.parquet');
  const faults = ['putProfiles', 'putLinks', 'putBlob', 'seal', 'flip'].flatMap((name) => [
    { name, at: plain.calls.indexOf(name), after: false },
    { name, at: plain.calls.lastIndexOf(name), after: true },
  ]);
  for (const { name, at, after } of faults) {
    rmSync(files.generations, { recursive: true });
    rmSync(files.samples);
    await using store = await openStore({ url: '', dir: join(shop.dir, `${name}-${after}`) });
    const killed = build(store, {}, { at, error: new Killed(), after });
    await expect(killed.built).rejects.toThrow(Killed);
    const facts = statSync(customers).ino;
    const again = build(store);
    const result = await again.built;
    expect(await outcome(store, result), `${name} ${after}`).toEqual(expected);
    expect(statSync(customers).ino).toBe(facts);
    expect(result.resumed).toBe(name !== 'flip' || !after);
    expect(putsOf(again.calls)).toBe(3 - putsOf(killed.calls) + (name === 'putProfiles' ? 1 : 0));
  }
});

it('finishes the build of this morning at its own moment, and none of yesterday', async () => {
  const fault = { at: 1, error: new Killed() };
  await expect(build(shop.store, {}, fault).built).rejects.toThrow(Killed);
  const later = { asOfMs: AS_OF_MS + HOUR_MS };
  const asked = await build(shop.store, { ...later, asOfIsNow: true }).built;
  expect(asked).toMatchObject({ asOfMs: AS_OF_MS, resumed: true });
  const tomorrow = { asOfMs: AS_OF_MS + 24 * HOUR_MS, asOfIsNow: true };
  await expect(build(shop.store, tomorrow, fault).built).rejects.toThrow(Killed);
  const after = { asOfMs: tomorrow.asOfMs + 24 * HOUR_MS, asOfIsNow: true };
  expect(await build(shop.store, after).built).toMatchObject({
    asOfMs: after.asOfMs,
    resumed: false,
  });
});

it.each([
  ['the moment that was asked for', { asOfMs: AS_OF_MS + HOUR_MS }],
  ['the rules', { segments: SEGMENTS.slice(1) }],
  ['the size of a bucket', { customersPerBucket: 13 }],
])('starts anew when %s is another, and leaves nothing of the old', async (_, changes) => {
  const killed = build(shop.store, {}, { at: 1, error: new Killed() });
  await expect(killed.built).rejects.toThrow(Killed);
  const result = await build(shop.store, changes).built;
  expect(result).toMatchObject({ resumed: false, profiles: CUSTOMERS });
  const { generation } = result;
  expect(await shop.store.generations.list('test')).toEqual([{ generation, sealed: true }]);
  const { generations } = shopFiles(shop.dir, 'test');
  expect(readdirSync(generations)).toEqual([generation]);
  expect(existsSync(join(generations, generation, 'plan.json'))).toBe(false);
});

it('writes all buckets again when the store no longer has what was written', async () => {
  const killed = build(shop.store, {}, { at: 1, error: new Killed() });
  await expect(killed.built).rejects.toThrow(Killed);
  await using other = await openStore({ url: '', dir: join(shop.dir, 'other') });
  const again = build(other);
  expect(await again.built).toMatchObject({ resumed: true, profiles: CUSTOMERS });
  expect(putsOf(again.calls)).toBe(3);
});

it('keeps what it wrote when the store goes away, and removes it after a fault of its own', async () => {
  const away = { at: 1, error: new StoreUnavailable('away') };
  await expect(build(shop.store, {}, away).built).rejects.toThrow('away');
  expect(await shop.store.generations.list('test')).toMatchObject([{ sealed: false }]);
  const bug = { at: 1, error: new Error('a bug') };
  await expect(build(shop.store, {}, bug).built).rejects.toThrow('a bug');
  expect(await shop.store.generations.list('test')).toEqual([]);
  expect(await build(shop.store).built).toMatchObject({ profiles: CUSTOMERS });
});
