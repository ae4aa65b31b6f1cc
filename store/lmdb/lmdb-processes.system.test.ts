import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { build } from '../generations.contract.ts';
import { newRead, readOnce } from '../hot-reads.contract.ts';
import { openStore } from '../open-store.ts';
import { compileScripts, outputOf } from './compiled-scripts.contract.ts';

const data = mkdtempSync(join(tmpdir(), 'rekindle-lmdb-'));

/** Each thread races all others for the same persons, budget, notices and live facts. */
const RACER = `
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openStore } from './store/open-store.js';
const NOW = 1_790_000_000_000;
const rules = [{ scope: 'campaign', impsMax: 3, windowMs: 3_600_000 }];
async function race({ dir, name }) {
  const store = await openStore({ url: '', dir });
  let imps = 0, nanos = 0, firsts = 0, bid = 0;
  for (let round = 0; round < 3; round++) {
    for (let p = 0; p < 100; p++) {
      const bidKey = (name + 1) * 1_000_000 + ++bid;
      const ask = { campaignKey: 7, bidKey, rules, expiresAtMs: NOW + 60_000 };
      store.caps.reserve({ shop: 'shop', person: 'p' + p, nowMs: NOW }, [ask], {
        reserved: (granted, failed) => { if (failed) throw new Error('failed'); if (granted[0]) imps++; },
      });
    }
    await new Promise(setImmediate);
  }
  for (let i = 0; i < 60; i++) {
    nanos += await store.budgets.lease({ campaign: 'c', period: 'flight' }, {
      leaseId: name + '-' + i, wantedNanos: 7, amountNanos: 1_000, ceilingNanos: 1_000_000,
      nowMs: NOW, expiresAtMs: NOW + 60_000,
    });
    if (await store.notices.first('n' + i, 60_000, NOW)) firsts++;
    await store.live.update({ shop: 'shop', person: 'anna', keepMs: 60_000, nowMs: NOW },
      (current) => Buffer.concat([current ?? Buffer.alloc(0), Buffer.from([1])]));
  }
  await store[Symbol.asyncDispose]();
  return { imps, nanos, firsts };
}
if (isMainThread) {
  const [dir, first] = [process.argv[2], Number(process.argv[3])];
  const thread = (name) => new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { dir, name } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const results = await Promise.all([thread(first), thread(first + 1), race({ dir, name: first + 2 })]);
  console.log(JSON.stringify(results));
} else {
  parentPort.postMessage(await race(workerData));
}
`;

/** Builds and flips generation after generation until it is killed. */
const BUILDER = `
import { openStore } from './store/open-store.js';
import { writeSync } from 'node:fs';
const store = await openStore({ url: '', dir: process.argv[2] });
writeSync(1, 'builds');
for (let n = Number(process.argv[3]); ; n++) {
  const generation = 'g' + String(n).padStart(6, '0');
  const writer = await store.generations.write('shop', generation);
  for (let from = 0; from < 3_000; from += 500) {
    await writer.putProfiles(Array.from({ length: 500 }, (_, i) =>
      ({ person: 'p' + (from + i), bytes: Buffer.from(generation) })));
  }
  await writer.putLinks([{ identity: 'i-anna', person: 'p7' }]);
  await writer.seal({ profiles: 3_000, links: 1 });
  await store.generations.flip('shop', generation);
  for (const old of await store.generations.list('shop')) {
    await store.generations.remove('shop', old.generation).catch(() => {});
  }
}
`;

/** Takes the write lock and keeps it. */
const HOLDER = `
import { openStore } from './store/open-store.js';
import { writeSync } from 'node:fs';
const store = await openStore({ url: '', dir: process.argv[2] });
await store.live.update({ shop: 'shop', person: 'anna', keepMs: 60_000, nowMs: Date.now() }, () => {
  writeSync(1, 'holds');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
`;

