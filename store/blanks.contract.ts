import { describe, expect, it } from 'vitest';
import {
  BLANK,
  type CapRule,
  EXPOSURE_BYTES,
  exposuresWithin,
  RESERVED,
} from '../proto/exposure-log.ts';
import { u32At } from '../proto/little-endian.ts';
import { imp, type Person, reserveAt } from './caps.contract.ts';
import { build } from './generations.contract.ts';
import { newRead, readOnce } from './hot-reads.contract.ts';
import type { OpenStore } from './opening.contract.ts';
import {
  BLANKS_MAX,
  type Blanks,
  type CapReservation,
  type PersonRead,
  type Store,
} from './ports.ts';
import { uniqueName } from './unique-name.contract.ts';

const NOW = 1_790_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ONCE: CapRule = { scope: 'campaign', impsMax: 1, windowMs: HOUR };
const TWICE: CapRule = { scope: 'campaign', impsMax: 2, windowMs: HOUR };
const GENERATION = 'g1';

/** A log this long is not added to by a read. */
const LONG_LOG = 48;

/** How a read finds the person. */
const FINDERS: Readonly<Record<string, Partial<PersonRead>>> = {
  'found by an identity': { identities: ['i-nobody', 'i-anna'], visitor: 'i-nobody' },
  'known by their id': { person: 'anna' },
  'known, without the profile': { person: 'anna', wantProfile: false },
};

let bids = 0;
export function blanksFor(count: number, over: Partial<Blanks> = {}): Blanks {
  const bidKeys = Array.from({ length: count }, () => 1_000_000 + ++bids);
  return { bidKeys, nowMs: NOW, expiresAtMs: NOW + MINUTE, ...over };
}

/** Answered before it returns, as a bid's way needs it. */
export function reserveHeld(
  store: Store,
  who: Person,
  { blanks, exposures: seen }: PersonRead,
  reservations: readonly CapReservation[],
): readonly boolean[] {
  let answer: readonly boolean[] | null = null;
  store.caps.reserve({ ...who, nowMs: NOW, seen, blanks }, reservations, {
    reserved: (granted, failed) => {
      expect(failed).toBe(false);
      answer = granted;
    },
  });
  expect(answer).not.toBeNull();
  return answer!;
}

/** Once everything sent so far has arrived. */
async function logOf(store: Store, { shop, person }: Person): Promise<Uint8Array | null> {
  await store.ping();
  const read = await readOnce(store, newRead({ shop, person, wantProfile: false }));
  return read.exposures;
}

export async function campaignsOf(store: Store, who: Person): Promise<number[]> {
  const log = (await logOf(store, who)) ?? new Uint8Array(0);
  const entries = log.length / EXPOSURE_BYTES;
  return Array.from({ length: entries }, (_, i) => u32At(log, i * EXPOSURE_BYTES));
}

