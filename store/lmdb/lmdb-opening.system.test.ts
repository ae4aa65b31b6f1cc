import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { compileScripts } from './compiled-scripts.contract.ts';

const data = mkdtempSync(join(tmpdir(), 'rekindle-lmdb-'));

/** Threads that open one new store after another, all in the same moment. */
const OPENER = `
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { openStore } from './store/open-store.js';
const THREADS = 4;
if (isMainThread) {
  const arrived = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < THREADS; i++)
    new Worker(new URL(import.meta.url), { workerData: { dir: process.argv[2], arrived } });
} else {
  const { dir, arrived } = workerData;
  for (let round = 1; round <= 30; round++) {
    Atomics.add(arrived, 0, 1);
    while (Atomics.load(arrived, 0) < round * THREADS);
    const store = await openStore({ url: '', dir: join(dir, String(round)) });
    await store[Symbol.asyncDispose]();
  }
}
`;

/** Adds 1 to a number as often as it is told, opening the store anew each time or only once. */
const ADDER = `
import { openStore } from './store/open-store.js';
const [dir, times, anew] = process.argv.slice(2);
const open = () => openStore({ url: '', dir });
const add = (store) => store.live.update(
  { shop: 'shop', person: 'anna', keepMs: 600_000, nowMs: Date.now() },
  (current) => Buffer.from(String(Number(current ?? 0) + 1)),
);
let store = await open();
for (let i = 0; i < Number(times); i++) {
  await add(store);
  if (anew !== 'anew') continue;
  await store[Symbol.asyncDispose]();
  store = await open();
}
await store[Symbol.asyncDispose]();
`;

const scripts = compileScripts({ opener: OPENER, adder: ADDER });

afterAll(() => {
  scripts.remove();
  rmSync(data, { recursive: true, force: true });
});

describe('an embedded store that others open', () => {
  it('is opened by threads that come in the same moment', async () => {
    const opener = scripts.run('opener', join(data, 'opened'));
    expect(await once(opener, 'exit')).toEqual([0, null]);
  });

  it('loses nothing that is committed while another process opens it', async () => {
    const dir = join(data, 'added');
    await using store = await openStore({ url: '', dir });
    const adders = [
      scripts.run('adder', dir, '40000'),
      scripts.run('adder', dir, '200', 'anew'),
      scripts.run('adder', dir, '200', 'anew'),
    ];
    const codes = await Promise.all(adders.map((adder) => once(adder, 'exit')));
    expect(codes).toEqual([0, 0, 0].map((code) => [code, null]));
    expect((await store.live.read('shop', 'anna'))?.toString()).toBe('40400');
  });
});
