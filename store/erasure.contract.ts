import { describe, expect, it } from 'vitest';
import { imp, reserveAt } from './caps.contract.ts';
import { bytesOf } from './generations.contract.ts';
import { newRead, readOnce } from './hot-reads.contract.ts';
import type { OpenStore } from './opening.contract.ts';
import type { Store } from './ports.ts';
import { uniqueName } from './unique-name.contract.ts';

/** Of the wall clock, because a store drops what is over by its own. */
const NOW = Date.now();
const MINUTE = 60_000;
const PEOPLE = ['anna', 'boris'];

/** Two persons of two generations, each with a link, live facts and an exposure log. */
async function fill(store: Store, shop: string): Promise<void> {
  for (const generation of ['g1', 'g2']) {
    await using writer = await store.generations.write(shop, generation);
    await writer.putProfiles(PEOPLE.map((person) => ({ person, bytes: bytesOf(person) })));
    await writer.putLinks(PEOPLE.map((person) => ({ identity: `${person}-cookie`, person })));
    await writer.seal({ profiles: 2, links: 2 });
    await store.generations.flip(shop, generation);
  }
  for (const person of [...PEOPLE, 'anna-cookie']) {
    const key = { shop, person, keepMs: MINUTE, nowMs: NOW };
    await store.live.update(key, () => bytesOf('live'));
    const granted = await reserveAt(store, { shop, person, nowMs: NOW }, [
      imp({ expiresAtMs: NOW + MINUTE }),
    ]);
    expect(granted).toEqual({ granted: [true], failed: false });
  }
}

/** What a bid would find of somebody, as `profile live exposures`. */
async function seen(store: Store, shop: string, person: string): Promise<string> {
  const { profile, live, exposures } = await readOnce(
    store,
    newRead({ shop, generation: 'g2', person }),
  );
  return [profile, live, exposures].map((bytes) => (bytes === null ? 'no' : 'yes')).join(' ');
}

export function describeErasure(open: OpenStore): void {
  describe('promise 7: erasure', () => {
    it('takes a person out of every generation, and of what is kept beside them, and nobody else', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      await fill(store, shop);
      const subject = {
        shop,
        persons: ['anna'],
        identities: ['anna-cookie', 'never-seen'],
        links: [],
      };
      expect(await store.erasure.erase(subject)).toEqual({
        profiles: 2,
        links: 2,
        liveFacts: 2,
        exposureLogs: 2,
      });
      const { generations } = store;
      for (const generation of ['g1', 'g2']) {
        expect(await generations.readProfile(shop, generation, 'anna')).toBeNull();
        expect(await generations.readLink(shop, generation, 'anna-cookie')).toBeNull();
        expect(await generations.readLink(shop, generation, 'boris-cookie')).toBe('boris');
        expect(await generations.scanProfiles(shop, generation, '', 10)).toEqual(['boris']);
        expect((await generations.scanLinks(shop, generation, '', 10)).length).toBe(1);
      }
      expect(await seen(store, shop, 'anna')).toBe('no no no');
      expect(await seen(store, shop, 'anna-cookie')).toBe('no no no');
      expect(await seen(store, shop, 'boris')).toBe('yes yes yes');
    });

    it('takes a link of one generation alone away, and nothing else of its identity', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      await fill(store, shop);
      const links = [{ generation: 'g1', identity: 'anna-cookie' }];
      const nobody = { shop, persons: [], identities: [], links };
      expect(await store.erasure.erase(nobody)).toEqual({
        ...{ profiles: 0, links: 1, liveFacts: 0, exposureLogs: 0 },
      });
      const { generations } = store;
      expect(await generations.readLink(shop, 'g1', 'anna-cookie')).toBeNull();
      expect(await generations.scanLinks(shop, 'g1', '', 10)).toHaveLength(1);
      expect(await generations.readLink(shop, 'g2', 'anna-cookie')).toBe('anna');
      expect(await seen(store, shop, 'anna-cookie')).toBe('no yes yes');
    });

    it('finds nothing the second time, nor in another shop', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      await fill(store, shop);
      const subject = { shop, persons: ['anna'], identities: ['anna-cookie'], links: [] };
      const nothing = { profiles: 0, links: 0, liveFacts: 0, exposureLogs: 0 };
      expect(await store.erasure.erase({ ...subject, shop: `${shop}x` })).toEqual(nothing);
      await store.erasure.erase(subject);
      expect(await store.erasure.erase(subject)).toEqual(nothing);
    });

    it('leaves generations that can be removed, and built again under the same name', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      await fill(store, shop);
      await store.erasure.erase({ shop, persons: PEOPLE, identities: ['anna-cookie'], links: [] });
      {
        await using writer = await store.generations.write(shop, 'g3');
        await writer.seal({ profiles: 0, links: 0 });
      }
      await store.generations.flip(shop, 'g3');
      await store.generations.remove(shop, 'g1');
      expect((await store.generations.list(shop)).map(({ generation }) => generation)).toEqual([
        'g2',
        'g3',
      ]);
    });
  });
}
