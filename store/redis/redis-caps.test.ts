import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blanksFor } from '../blanks.contract.ts';
import { imp, type Person, reserveAt } from '../caps.contract.ts';
import { newRead, readOnce } from '../hot-reads.contract.ts';
import { openStore } from '../open-store.ts';
import type { CapReservation, Store } from '../ports.ts';
import { uniqueName } from '../unique-name.contract.ts';
import { exposuresKey } from './redis-keys.ts';
import { noRedisReason, type RedisServer, unixServer } from './redis-server.contract.ts';

const NOW = 1_790_000_000_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ENTRY_BYTES = 24;

describe.skipIf(noRedisReason !== '')(
  `promise 2: caps counted by who has read them${noRedisReason}`,
  () => {
    let server: RedisServer;
    let store: Store;
    let who: Person;

    beforeAll(async () => {
      const unix = unixServer();
      server = unix.server;
      await server.start();
      store = await openStore({ url: unix.url, dir: '', hotTimeoutMs: 2_000 });
    });
    afterAll(async () => {
      await store[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });

    function someone(): string {
      who = { shop: uniqueName('shop'), person: 'anna' };
      return exposuresKey(who.shop, who.person);
    }

    async function log(): Promise<Uint8Array | null> {
      return (await readOnce(store, newRead({ ...who, wantProfile: false }))).exposures;
    }

    /** As a bid asks, the log read just before, or as it was at another time. */
    async function ask(
      over: Partial<CapReservation> = {},
      at: { seen?: Uint8Array | null } = {},
    ): Promise<boolean> {
      const seen = at.seen === undefined ? await log() : at.seen;
      const { granted, failed } = await reserveAt(store, { ...who, nowMs: NOW, seen }, [imp(over)]);
      expect(failed).toBe(false);
      return granted[0]!;
    }

    const once: Partial<CapReservation> = {
      rules: [{ scope: 'campaign', impsMax: 1, windowMs: DAY }],
    };

    function scriptsRun(): number {
      const stats = server.cli('info', 'commandstats');
      return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    }

    it('ask once while nobody else writes, and once more when somebody has', async () => {
      someone();
      const before = scriptsRun();
      for (let i = 0; i < 2; i++) expect(await ask()).toBe(true);
      expect(scriptsRun()).toBe(before + 2);
      expect(await ask({}, { seen: null })).toBe(false);
      expect(scriptsRun()).toBe(before + 4);
    });

    it('grant nothing beside what came after the log was read', async () => {
      someone();
      const seen = await log();
      expect(await ask(once, { seen })).toBe(true);
      expect(await ask(once, { seen })).toBe(false);
      expect((await log())?.length).toBe(ENTRY_BYTES);
    });

    it('grant nothing beside what was shown after the log was read', async () => {
      someone();
      const seen = await log();
      await store.caps.confirm({ ...who, campaignKey: 7, bidKey: 1, nowMs: NOW });
      expect(await ask(once, { seen })).toBe(false);
    });

    it('are passed by nobody beside the script that others run', async () => {
      someone();
      const seen = await log();
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          i % 2 === 0
            ? ask(once, { seen })
            : reserveAt(store, { ...who, nowMs: NOW }, [imp(once)]).then((a) => a.granted[0]!),
        ),
      );
      expect(answers.filter(Boolean).length).toBe(1);
    });

    it('keep the log as long as its last entry counts', async () => {
      const key = someone();
      expect(await ask({ expiresAtMs: NOW + MINUTE })).toBe(true);
      expect(Number(server.cli('pttl', key))).toBeGreaterThan(MINUTE - 5_000);
      expect(Number(server.cli('pttl', key))).toBeLessThanOrEqual(MINUTE);
      expect(await ask({ expiresAtMs: NOW + 2 * MINUTE })).toBe(true);
      expect(Number(server.cli('pttl', key))).toBeGreaterThan(2 * MINUTE - 5_000);
      someone();
      await store.caps.confirm({ ...who, campaignKey: 7, bidKey: 1, nowMs: NOW });
      expect(await ask({ expiresAtMs: NOW + MINUTE })).toBe(true);
      const shown = exposuresKey(who.shop, who.person);
      expect(Number(server.cli('pttl', shown))).toBeGreaterThan(30 * DAY);
    });

    it('keep the log as long as its longest entry, also for blanks', async () => {
      const key = someone();
      const hold = async (lifeMs: number) => {
        const blanks = blanksFor(1, { nowMs: NOW, expiresAtMs: NOW + lifeMs });
        const read = await readOnce(store, newRead({ ...who, wantProfile: false, blanks }));
        expect(read.held).toBe(true);
        return Number(server.cli('pttl', key));
      };
      for (const lifeMs of [MINUTE, 2 * MINUTE]) {
        const lives = await hold(lifeMs);
        expect(lives).toBeGreaterThan(lifeMs - 5_000);
        expect(lives).toBeLessThanOrEqual(lifeMs);
      }
      expect(await hold(MINUTE)).toBeGreaterThan(2 * MINUTE - 5_000);
      await store.caps.confirm({ ...who, campaignKey: 7, bidKey: 1, nowMs: NOW });
      expect(await hold(MINUTE)).toBeGreaterThan(30 * DAY);
      server.cli('persist', key);
      expect(await hold(MINUTE)).toBe(-1);
    });

    it('keep a log for a moment in which nothing counts', async () => {
      const key = someone();
      expect(await ask({ expiresAtMs: NOW })).toBe(true);
      // Less when a busy machine is late to ask, none when it is gone.
      expect(Number(server.cli('pttl', key))).toBeLessThanOrEqual(1_000);
    });

    it.each([
      ['of another type', ['lpush', 'x']],
      ['of another size', ['set', 'no log']],
    ] as const)('replace a value %s, as every writer does', async (_, [command, value]) => {
      const key = someone();
      server.cli(command, key, value);
      expect(await ask(once, { seen: null })).toBe(true);
      expect((await log())?.length).toBe(ENTRY_BYTES);
      expect(await ask(once)).toBe(false);
    });

    it('hold no blank in a value of another size, and replace one of another type by it', async () => {
      const hold = () =>
        readOnce(store, newRead({ ...who, wantProfile: false, blanks: blanksFor(1) }));
      server.cli('set', someone(), 'no log');
      expect(await hold()).toMatchObject({ held: false, exposures: null, failed: false });
      server.cli('lpush', someone(), 'x');
      expect(await hold()).toMatchObject({ held: true, exposures: null, failed: false });
      expect((await log())?.length).toBe(ENTRY_BYTES);
    });
  },
);
