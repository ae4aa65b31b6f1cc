import { describe, expect, it } from 'vitest';
import { CONFIRMED, exposureState } from '../proto/exposure-log.ts';
import { build, bytesOf } from './generations.contract.ts';
import type { OpenStore } from './opening.contract.ts';
import { emptyRead, IDENTITIES_MAX, type PersonRead, type Store } from './ports.ts';
import { uniqueName } from './unique-name.contract.ts';

const NOW = 1_790_000_000_000;

export function newRead(over: Partial<PersonRead>): PersonRead {
  return { ...emptyRead(), shop: 'shop', generation: 'g1', ...over };
}

/** The read as it was when the receiver got it, its bytes copied as the port demands. */
export function readOnce(store: Store, read: PersonRead): Promise<PersonRead> {
  return new Promise((resolve) => {
    store.hot.readPerson(read, {
      personRead: (done) =>
        resolve({
          ...done,
          profile: done.profile && Buffer.from(done.profile),
          live: done.live && Buffer.from(done.live),
          exposures: done.exposures && Buffer.from(done.exposures),
        }),
    });
  });
}

export function describeHotReads(open: OpenStore): void {
  describe('readPerson', () => {
    async function filled(store: Store): Promise<string> {
      const shop = uniqueName('shop');
      await build(store, { shop, generation: 'g1' }, ['anna', 'boris']);
      await store.live.update({ shop, person: 'anna', keepMs: 60_000, nowMs: NOW }, () =>
        bytesOf('anna live'),
      );
      await store.caps.confirm({ shop, person: 'anna', campaignKey: 7, bidKey: 1, nowMs: NOW });
      return shop;
    }

    it('finds the person by the first identity that is linked, and all that is known', async () => {
      await using store = await open();
      const shop = await filled(store);
      const read = await readOnce(
        store,
        newRead({ shop, identities: ['i-nobody', 'i-anna', 'i-boris'] }),
      );
      expect(read).toMatchObject({ person: 'anna', matchedIdentity: 1, failed: false });
      expect(read.profile?.toString()).toBe('g1 anna');
      expect(read.live?.toString()).toBe('anna live');
      expect(exposureState(read.exposures, 7, 1, NOW)).toBe(CONFIRMED);
    });

    it('reads a known person without links, and leaves out a profile nobody wants', async () => {
      await using store = await open();
      const shop = await filled(store);
      const read = await readOnce(store, newRead({ shop, person: 'anna', wantProfile: false }));
      expect(read).toMatchObject({ person: 'anna', profile: null, failed: false });
      expect(read.live?.toString()).toBe('anna live');
      const other = await readOnce(store, newRead({ shop, person: 'boris' }));
      expect(other).toMatchObject({ live: null, exposures: null, failed: false });
      expect(other.profile?.toString()).toBe('g1 boris');
    });

    it('believes the most trusted identity, and finds a person without the profile nobody wants', async () => {
      await using store = await open();
      const shop = await filled(store);
      const identities = ['i-boris', 'i-anna'];
      const read = await readOnce(store, newRead({ shop, identities, wantProfile: false }));
      expect(read).toMatchObject({ person: 'boris', matchedIdentity: 0, profile: null });
      const anna = newRead({ shop, identities: identities.reverse(), wantProfile: false });
      expect((await readOnce(store, anna)).live?.toString()).toBe('anna live');
    });

    it('looks at as many identities as it may be given', async () => {
      await using store = await open();
      const shop = await filled(store);
      const strangers = Array.from({ length: IDENTITIES_MAX - 1 }, (_, i) => `i-stranger-${i}`);
      const read = await readOnce(store, newRead({ shop, identities: [...strangers, 'i-anna'] }));
      expect(read).toMatchObject({ person: 'anna', matchedIdentity: IDENTITIES_MAX - 1 });
      expect(read.profile?.toString()).toBe('g1 anna');
    });

    it('is of the visitor when no identity is linked', async () => {
      await using store = await open();
      const shop = await filled(store);
      await store.live.update({ shop, person: 'i-new', keepMs: 60_000, nowMs: NOW }, () =>
        bytesOf('seen before'),
      );
      const asked = { identities: ['i-other', 'i-another'], visitor: 'i-new' };
      const read = await readOnce(store, newRead({ shop, ...asked }));
      expect(read).toMatchObject({
        person: 'i-new',
        matchedIdentity: -1,
        profile: null,
        failed: false,
      });
      expect(read.live?.toString()).toBe('seen before');
    });

    it('answers at once when nobody is asked for', async () => {
      await using store = await open();
      const read = await readOnce(store, newRead({}));
      expect(read).toMatchObject({ person: '', profile: null, live: null, failed: false });
    });

    it('reads nothing of another generation or another shop', async () => {
      await using store = await open();
      const shop = await filled(store);
      const old = await readOnce(store, newRead({ shop, generation: 'g0', person: 'anna' }));
      expect(old.profile).toBeNull();
      const foreign = await readOnce(store, newRead({ shop: `${shop}x`, person: 'anna' }));
      expect(foreign).toMatchObject({ profile: null, live: null, exposures: null });
    });

    it('reuses one read for many persons', async () => {
      await using store = await open();
      const shop = await filled(store);
      const read = newRead({ shop, identities: ['i-anna'] });
      await readOnce(store, read);
      read.person = '';
      read.identities = ['i-stranger'];
      read.visitor = 'i-stranger';
      const second = await readOnce(store, read);
      expect(second).toMatchObject({
        person: 'i-stranger',
        profile: null,
        live: null,
        exposures: null,
      });
    });
  });
}
