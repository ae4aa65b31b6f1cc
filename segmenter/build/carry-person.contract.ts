/** What carrying a person's impressions and facts must do, over each store. */
import { describe, expect, it } from 'vitest';
import { EXPOSURES_MAX, liveExposures } from '../../proto/exposure-log.ts';
import { addViews, readLiveFacts, writeLiveFacts } from '../../proto/live-facts.ts';
import { imp, type Person, reserveAt } from '../../store/caps.contract.ts';
import { newRead, readOnce } from '../../store/hot-reads.contract.ts';
import type { OpenStore } from '../../store/opening.contract.ts';
import type { Store } from '../../store/ports.ts';
import { uniqueName } from '../../store/unique-name.contract.ts';
import { carryPerson } from './carry-person.ts';

const NOW = 1_790_000_000_000;
const HOUR = 3_600_000;
const [ANNA, ANYA] = ['anna-anna-anna-1', 'anya-anya-anya-2'];

/** What is known of somebody: impressions as `campaign:bid@hours ago`, items viewed. */
async function known(store: Store, who: Person, nowMs = NOW) {
  const { exposures, live } = await readOnce(store, newRead({ ...who, wantProfile: false }));
  const shown = liveExposures(exposures, nowMs)
    .map(({ campaignKey, bidKey, atMs }) => `${campaignKey}:${bidKey}@${(nowMs - atMs) / HOUR}`)
    .sort();
  return { shown, viewed: readLiveFacts(live, who.person).views.map(({ item }) => item) };
}

export function describeCarrying(open: OpenStore): void {
  describe('promise 2: what is carried to another id of a person', () => {
    async function two(store: Store) {
      const shop = uniqueName('shop');
      const [from, to] = [
        { shop, person: ANNA },
        { shop, person: ANYA },
      ];
      const show = (who: Person, bidKey: number, hoursAgo: number) =>
        store.caps.confirm({ ...who, campaignKey: 7, bidKey, nowMs: NOW - hoursAgo * HOUR });
      const view = (who: Person, item: string, atS: number) =>
        store.live.update({ ...who, keepMs: HOUR, nowMs: NOW }, (current) =>
          writeLiveFacts(addViews(readLiveFacts(current, who.person), [item], atS), who.person),
        );
      const carry = (withFacts = true) =>
        carryPerson(store, { shop, from: ANNA, to: ANYA, withFacts }, NOW);
      return { from, to, show, view, carry };
    }

    it('is every impression with its time and every fact, and stays with the old id', async () => {
      await using store = await open();
      const { from, to, show, view, carry } = await two(store);
      await show(from, 1, 700);
      await show(from, 2, 1);
      await show(to, 3, 2);
      await view(from, 'tea', 20);
      await view(to, 'cup', 10);
      const before = await known(store, from);
      await carry();
      const together = { shown: ['7:1@700', '7:2@1', '7:3@2'], viewed: ['tea', 'cup'] };
      expect(await known(store, to)).toEqual(together);
      expect(await known(store, from)).toEqual(before);
      expect(before).toEqual({ shown: ['7:1@700', '7:2@1'], viewed: ['tea'] });
      await carry();
      expect(await known(store, to)).toEqual(together);
      await show(from, 4, 0);
      await carry();
      expect((await known(store, to)).shown).toEqual(['7:1@700', '7:2@1', '7:3@2', '7:4@0']);
    });

    it('is no live fact where nobody knows whose it is', async () => {
      await using store = await open();
      const { from, to, show, view, carry } = await two(store);
      await show(from, 1, 1);
      await view(from, 'tea', 20);
      await carry(false);
      expect(await known(store, to)).toEqual({ shown: ['7:1@1'], viewed: [] });
    });

    it('is an impression under way as if it were shown, once', async () => {
      await using store = await open();
      const { from, to, show, carry } = await two(store);
      const { granted } = await reserveAt(store, { ...from, nowMs: NOW }, [imp({ bidKey: 5 })]);
      expect(granted).toEqual([true]);
      await carry();
      expect((await known(store, to)).shown).toEqual(['7:5@0']);
      await show(from, 5, 0);
      await carry();
      expect((await known(store, to, NOW + 2 * HOUR)).shown).toEqual(['7:5@2']);
    });

    it('is nothing of somebody unknown, and nothing that counts no longer', async () => {
      await using store = await open();
      const { to, from, show, carry } = await two(store);
      await carry();
      await show(from, 1, 31 * 24);
      await carry();
      expect(await known(store, to)).toEqual({ shown: [], viewed: [] });
    });

    it('leaves who is full of impressions full', async () => {
      await using store = await open();
      const { from, to, show, carry } = await two(store);
      for (let bid = 1; bid <= EXPOSURES_MAX - 1; bid++) await show(from, bid, 1);
      for (let bid = 1; bid <= 3; bid++) await show(to, 1000 + bid, 2);
      await carry();
      expect((await known(store, to)).shown).toHaveLength(EXPOSURES_MAX);
      const other = imp({ campaignKey: 9 });
      expect((await reserveAt(store, { ...to, nowMs: NOW }, [other])).granted).toEqual([false]);
    });
  });
}
