import { describe, expect, it } from 'vitest';
import { bytesOf } from './generations.contract.ts';
import type { OpenStore } from './opening.contract.ts';
import { uniqueName } from './unique-name.contract.ts';

const NOW = 1_790_000_000_000;

export function describeLearned(open: OpenStore): void {
  describe('learned records', () => {
    const keyOf = () => {
      const ref = { exchange: uniqueName('exchange'), kind: 'audit' };
      return { ref, key: { ...ref, name: 'banner-1', keepMs: 1000, nowMs: NOW } };
    };
    const texts = (records: ReadonlyMap<string, Uint8Array>) =>
      [...records].map(([name, bytes]) => [name, String(Buffer.from(bytes))]).sort();

    it('change under concurrent writers without losing a write', async () => {
      const stores = await Promise.all([open(), open(), open()]);
      try {
        const { key } = keyOf();
        const append = (current: Uint8Array | null) =>
          Buffer.concat([current ?? Buffer.alloc(0), Buffer.from([0xff])]);
        await Promise.all(
          Array.from({ length: 30 }, (_, i) => stores[i % 3]!.learned.update(key, append)),
        );
        const record = await stores[0]!.learned.read(key, NOW);
        expect(Buffer.from(record!)).toEqual(Buffer.alloc(30, 0xff));
      } finally {
        for (const store of stores) await store[Symbol.asyncDispose]();
      }
    });

    it('are listed by exchange and kind, each until its own end', async () => {
      await using store = await open();
      const { ref, key } = keyOf();
      const { learned } = store;
      await learned.update(key, () => bytesOf('one'));
      await learned.update({ ...key, name: 'banner-2', keepMs: 2000 }, () => bytesOf(''));
      await learned.update({ ...key, kind: 'audits' }, () => bytesOf('another kind'));
      await learned.update({ ...key, exchange: `${ref.exchange}x` }, () => bytesOf('another'));
      const both = [
        ['banner-1', 'one'],
        ['banner-2', ''],
      ];
      expect(texts(await learned.list(ref, NOW))).toEqual(both);
      expect(texts(await learned.list(ref, NOW + 999))).toEqual(both);
      expect(texts(await learned.list(ref, NOW + 1000))).toEqual(both.slice(1));
      expect(await learned.read(key, NOW + 1000)).toBeNull();
      expect((await learned.list({ ...ref, kind: 'win-price' }, NOW)).size).toBe(0);
      expect(await learned.read({ ...key, name: 'banner' }, NOW)).toBeNull();
    });

    it('are left alone by a change that fails, and begin anew when they have ended', async () => {
      await using store = await open();
      const { key } = keyOf();
      await store.learned.update(key, () => bytesOf('here'));
      const failing = () => {
        throw new Error('a bug of the caller');
      };
      await expect(store.learned.update(key, failing)).rejects.toThrow('a bug of the caller');
      expect(String(Buffer.from((await store.learned.read(key, NOW))!))).toBe('here');
      const seen: unknown[] = [];
      await store.learned.update({ ...key, nowMs: NOW + 1000 }, (current) => {
        seen.push(current);
        return bytesOf('new');
      });
      expect(seen).toEqual([null]);
    });

    it('of a store that is closed are StoreUnavailable', async () => {
      const store = await open();
      const { ref } = keyOf();
      await store[Symbol.asyncDispose]();
      await expect(store.learned.list(ref, NOW)).rejects.toMatchObject({
        name: 'StoreUnavailable',
      });
    });
  });
}
