import { describe, expect, it } from 'vitest';
import { type CapRule, EXPOSURES_MAX, exposuresWithin } from '../proto/exposure-log.ts';
import { newRead, readOnce } from './hot-reads.contract.ts';
import type { OpenStore } from './opening.contract.ts';
import type { CapReservation, ReserveSubject, Store } from './ports.ts';
import { uniqueName } from './unique-name.contract.ts';

const NOW = 1_790_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PER_HOUR: CapRule = { scope: 'campaign', impsMax: 2, windowMs: HOUR };

export interface Person {
  shop: string;
  person: string;
}

export function reserveAt(
  store: Store,
  subject: ReserveSubject,
  reservations: readonly CapReservation[],
): Promise<{ granted: readonly boolean[]; failed: boolean }> {
  return new Promise((resolve) => {
    store.caps.reserve(subject, reservations, {
      reserved: (granted, failed) => resolve({ granted: [...granted], failed }),
    });
  });
}

let bids = 0;
export function imp(over: Partial<CapReservation> = {}): CapReservation {
  bids++;
  return { campaignKey: 7, bidKey: bids, rules: [PER_HOUR], expiresAtMs: NOW + MINUTE, ...over };
}

/** A bid has read the log just before; whoever has not is served all the same. */
const READERS = {
  'by a caller who has read the log': async (store: Store, who: Person) =>
    (await readOnce(store, newRead({ ...who, wantProfile: false }))).exposures,
  'by a caller who has not': async () => undefined,
};

