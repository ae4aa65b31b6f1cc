import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { keptUntilMs } from '../store/keep-store.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/ports.ts';
import { CounterKeeper } from './counter-keeper.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-keeper-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function keeperOf(store: Store) {
  const results: boolean[] = [];
  const errors: string[] = [];
  const none = (): void => {};
  const log = { debug: none, info: none, warn: none, error: (text: string) => errors.push(text) };
  const keeper = new CounterKeeper({
    store,
    clock: systemClock,
    log,
    kept: (succeeded) => results.push(succeeded),
  });
  return { keeper, results, errors };
}

describe('the keeper of the counters', () => {
  it('copies them as soon as it starts', async () => {
    await using store = await openStore({ url: '', dir });
    expect(keptUntilMs({ url: '', dir })).toBe(0);
    const { keeper, results } = keeperOf(store);
    keeper.start();
    await vi.waitFor(() => expect(results).toEqual([true]));
    expect(keptUntilMs({ url: '', dir })).toBeGreaterThan(0);
    await keeper.stop();
  });

  it('counts and tells a copy that failed', async () => {
    const store = await openStore({ url: '', dir });
    await store[Symbol.asyncDispose]();
    const { keeper, results, errors } = keeperOf(store);
    keeper.start();
    await vi.waitFor(() => expect(results).toEqual([false]));
    expect(errors.length).toBe(1);
    await keeper.stop();
  });

  it('gives up a copy under way when it stops, without calling that a failure', async () => {
    await using store = await openStore({ url: '', dir });
    const { keeper, results } = keeperOf(store);
    await Promise.all(
      Array.from({ length: 5000 }, (_, i) =>
        store.notices.first(`n${i}`, 60_000, systemClock.nowMs()),
      ),
    );
    keeper.start();
    await new Promise((resolve) => setTimeout(resolve, 2));
    await keeper.stop();
    expect(results).toEqual([]);
  });
});
