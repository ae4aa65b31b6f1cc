import { describe, expect, it } from 'vitest';
import type { OpenStore } from './opening.contract.ts';
import { COPIED_AT_ONCE, type Store } from './ports.ts';
import { uniqueName } from './unique-name.contract.ts';

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Writes and seals a generation of `people` persons, each with one link `i-<person>`. */
export async function build(
  store: Store,
  at: { shop: string; generation: string },
  people: readonly string[],
): Promise<void> {
  await using writer = await store.generations.write(at.shop, at.generation);
  await writer.putProfiles(
    people.map((person) => ({ person, bytes: bytesOf(`${at.generation} ${person}`) })),
  );
  await writer.putLinks(people.map((person) => ({ identity: `i-${person}`, person })));
  await writer.putBlob('manifest', bytesOf(at.generation));
  await writer.seal({ profiles: people.length, links: people.length });
}

export function describeGenerations(open: OpenStore): void {
  describe('generations', () => {
    it('serve after seal and flip, and come back with rollback', async () => {
      await using store = await open();
      const { generations } = store;
      const shop = uniqueName('shop');
      expect(await generations.serving(shop)).toBeNull();
      await expect(generations.rollback(shop)).rejects.toThrow('no previous generation');
      await build(store, { shop, generation: 'g1' }, ['anna']);
      await build(store, { shop, generation: 'g2' }, ['anna', 'boris']);
      await generations.flip(shop, 'g1');
      expect(await generations.serving(shop)).toEqual({ generation: 'g1', previous: null });
      await generations.flip(shop, 'g2');
      await generations.flip(shop, 'g2');
      expect(await generations.serving(shop)).toEqual({ generation: 'g2', previous: 'g1' });
      expect(await generations.rollback(shop)).toEqual({ generation: 'g1', previous: 'g2' });
      expect(await generations.serving(shop)).toEqual({ generation: 'g1', previous: 'g2' });
    });

    it('keep each its own profiles, links and blobs', async () => {
      await using store = await open();
      const { generations } = store;
      const shop = uniqueName('shop');
      await build(store, { shop, generation: 'g1' }, ['anna']);
      await build(store, { shop, generation: 'g10' }, ['boris']);
      expect(await generations.readProfile(shop, 'g1', 'anna')).toEqual(Buffer.from('g1 anna'));
      expect(await generations.readProfile(shop, 'g10', 'anna')).toBeNull();
      expect(await generations.readLink(shop, 'g10', 'i-boris')).toBe('boris');
      expect(await generations.readLink(shop, 'g1', 'i-boris')).toBeNull();
      expect(await generations.readBlob(shop, 'g1', 'manifest')).toEqual(Buffer.from('g1'));
      expect(await generations.readBlob(shop, 'g1', 'absent')).toBeNull();
    });

    it('list themselves in order of build, and say which are sealed', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      await build(store, { shop, generation: 'g2' }, ['anna']);
      await store.generations.write(shop, 'g3');
      await build(store, { shop, generation: 'g1' }, ['anna']);
      expect(await store.generations.list(shop)).toEqual([
        { generation: 'g1', sealed: true },
        { generation: 'g2', sealed: true },
        { generation: 'g3', sealed: false },
      ]);
      expect(await store.generations.list(`${shop}x`)).toEqual([]);
    });

    it('refuse to serve, to seal or to be written when they should', async () => {
      await using store = await open();
      const { generations } = store;
      const shop = uniqueName('shop');
      await using writer = await generations.write(shop, 'g1');
      await writer.putProfiles([{ person: 'anna', bytes: bytesOf('x') }]);
      await writer.putProfiles([{ person: 'anna', bytes: bytesOf('y') }]);
      await expect(generations.flip(shop, 'g1')).rejects.toThrow('not sealed');
      await expect(writer.seal({ profiles: 2, links: 0 })).rejects.toThrow(
        'holds 1 profiles and 0 links, expected 2 and 0',
      );
      await writer.seal({ profiles: 1, links: 0 });
      await expect(writer.putLinks([{ identity: 'i', person: 'anna' }])).rejects.toThrow(
        'is sealed',
      );
      await expect(generations.write(shop, 'g1')).rejects.toThrow('is sealed');
      await expect(generations.write(shop, 'g/1')).rejects.toThrow('not of the form');
      await expect(generations.write('Sh{op', 'g1')).rejects.toThrow('not of the form');
    });

    it('are removed whole, but never the serving and the previous one', async () => {
      await using store = await open();
      const { generations } = store;
      const shop = uniqueName('shop');
      for (const generation of ['g1', 'g2', 'g3']) {
        await build(store, { shop, generation }, ['anna']);
        await generations.flip(shop, generation);
      }
      await expect(generations.remove(shop, 'g3')).rejects.toThrow('serving or previous');
      await expect(generations.remove(shop, 'g2')).rejects.toThrow('serving or previous');
      await generations.remove(shop, 'g1');
      expect(await generations.list(shop)).toEqual([
        { generation: 'g2', sealed: true },
        { generation: 'g3', sealed: true },
      ]);
      expect(await generations.readProfile(shop, 'g1', 'anna')).toBeNull();
      expect(await generations.readLink(shop, 'g1', 'i-anna')).toBeNull();
      expect(await generations.readBlob(shop, 'g1', 'manifest')).toBeNull();
      expect(await generations.scanProfiles(shop, 'g1', '', 10)).toEqual([]);
    });

    it('start empty when a killed build left a half behind, and end with their writer', async () => {
      await using store = await open();
      await using again = await open();
      const { generations } = store;
      const shop = uniqueName('shop');
      const killed = await generations.write(shop, 'g1');
      await killed.putProfiles([{ person: 'left-over', bytes: bytesOf('x') }]);
      await build(again, { shop, generation: 'g1' }, ['anna']);
      expect(await generations.scanProfiles(shop, 'g1', '', 10)).toEqual(['anna']);
      {
        await using failed = await generations.write(shop, 'g2');
        await failed.putProfiles([{ person: 'anna', bytes: bytesOf('x') }]);
      }
      expect(await generations.list(shop)).toEqual([{ generation: 'g1', sealed: true }]);
      expect(await generations.readProfile(shop, 'g2', 'anna')).toBeNull();
    });

    it('go on with what a killed build left behind, also where it is written again', async () => {
      await using store = await open();
      await using again = await open();
      const shop = uniqueName('shop');
      const people = (names: string[], text: string) =>
        names.map((person) => ({ person, bytes: bytesOf(`${text} ${person}`) }));
      const links = (names: string[]) =>
        names.map((person) => ({ identity: `i-${person}`, person }));
      const killed = await store.generations.write(shop, 'g1');
      await killed.putProfiles(people(['anna', 'boris'], 'then'));
      await killed.putLinks(links(['anna', 'boris']));
      {
        await using left = await again.generations.resume(shop, 'g1');
        await left.putProfiles(people(['boris', 'vera'], 'now'));
        left.leave();
      }
      await using last = await store.generations.resume(shop, 'g1');
      await last.putLinks(links(['boris', 'vera']));
      await expect(last.seal({ profiles: 4, links: 3 })).rejects.toThrow('holds 3 profiles');
      await last.seal({ profiles: 3, links: 3 });
      const { generations } = again;
      expect(await generations.scanProfiles(shop, 'g1', '', 10)).toEqual(['anna', 'boris', 'vera']);
      const profileOf = (person: string) => generations.readProfile(shop, 'g1', person);
      expect(await profileOf('anna')).toEqual(Buffer.from('then anna'));
      expect(await profileOf('boris')).toEqual(Buffer.from('now boris'));
      await expect(generations.resume(shop, 'g1')).rejects.toThrow('not an unfinished one');
      await expect(generations.resume(shop, 'g2')).rejects.toThrow('not an unfinished one');
    });

    it('take profiles over from another as they are, in a range and but for some', async () => {
      await using store = await open();
      const { generations } = store;
      const shop = uniqueName('shop');
      const people = Array.from({ length: 1203 }, (_, i) => `p${String(i).padStart(5, '0')}`);
      const all = ['-dash', 'Anna', 'anna', ...people, 'zoe'];
      await build(store, { shop, generation: 'g1' }, all);
      await build(store, { shop, generation: 'g10' }, ['stranger']);
      await using writer = await generations.write(shop, 'g2');
      const but = new Set(['anna', 'p00003', 'nobody']);
      const copy = async (from: string, to: string | null) => {
        let copied = 0;
        for await (const some of writer.copyProfiles({ generation: 'g1', from, to, but })) {
          expect(some).toBeLessThanOrEqual(COPIED_AT_ONCE);
          copied += some;
        }
        return copied;
      };
      expect(await copy('', 'Anna')).toBe(1);
      expect(await copy('Anna', 'p00005')).toBe(5);
      // What was copied is there once, whether it is copied or put again.
      expect(await copy('p00000', 'p00005')).toBe(4);
      expect(await copy('p00005', null)).toBe(1203 - 5 + 1);
      expect(await copy('zoey', null)).toBe(0);
      await writer.putProfiles([
        { person: 'p00003', bytes: bytesOf('new') },
        { person: 'p00004', bytes: bytesOf('new') },
      ]);
      const copied = all.filter((person) => person !== 'anna');
      await expect(writer.seal({ profiles: all.length, links: 0 })).rejects.toThrow('it holds');
      await writer.seal({ profiles: copied.length, links: 0 });
      expect(await generations.scanProfiles(shop, 'g2', '', 2000)).toEqual(copied);
      for (const person of copied) {
        const isNew = person === 'p00003' || person === 'p00004';
        const bytes = await generations.readProfile(shop, 'g2', person);
        expect(bytes).toEqual(Buffer.from(isNew ? 'new' : `g1 ${person}`));
      }
      await expect(copy('', null)).rejects.toThrow('is sealed');
    });

    it('are scanned in key order, page by page', async () => {
      await using store = await open();
      const { generations } = store;
      const shop = uniqueName('shop');
      const people = Array.from({ length: 1203 }, (_, i) => `p${String(i).padStart(5, '0')}`);
      const mixed = ['-dash', '0zero', 'Anna', 'Zoe', '_low', 'anna', ...people, 'zoe'];
      await build(store, { shop, generation: 'g1' }, [...mixed].reverse());
      const seen: string[] = [];
      for (let after = ''; ; after = seen[seen.length - 1]!) {
        const page = await generations.scanProfiles(shop, 'g1', after, 500);
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(500);
        seen.push(...page);
      }
      expect(seen).toEqual(mixed);
      expect(await generations.scanLinks(shop, 'g1', 'i-anna', 2)).toEqual([
        { identity: 'i-p00000', person: 'p00000' },
        { identity: 'i-p00001', person: 'p00001' },
      ]);
    });
  });
}
