import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from './opening.contract.ts';
import type { Store } from './ports.ts';
import { SYNC_KEEP_MAX_MS, type Sync } from './record-ports.ts';
import { uniqueName } from './unique-name.contract.ts';

/** Of the wall clock, because a store drops what is over by its own. */
const NOW = Date.now();
const END = NOW + 60_000;

const sync = (cookie: string, theirs: string, exchange = 'big'): Sync => ({
  cookie,
  exchange,
  theirs,
});

/** `cookie theirs exchange`, once each, in order. */
export async function syncsOf(store: Store, shop: string, nowMs = NOW): Promise<string[]> {
  const found = new Set<string>();
  for await (const batch of store.syncs.all(shop, nowMs)) {
    for (const { cookie, theirs, exchange } of batch) found.add(`${cookie} ${theirs} ${exchange}`);
  }
  return [...found].sort();
}

interface Step {
  readonly cookie: string;
  /** '' forgets the cookie. */
  readonly theirs: string;
  readonly endsAtMs: number;
}

async function apply(store: Store, shop: string, steps: readonly Step[]): Promise<void> {
  for (const { cookie, theirs, endsAtMs } of steps) {
    if (theirs === '') await store.syncs.forget(shop, cookie, NOW);
    else await store.syncs.put(shop, sync(cookie, theirs), endsAtMs);
  }
}

function shuffled(steps: readonly Step[], chances: fc.Stream<number>): Step[] {
  return steps
    .map((step) => ({ step, at: chances.next().value as number }))
    .sort((a, b) => a.at - b.at)
    .map(({ step }) => step);
}

const AT_ONCE = 100;

export function describeSyncs(open: OpenStore): void {
  describe('syncs', () => {
    it('are found again, each once, for their shop alone', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      expect(await syncsOf(store, shop)).toEqual([]);
      await store.syncs.put(shop, sync('anna', 'a1'), END);
      await store.syncs.put(shop, sync('anna', 'a1'), END);
      await store.syncs.put(shop, sync('anna', 'a2', 'small'), END);
      await store.syncs.put(`${shop}x`, sync('boris', 'b1'), END);
      expect(await syncsOf(store, shop)).toEqual(['anna a1 big', 'anna a2 small']);
    });

    it('are all found, however many there are', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      const cookies = Array.from({ length: 2500 }, (_, i) => `${'abc'[i % 3]}${i}`);
      // At once they would wait for each other longer than a store is waited for.
      for (let from = 0; from < cookies.length; from += AT_ONCE) {
        const some = cookies.slice(from, from + AT_ONCE);
        await Promise.all(some.map((cookie) => store.syncs.put(shop, sync(cookie, 't'), END)));
      }
      expect(await syncsOf(store, shop)).toEqual(cookies.map((cookie) => `${cookie} t big`).sort());
    });

    it('end, and the later end counts', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      await store.syncs.put(shop, sync('anna', 'a'), END + 1000);
      await store.syncs.put(shop, sync('anna', 'a'), END);
      await store.syncs.put(shop, sync('boris', 'b'), END);
      expect(await syncsOf(store, shop, END - 1)).toHaveLength(2);
      expect(await syncsOf(store, shop, END)).toEqual(['anna a big']);
      expect(await syncsOf(store, shop, END + 1000)).toEqual([]);
    });

    it('of a cookie are forgotten for good, and those of no other', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      for (const cookie of ['anna', 'anna2']) {
        await store.syncs.put(shop, sync(cookie, 'a'), END);
        await store.syncs.put(shop, sync(cookie, 'b', 'small'), END);
      }
      await store.syncs.forget(shop, 'anna', NOW);
      await store.syncs.put(shop, sync('anna', 'c'), END);
      expect(await syncsOf(store, shop)).toEqual(['anna2 a big', 'anna2 b small']);
      expect(SYNC_KEEP_MAX_MS).toBe(60 * 86_400_000);
    });

    it('come out the same in whatever order and however often they are applied', async () => {
      await using store = await open();
      const step = fc.record({
        cookie: fc.constantFrom('anna', 'boris'),
        theirs: fc.constantFrom('a', 'b', ''),
        endsAtMs: fc.integer({ min: NOW + 1, max: NOW + 50_000 }),
      });
      const steps = fc.array(step, { maxLength: 8 });
      const law = fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (made, chances) => {
        const [once, anyhow] = [uniqueName('shop'), uniqueName('shop')];
        await apply(store, once, made);
        await apply(store, anyhow, shuffled([...made, ...made.slice(0, 3)], chances));
        for (const atMs of [NOW, NOW + 10_000, NOW + 40_000]) {
          expect(await syncsOf(store, anyhow, atMs)).toEqual(await syncsOf(store, once, atMs));
        }
      });
      await fc.assert(law, { numRuns: 25 });
    });
  });
}