/** Says when it is about to write, and when it has. */
const WAITER = `
import { openStore } from './store/open-store.js';
import { writeSync } from 'node:fs';
const store = await openStore({ url: '', dir: process.argv[2] });
process.stdin.once('data', async () => {
  await store.marks.set('waiter', 'wrote');
  writeSync(1, 'wrote');
  process.exit();
});
writeSync(1, 'ready');
`;

const scripts = compileScripts({
  racer: RACER,
  builder: BUILDER,
  holder: HOLDER,
  waiter: WAITER,
});

afterAll(() => {
  scripts.remove();
  rmSync(data, { recursive: true, force: true });
});

describe('the embedded store under many threads and processes', () => {
  it('keeps caps, budgets, notices and live facts exact', async () => {
    const dir = join(data, 'race');
    await using store = await openStore({ url: '', dir });
    const outputs = await Promise.all([
      outputOf(scripts.run('racer', dir, '0')),
      outputOf(scripts.run('racer', dir, '10')),
    ]);
    const results = outputs.flatMap(
      (text) => JSON.parse(text) as { imps: number; nanos: number; firsts: number }[],
    );
    const sum = (of: 'imps' | 'nanos' | 'firsts') => results.reduce((all, r) => all + r[of], 0);
    expect(results.length).toBe(6);
    expect([sum('imps'), sum('nanos'), sum('firsts')]).toEqual([300, 1_000, 60]);
    expect((await store.live.read('shop', 'anna'))?.length).toBe(360);
  });

  it('serves one whole generation, whenever the build is killed', async () => {
    const dir = join(data, 'killed');
    await using store = await openStore({ url: '', dir });
    await build(store, { shop: 'shop', generation: 'g000000' }, ['p7', 'anna']);
    await store.generations.flip('shop', 'g000000');
    const served = new Set<string>();
    for (let kill = 0; kill < 12; kill++) {
      const child = scripts.run('builder', dir, String(kill * 1_000 + 1));
      const gone = once(child, 'exit');
      await once(child.stdout!, 'data');
      const killAtMs = performance.now() + 60 + kill * 40;
      while (performance.now() < killAtMs) {
        served.add(await checkServing(store));
        await sleep(1);
      }
      child.kill('SIGKILL');
      await gone;
      served.add(await checkServing(store));
    }
    expect(served.size).toBeGreaterThan(6);
  });

  it('waits for a stopped writer, and goes on with nothing lost as soon as that is killed', async () => {
    const dir = join(data, 'stopped');
    const waiter = scripts.run('waiter', dir);
    await once(waiter.stdout!, 'data');
    const holder = scripts.run('holder', dir);
    await once(holder.stdout!, 'data');
    holder.kill('SIGSTOP');
    const wrote = once(waiter.stdout!, 'data').then(() => performance.now());
    waiter.stdin!.write('go');
    await sleep(1_000);
    const killedMs = performance.now();
    holder.kill('SIGKILL');
    const waitedMs = (await wrote) - killedMs;
    expect(waitedMs).toBeGreaterThan(0);
    expect(waitedMs).toBeLessThan(1_000);
    await using store = await openStore({ url: '', dir });
    expect(await store.marks.get('waiter')).toBe('wrote');
    expect(await store.live.read('shop', 'anna')).toBeNull();
  });
});

/** Follows the pointer twice, as a bidder would, and demands one generation's own answer. */
async function checkServing(store: Awaited<ReturnType<typeof openStore>>): Promise<string> {
  const pointer = await store.generations.serving('shop');
  const generation = pointer!.generation;
  const asked = newRead({ shop: 'shop', generation, identities: ['i-anna', 'i-p7'] });
  const read = await readOnce(store, asked);
  const after = await store.generations.serving('shop');
  // Removed only after two more flips: who follows the pointer each time never meets a hole.
  if (after!.generation !== generation && after!.previous !== generation) return generation;
  expect(read.failed).toBe(false);
  expect(read.profile?.toString().startsWith(generation)).toBe(true);
  return generation;
}