export function describeCaps(open: OpenStore): void {
  describe.each(Object.entries(READERS))('promise 2: caps, asked for %s', (_, logOf) => {
    function someone(): Person {
      return { shop: uniqueName('shop'), person: 'anna' };
    }

    async function reserve(
      store: Store,
      subject: Person & { nowMs: number },
      reservations: readonly CapReservation[],
    ) {
      const seen = await logOf(store, subject);
      return reserveAt(store, { ...subject, seen }, reservations);
    }

    async function check(
      store: Store,
      who: Person,
      at: { nowMs: number; ask: CapReservation; granted: boolean },
    ) {
      const answer = await reserve(store, { ...who, nowMs: at.nowMs }, [at.ask]);
      expect(answer).toEqual({ granted: [at.granted], failed: false });
    }

    it('hold reservations until they expire', async () => {
      await using store = await open();
      const who = someone();
      await check(store, who, { nowMs: NOW, ask: imp(), granted: true });
      await check(store, who, { nowMs: NOW, ask: imp(), granted: true });
      await check(store, who, { nowMs: NOW, ask: imp(), granted: false });
      await check(store, who, { nowMs: NOW + MINUTE - 1, ask: imp(), granted: false });
      const ask = imp({ expiresAtMs: NOW + 2 * MINUTE });
      await check(store, who, { nowMs: NOW + MINUTE, ask, granted: true });
    });

    it('count what was shown in a sliding window', async () => {
      await using store = await open();
      const who = someone();
      for (const nowMs of [NOW, NOW + 10 * MINUTE]) {
        expect(await store.caps.confirm({ ...who, campaignKey: 7, bidKey: nowMs, nowMs })).toBe(
          true,
        );
      }
      await check(store, who, { nowMs: NOW + HOUR - 1, ask: imp(), granted: false });
      const ask = imp({ expiresAtMs: NOW + 2 * HOUR });
      await check(store, who, { nowMs: NOW + HOUR, ask, granted: true });
      await check(store, who, { nowMs: NOW + HOUR, ask: imp(), granted: false });
    });

    it('grant the same bid again without counting it twice', async () => {
      await using store = await open();
      const who = someone();
      const ask = imp();
      for (let i = 0; i < 4; i++) await check(store, who, { nowMs: NOW, ask, granted: true });
      await check(store, who, { nowMs: NOW, ask: imp(), granted: true });
      await store.caps.confirm({ ...who, ...ask, nowMs: NOW });
      await check(store, who, { nowMs: NOW, ask, granted: true });
      await check(store, who, { nowMs: NOW, ask: imp(), granted: false });
    });

    it('check every rule: the campaign alone and the whole shop', async () => {
      await using store = await open();
      const who = someone();
      const rules: CapRule[] = [PER_HOUR, { scope: 'shop', impsMax: 3, windowMs: 24 * HOUR }];
      const asks = [7, 7, 7, 8, 9].map((campaignKey) => imp({ campaignKey, rules }));
      const answer = await reserve(store, { ...who, nowMs: NOW }, asks);
      expect(answer).toEqual({ granted: [true, true, false, true, false], failed: false });
      await check(store, who, {
        nowMs: NOW,
        ask: imp({ campaignKey: 9, rules: [] }),
        granted: true,
      });
    });

    it('confirm once, and give a lost reservation back', async () => {
      await using store = await open();
      const who = someone();
      const [shown, lost] = [imp(), imp()];
      await reserve(store, { ...who, nowMs: NOW }, [shown, lost]);
      expect(await store.caps.confirm({ ...who, ...shown, nowMs: NOW + 1 })).toBe(true);
      expect(await store.caps.confirm({ ...who, ...shown, nowMs: NOW + 2 })).toBe(false);
      await check(store, who, { nowMs: NOW + 2, ask: imp(), granted: false });
      await store.caps.release({ ...who, ...lost, nowMs: NOW + 2 });
      await store.caps.release({ ...who, ...shown, nowMs: NOW + 2 });
      await check(store, who, { nowMs: NOW + 2, ask: imp(), granted: true });
      await check(store, who, { nowMs: NOW + 2, ask: imp(), granted: false });
    });

    it('count what was shown although its reservation expired or was never seen', async () => {
      await using store = await open();
      const who = someone();
      const late = imp();
      await reserve(store, { ...who, nowMs: NOW }, [late]);
      const later = NOW + 2 * MINUTE;
      expect(await store.caps.confirm({ ...who, ...late, nowMs: later })).toBe(true);
      expect(await store.caps.confirm({ ...who, ...imp(), nowMs: later })).toBe(true);
      await check(store, who, { nowMs: later, ask: imp(), granted: false });
      await store.caps.release({ ...who, ...imp(), nowMs: later });
    });

    it('forget what counts no longer, wherever it lies, and keep the rest in order', async () => {
      await using store = await open();
      const who = someone();
      const soon = { expiresAtMs: NOW + MINUTE };
      const late = { expiresAtMs: NOW + HOUR };
      const asks = [imp(soon), imp(late), imp(soon), imp(soon), imp(late), imp(soon)].map(
        (ask, i) => ({ ...ask, campaignKey: i }),
      );
      await reserve(store, { ...who, nowMs: NOW }, asks);
      const last = imp({ ...late, campaignKey: 6 });
      await check(store, who, { nowMs: NOW + 2 * MINUTE, ask: last, granted: true });
      const { exposures } = await readOnce(store, newRead({ ...who, wantProfile: false }));
      const log = Buffer.from(exposures!);
      const campaigns = Array.from({ length: log.length / 24 }, (_, i) => log.readUInt32LE(i * 24));
      expect(campaigns).toEqual([1, 4, 6]);
    });

    it('keep persons and shops apart', async () => {
      await using store = await open();
      const who = someone();
      for (let i = 0; i < 2; i++)
        await check(store, who, { nowMs: NOW, ask: imp(), granted: true });
      await check(store, { ...who, person: 'boris' }, { nowMs: NOW, ask: imp(), granted: true });
      await check(
        store,
        { ...who, shop: `${who.shop}x` },
        { nowMs: NOW, ask: imp(), granted: true },
      );
    });

    it('carry the widest keys through unchanged', async () => {
      await using store = await open();
      const who = someone();
      const ask = imp({ campaignKey: 0xffff_ffff, bidKey: Number.MAX_SAFE_INTEGER });
      await check(store, who, { nowMs: NOW, ask, granted: true });
      const near = { ...ask, bidKey: Number.MAX_SAFE_INTEGER - 1 };
      await check(store, who, { nowMs: NOW, ask: near, granted: true });
      const read = await readOnce(store, newRead({ ...who, wantProfile: false }));
      expect(exposuresWithin(read.exposures, 0xffff_ffff, 'campaign', HOUR, NOW)).toBe(2);
    });

    it('treat a person with a full log as capped, and stay full', async () => {
      await using store = await open();
      const who = someone();
      for (let i = 0; i < EXPOSURES_MAX + 3; i++) {
        await store.caps.confirm({ ...who, campaignKey: 1, bidKey: 1_000_000 + i, nowMs: NOW + i });
      }
      const ask = imp({ rules: [], expiresAtMs: NOW + 2 * HOUR });
      await check(store, who, { nowMs: NOW + HOUR, ask, granted: false });
      const read = await readOnce(store, newRead({ ...who, wantProfile: false }));
      expect(read.exposures?.length).toBe(EXPOSURES_MAX * 24);
    });

    it('never grant more than the cap to many openings that race for one person', async () => {
      const stores = await Promise.all(Array.from({ length: 6 }, open));
      try {
        const who = someone();
        const rules: CapRule[] = [{ scope: 'campaign', impsMax: 3, windowMs: HOUR }];
        const answers = await Promise.all(
          Array.from({ length: 60 }, (_, i) =>
            reserve(stores[i % stores.length]!, { ...who, nowMs: NOW }, [imp({ rules })]),
          ),
        );
        expect(answers.filter((a) => a.failed)).toEqual([]);
        expect(answers.filter((a) => a.granted[0]).length).toBe(3);
      } finally {
        for (const store of stores) await store[Symbol.asyncDispose]();
      }
    });
  });
}
