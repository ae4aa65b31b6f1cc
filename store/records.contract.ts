import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bytesOf } from './generations.contract.ts';
import { newRead, readOnce } from './hot-reads.contract.ts';
import type { OpenStore } from './opening.contract.ts';
import { uniqueName } from './unique-name.contract.ts';

const NOW = 1_790_000_000_000;

export function describeRecords(open: OpenStore): void {
  describe('live facts', () => {
    it('change under concurrent writers without losing a write', async () => {
      const stores = await Promise.all([open(), open(), open()]);
      try {
        const key = { shop: uniqueName('shop'), person: 'anna', keepMs: 60_000, nowMs: NOW };
        const append = (current: Uint8Array | null) =>
          Buffer.concat([current ?? Buffer.alloc(0), Buffer.from([0xff])]);
        await Promise.all(
          Array.from({ length: 30 }, (_, i) => stores[i % 3]!.live.update(key, append)),
        );
        const record = await stores[0]!.live.read(key.shop, key.person);
        expect(Buffer.from(record!)).toEqual(Buffer.alloc(30, 0xff));
      } finally {
        for (const store of stores) await store[Symbol.asyncDispose]();
      }
    });

    it('end when their time is over', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      const key = { shop, person: 'anna', keepMs: 60, nowMs: Date.now() };
      await store.live.update(key, () => bytesOf('here'));
      expect(await store.live.read(shop, 'anna')).toEqual(Buffer.from('here'));
      await sleep(90);
      expect(await store.live.read(shop, 'anna')).toBeNull();
      const read = await readOnce(store, newRead({ shop, person: 'anna' }));
      expect(read).toMatchObject({ live: null, failed: false });
    });

    it('keep an empty record apart from none, and leave alone what a failing change left', async () => {
      await using store = await open();
      const key = { shop: uniqueName('shop'), person: 'anna', keepMs: 60_000, nowMs: NOW };
      await store.live.update(key, () => bytesOf(''));
      expect((await store.live.read(key.shop, 'anna'))?.length).toBe(0);
      const failing = () => {
        throw new Error('a bug of the caller');
      };
      await expect(store.live.update(key, failing)).rejects.toThrow('a bug of the caller');
      expect((await store.live.read(key.shop, 'anna'))?.length).toBe(0);
    });
  });

  describe('notices', () => {
    it('are first exactly once, over all openings', async () => {
      const stores = await Promise.all([open(), open(), open()]);
      try {
        const id = uniqueName('notice');
        const firsts = await Promise.all(
          Array.from({ length: 30 }, (_, i) => stores[i % 3]!.notices.first(id, 60_000, NOW)),
        );
        expect(firsts.filter(Boolean).length).toBe(1);
      } finally {
        for (const store of stores) await store[Symbol.asyncDispose]();
      }
    });

    it('may be first again when their time is over', async () => {
      await using store = await open();
      const id = uniqueName('notice');
      expect(await store.notices.first(id, 60_000, NOW)).toBe(true);
      expect(await store.notices.first(id, 60_000, NOW + 59_999)).toBe(false);
      expect(await store.notices.first(id, 60_000, NOW + 60_000)).toBe(true);
    });
  });

  describe('marks', () => {
    it('are read as they were set', async () => {
      await using store = await open();
      const name = uniqueName('mark');
      expect(await store.marks.get(name)).toBeNull();
      await store.marks.set(name, 'журнал:12');
      expect(await store.marks.get(name)).toBe('журнал:12');
    });
  });

  describe('the store itself', () => {
    it('answers a ping and is available until it is closed', async () => {
      const store = await open();
      await store.ping();
      expect(store.available()).toBe(true);
      await store[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      expect(store.available()).toBe(false);
      await expect(store.ping()).rejects.toMatchObject({ name: 'StoreUnavailable' });
      const read = await readOnce(store, newRead({ person: 'anna' }));
      expect(read.failed).toBe(true);
      await expect(store.marks.get('any')).rejects.toMatchObject({ name: 'StoreUnavailable' });
    });
  });
}
