import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST_BLOB, type Manifest } from '../rules/manifest.ts';
import { AS_OF_MS, key, TestShop } from './build/test-shop.contract.ts';
import { shopFiles } from './shop-data.ts';

const compiled = resolve('dist/segmenter/run-job.js');
const { runBuild, runImport, JobFailed } = (await import(
  pathToFileURL(compiled).href
)) as typeof import('./run-job.ts');

const CUSTOMERS = 4000;
const KILLS = 20;
let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

function orders(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const time = new Date(AS_OF_MS - ((i * 7919) % 9000) * 3_600_000).toISOString();
    return `${i},c${i % CUSTOMERS},${time},p${i % 97},1,${(i % 500) / 10},paid\n`;
  });
  return `order,customer,time,product,quantity,price,status\n${rows.join('')}`;
}

function build(changes: { asOfMs?: number } = {}, started?: (pid: number) => void) {
  const access = { key, store: { url: '', dir: shop.dir } };
  return runBuild(shop.request(changes), access, started === undefined ? {} : { started });
}

function killAfter(pid: number, delayMs: number): void {
  setTimeout(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It had finished.
    }
  }, delayMs);
}

async function checkWhole(generation: string): Promise<void> {
  const { generations } = shop.store;
  const manifest = await shop.blob<Manifest>(generation, MANIFEST_BLOB);
  expect(manifest.generation).toBe(generation);
  let profiles = 0;
  for (let after = ''; ; ) {
    const persons = await generations.scanProfiles('test', generation, after, 5000);
    if (persons.length === 0) break;
    profiles += persons.length;
    after = persons.at(-1)!;
  }
  expect(profiles).toBe(manifest.profiles);
}

describe('promise 3: builds: jobs in a process of their own', () => {
  it('leave the old generation or the new one serving, whole, wherever they are killed', async () => {
    await shop.import({ orders: orders(20_000) });
    const startMs = performance.now();
    let served = (await build()).generation;
    const wholeMs = performance.now() - startMs;
    const ended = { killed: 0, finished: 0 };
    for (let i = 0; i < KILLS; i++) {
      const asOfMs = AS_OF_MS + i + 1;
      const job = build({ asOfMs }, (pid) => killAfter(pid, (wholeMs * 1.1 * i) / KILLS));
      const outcome = await job.catch((error: unknown) => error);
      const pointer = await shop.store.generations.serving('test');
      if (outcome instanceof JobFailed) {
        ended.killed++;
        expect(outcome).toMatchObject({ reason: 'crash' });
        expect(outcome.message).toMatch(/the build process ended by SIGKILL while/);
        const time = new Date(asOfMs).toISOString().replaceAll(/[-:.]/g, '');
        expect(pointer?.generation === served || pointer?.generation.startsWith(time)).toBe(true);
      } else ended.finished++;
      served = pointer!.generation;
      await checkWhole(served);
    }
    expect(ended.killed).toBeGreaterThan(5);
    const last = await build({ asOfMs: AS_OF_MS + 1000 });
    await checkWhole(last.generation);
    const kept = await shop.store.generations.list('test');
    expect(kept.every(({ sealed }) => sealed)).toBe(true);
    expect(kept.length).toBeLessThanOrEqual(2);
  });

  it('leave the old data or the new, whole, wherever an import is killed', async () => {
    await shop.import({ orders: orders(2000) });
    const { dir, shop: name, timeZone, statuses, memoryMb, threads } = shop.request();
    const common = { dir, shop: name, timeZone, statuses, memoryMb, threads, nowMs: AS_OF_MS };
    const file = shop.write('more.csv', orders(20_000));
    const request = { ...common, mapping: shop.mapping, orders: file, force: false };
    for (let i = 0; i < 10; i++) {
      const started = (pid: number) => killAfter(pid, 150 + i * 60);
      const job = runImport(request, key, { started });
      await job.catch(() => {});
      const result = await build({ asOfMs: AS_OF_MS + i });
      expect([2000, CUSTOMERS]).toContain(result.customers);
    }
    expect(await runImport(request, key)).toMatchObject({ held: { orders: 20_000 } });
    const left = readdirSync(shopFiles(dir, name).folder);
    expect(left.filter((file) => /[.](new|tmp)$/.test(file))).toEqual([]);
  });

  it('name the fault of the world that ended them', async () => {
    await expect(build()).rejects.toMatchObject({ name: 'JobFailed', reason: 'BuildRefused' });
  });

  it('end within a second when they are told to, and say so; the next build goes on', async () => {
    await shop.import({ orders: orders(20_000) });
    const stop = new AbortController();
    let stoppedMs = 0;
    const progress = ({ phase }: { phase: string }) => {
      if (phase !== 'writing profiles' || stop.signal.aborted) return;
      stoppedMs = performance.now();
      stop.abort();
    };
    const access = { key, store: { url: '', dir: shop.dir } };
    const stopped = runBuild(shop.request(), access, { progress, stop: stop.signal });
    await expect(stopped).rejects.toMatchObject({ name: 'JobFailed', reason: 'BuildStopped' });
    expect(performance.now() - stoppedMs).toBeLessThan(1500);
    expect(await build()).toMatchObject({ resumed: true, profiles: CUSTOMERS });
  });

  it('are compiled', () => expect(existsSync(compiled)).toBe(true));
});