/** Promise 2 for stores whose reads hold blanks. */
export function describeBlanks(open: OpenStore): void {
  describe.each(Object.entries(FINDERS))('promise 2: blanks of a person %s', (_, finder) => {
    async function someone(store: Store): Promise<Person> {
      const who = { shop: uniqueName('shop'), person: 'anna' };
      await build(store, { shop: who.shop, generation: GENERATION }, [who.person]);
      return who;
    }

    function hold(store: Store, { shop }: Person, blanks: Blanks): Promise<PersonRead> {
      const read = newRead({ shop, generation: GENERATION, ...finder, blanks });
      return readOnce(store, read);
    }

    async function held(store: Store, who: Person, blanks: Blanks): Promise<PersonRead> {
      const read = await hold(store, who, blanks);
      expect(read).toMatchObject({ person: 'anna', held: true, failed: false });
      return read;
    }

    async function isAllowed(store: Store, who: Person, rule: CapRule): Promise<boolean> {
      const ask = imp({ campaignKey: 99, rules: [rule] });
      const { granted, failed } = await reserveAt(store, { ...who, nowMs: NOW }, [ask]);
      expect(failed).toBe(false);
      if (granted[0]) await store.caps.release({ ...who, ...ask, nowMs: NOW });
      return granted[0]!;
    }

    it('are held behind what the read gives back, profile and all', async () => {
      await using store = await open();
      const who = await someone(store);
      const first = await held(store, who, blanksFor(1));
      expect(first.exposures).toBeNull();
      const wanted = newRead(finder).wantProfile;
      expect(first.profile?.toString() ?? null).toBe(wanted ? 'g1 anna' : null);
      const second = await held(store, who, blanksFor(2));
      expect(second.exposures?.length).toBe(EXPOSURE_BYTES);
      expect(await campaignsOf(store, who)).toEqual([BLANK, BLANK, BLANK]);
    });

    it('count against every campaign until they are returned', async () => {
      await using store = await open();
      const who = await someone(store);
      const read = await held(store, who, blanksFor(1));
      expect(await isAllowed(store, who, ONCE)).toBe(false);
      expect(await isAllowed(store, who, TWICE)).toBe(true);
      const shop: CapRule = { scope: 'shop', impsMax: 1, windowMs: HOUR };
      expect(await isAllowed(store, who, shop)).toBe(false);
      reserveHeld(store, who, read, []);
      expect(await logOf(store, who)).toBeNull();
      expect(await isAllowed(store, who, ONCE)).toBe(true);
    });

    it('become the reservation of the bid, and count for no other campaign then', async () => {
      await using store = await open();
      const who = await someone(store);
      await store.caps.confirm({ ...who, campaignKey: 5, bidKey: 1, nowMs: NOW - MINUTE });
      const blanks = blanksFor(1, { expiresAtMs: NOW + 2 * MINUTE });
      const read = await held(store, who, blanks);
      const ask = imp({ campaignKey: 7, bidKey: blanks.bidKeys[0]!, rules: [ONCE] });
      expect(reserveHeld(store, who, read, [ask])).toEqual([true]);
      expect(await campaignsOf(store, who)).toEqual([5, 7]);
      const log = (await logOf(store, who))!;
      expect(log[EXPOSURE_BYTES + 4]).toBe(RESERVED);
      expect(exposuresWithin(log, 7, 'campaign', HOUR, ask.expiresAtMs - 1)).toBe(1);
      expect(exposuresWithin(log, 7, 'campaign', HOUR, ask.expiresAtMs)).toBe(0);
      expect(await isAllowed(store, who, ONCE)).toBe(true);
    });

    it('are returned when the log before them allows no more', async () => {
      await using store = await open();
      const who = await someone(store);
      await store.caps.confirm({ ...who, campaignKey: 7, bidKey: 1, nowMs: NOW });
      const blanks = blanksFor(1);
      const read = await held(store, who, blanks);
      const ask = imp({ bidKey: blanks.bidKeys[0]!, rules: [ONCE] });
      expect(reserveHeld(store, who, read, [ask])).toEqual([false]);
      expect(await campaignsOf(store, who)).toEqual([7]);
    });

    it('of several bids are each filled in or returned', async () => {
      await using store = await open();
      const who = await someone(store);
      const blanks = blanksFor(BLANKS_MAX);
      const read = await held(store, who, blanks);
      const rules: CapRule[] = [{ scope: 'shop', impsMax: 2, windowMs: HOUR }];
      const asks = [8, 9, 10].map((campaignKey, i) =>
        imp({ campaignKey, bidKey: blanks.bidKeys[i + 1]!, rules }),
      );
      expect(reserveHeld(store, who, read, asks)).toEqual([true, true, false]);
      expect(await campaignsOf(store, who)).toEqual([8, 9]);
    });

    it('are the bid’s when it is shown or lost before they are filled in', async () => {
      await using store = await open();
      const who = await someone(store);
      const blanks = blanksFor(2);
      const read = await held(store, who, blanks);
      const asks = blanks.bidKeys.map((bidKey) => imp({ bidKey, rules: [TWICE] }));
      const [shown, lost] = asks;
      expect(await store.caps.confirm({ ...who, ...shown!, nowMs: NOW })).toBe(true);
      await store.caps.release({ ...who, ...lost!, nowMs: NOW });
      reserveHeld(store, who, read, asks);
      expect(await campaignsOf(store, who)).toEqual([7]);
      expect(await store.caps.confirm({ ...who, ...shown!, nowMs: NOW })).toBe(false);
    });

    it('lapse when nothing becomes of them', async () => {
      await using store = await open();
      const who = await someone(store);
      await held(store, who, blanksFor(1));
      const ask = (nowMs: number) =>
        reserveAt(store, { ...who, nowMs }, [imp({ rules: [ONCE], expiresAtMs: NOW + HOUR })]);
      expect((await ask(NOW + MINUTE - 1)).granted).toEqual([false]);
      expect((await ask(NOW + MINUTE)).granted).toEqual([true]);
    });

    it('are not held in a long log, which a reservation makes short', async () => {
      await using store = await open();
      const who = await someone(store);
      const asks = Array.from({ length: LONG_LOG }, () => imp({ rules: [] }));
      await reserveAt(store, { ...who, nowMs: NOW }, asks);
      const read = await hold(store, who, blanksFor(1));
      expect(read).toMatchObject({ person: 'anna', held: false, failed: false });
      expect(read.exposures?.length).toBe(LONG_LOG * EXPOSURE_BYTES);
      await reserveAt(store, { ...who, nowMs: NOW + MINUTE }, [
        imp({ rules: [], expiresAtMs: NOW + HOUR }),
      ]);
      await held(store, who, blanksFor(1));
    });

    it('let nobody pass a cap, however many openings race for one person', async () => {
      const stores = await Promise.all(Array.from({ length: 4 }, open));
      try {
        const who = await someone(stores[0]!);
        const rules: CapRule[] = [{ scope: 'campaign', impsMax: 3, windowMs: HOUR }];
        const bid = async (i: number): Promise<boolean> => {
          const store = stores[i % stores.length]!;
          // Every third bidder has not read, as one whose person was not known.
          if (i % 3 === 0) {
            const { granted } = await reserveAt(store, { ...who, nowMs: NOW }, [imp({ rules })]);
            return granted[0]!;
          }
          const blanks = blanksFor(1);
          const read = await held(store, who, blanks);
          return reserveHeld(store, who, read, [imp({ bidKey: blanks.bidKeys[0]!, rules })])[0]!;
        };
        const granted = await Promise.all(Array.from({ length: 40 }, (_, i) => bid(i)));
        expect(granted.filter(Boolean).length).toBe(3);
        // What others sent may still be on its way.
        await expect.poll(() => campaignsOf(stores[0]!, who)).toEqual([7, 7, 7]);
      } finally {
        for (const store of stores) await store[Symbol.asyncDispose]();
      }
    });
  });

  describe('blanks', () => {
    it('are not held for visitors', async () => {
      await using store = await open();
      const shop = uniqueName('shop');
      await build(store, { shop, generation: GENERATION }, ['anna']);
      const asked = { shop, generation: GENERATION, identities: ['i-new'], visitor: 'i-new' };
      const read = await readOnce(store, newRead({ ...asked, blanks: blanksFor(1) }));
      expect(read).toMatchObject({ person: 'i-new', held: false, exposures: null });
      expect(await readOnce(store, newRead(asked))).toMatchObject({ exposures: null });
    });
  });
}
