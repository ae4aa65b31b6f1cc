import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BLANK, campaignKey, EXPOSURE_BYTES } from '../proto/exposure-log.ts';
import { f64At, u32At } from '../proto/little-endian.ts';
import { BLANKS_MAX, emptyRead, type PersonRead, type Store } from '../store/ports.ts';
import {
  noRedisReason,
  type RedisServer,
  unixServer,
} from '../store/redis/redis-server.contract.ts';
import { campaign, DAY_MS, NOW_MS, SHOP, snapshotOf } from './auction/shop.contract.ts';
import type { Snapshot } from './auction/snapshot.ts';
import type { StoreOp } from './bid-metrics.ts';
import { type Answer, type Bench, bidRequest, openBench, settled } from './bidder.contract.ts';

/** Of rekindle_store_op_duration_seconds, the unbounded one included. */
const OP_BUCKETS = 13;
const ONCE = { scope: 'campaign', impsMax: 1, windowMs: DAY_MS } as const;
const capped = (name: string, impsMax: number) => campaign(name, { caps: [{ ...ONCE, impsMax }] });
const banner = (id: string, more: object = {}) => ({ id, banner: { w: 300, h: 250 }, ...more });

describe.skipIf(noRedisReason !== '')(
  `promise 2: blanks of bids over a real redis-server${noRedisReason}`,
  () => {
    let server: RedisServer;
    let url = '';
    beforeAll(async () => {
      ({ server, url } = unixServer());
      await server.start();
    });
    beforeEach(() => {
      server.cli('flushall');
      server.cli('config', 'resetstat');
    });
    afterAll(() => server[Symbol.asyncDispose]());

    const open = (snapshot: Snapshot, options: Parameters<typeof openBench>[1] = {}) =>
      openBench(snapshot, { url, deadlineMs: 150, ...options });

    /** Anna's log, once everything sent so far has arrived. */
    async function entries(bench: Bench): Promise<{ campaignKey: number; atMs: number }[]> {
      await bench.store.ping();
      const read: PersonRead = { ...emptyRead(), shop: SHOP, person: bench.person('anna') };
      const log = await new Promise<Uint8Array>((resolve) => {
        bench.store.hot.readPerson(read, {
          personRead: (done) => resolve(Uint8Array.from(done.exposures ?? [])),
        });
      });
      return Array.from({ length: log.length / EXPOSURE_BYTES }, (_, i) => {
        const at = i * EXPOSURE_BYTES;
        return { campaignKey: u32At(log, at), atMs: f64At(log, at + 8) };
      });
    }

    const log = async (bench: Bench): Promise<number[]> =>
      (await entries(bench)).map(({ campaignKey: key }) => key);
    /** How many of an operation of the store requests have waited for: it may be in any bucket. */
    function waitedFor({ metrics }: Bench, op: StoreOp): number {
      const first = metrics.slot('rekindle_store_op_duration_seconds', op);
      const buckets = metrics.snapshot().slice(first, first + OP_BUCKETS);
      return buckets.reduce((sum, count) => sum + count, 0);
    }

    const keysOf = (...names: string[]) => names.map((name) => campaignKey(SHOP, name));
    const ask = (bench: Bench, more: object = {}, imp: object = {}): Promise<Answer> =>
      settled(bench.post(bidRequest('anna', more, imp)));

    it('are filled in by the bid, which leaves as soon as the person is read', async () => {
      const onceRead: number[] = [];
      const answer: { current: Answer | null } = { current: null };
      const watched = (real: Store): Store => ({
        ...real,
        available: () => true,
        hot: {
          holdsBlanks: true,
          worthRemembering: false,
          readPerson: (read, receiver) =>
            real.hot.readPerson(read, {
              personRead: (done) => {
                receiver.personRead(done);
                onceRead.push(answer.current!.status);
              },
            }),
        },
      });
      await using bench = await open(snapshotOf([capped('a', 2)]), { store: watched });
      answer.current = bench.post(bidRequest('anna'));
      await settled(answer.current);
      expect(onceRead).toEqual([200]);
      expect(await log(bench)).toEqual(keysOf('a'));
      expect([waitedFor(bench, 'read-person'), waitedFor(bench, 'reserve-caps')]).toEqual([1, 0]);
    });

    it('keep caps exact for many requests in one moment, and none stays', async () => {
      await using bench = await open(snapshotOf([capped('a', 3)]));
      for (let round = 0; round < 2; round++) {
        const answers = await Promise.all(Array.from({ length: 20 }, () => ask(bench)));
        const bids = answers.filter(({ status }) => status === 200).length;
        expect(bids).toBe(round === 0 ? 3 : 0);
      }
      expect(await log(bench)).toEqual(keysOf('a', 'a', 'a'));
      expect(bench.errors).toEqual([]);
    });

    it('are returned when nothing is bid, or something without a cap', async () => {
      await using bench = await open(snapshotOf([capped('a', 1), campaign('open')]));
      expect((await ask(bench, {}, { bidfloor: 900 })).status).toBe(204);
      expect(await log(bench)).toEqual([]);
      expect((await ask(bench)).status).toBe(200);
      expect((await ask(bench)).status).toBe(200);
      expect(await log(bench)).toEqual(keysOf('a'));
    });

    it('are as many as the request has imps', async () => {
      await using bench = await open(snapshotOf([capped('a', 1), capped('b', 1)]));
      const imp = Array.from({ length: BLANKS_MAX }, (_, i) => banner(String(i)));
      const { seatbid } = JSON.parse((await ask(bench, { imp })).body);
      expect(seatbid[0].bid.map(({ cid }: { cid: string }) => cid)).toEqual(['a', 'b']);
      expect((await log(bench)).sort()).toEqual(keysOf('a', 'b').sort());
    });

    it('are not held for more imps, or for a test, which are answered all the same', async () => {
      const wanted: unknown[] = [];
      const watched = (real: Store): Store => ({
        ...real,
        hot: {
          holdsBlanks: true,
          worthRemembering: false,
          readPerson: (read, receiver) => {
            wanted.push(read.blanks);
            real.hot.readPerson(read, receiver);
          },
        },
      });
      await using bench = await open(snapshotOf([capped('a', 1)]), { store: watched });
      expect((await ask(bench, { test: 1 })).status).toBe(200);
      const imp = Array.from({ length: BLANKS_MAX + 1 }, (_, i) => banner(String(i)));
      expect((await ask(bench, { imp })).status).toBe(200);
      expect(wanted).toEqual([null, null]);
      expect(await log(bench)).toEqual(keysOf('a'));
    });

    it('live as long as the longest bid that they may become', async () => {
      await using bench = await open(snapshotOf([capped('a', 1)]), {
        store: (real) => ({
          ...real,
          caps: {
            // Nothing becomes of them.
            reserve: (_, reservations, receiver) => {
              const granted = reservations.map(() => false);
              receiver.reserved(granted, false);
              receiver.blanksLapse?.();
            },
            confirm: (subject) => real.caps.confirm(subject),
            release: (subject) => real.caps.release(subject),
          },
        }),
      });
      const imp = [banner('1', { exp: 10 }), banner('2', { exp: 60 })];
      expect((await ask(bench, { imp })).status).toBe(204);
      const atMs = NOW_MS + 60_000;
      const blank = { campaignKey: BLANK, atMs };
      expect(await entries(bench)).toEqual([blank, blank]);
      const { metrics } = bench;
      expect(metrics.snapshot()[metrics.slot('rekindle_blanks_lapsed_total')]).toBe(1);
    });

    it('are returned by an answer of the store that comes after the request’s own', async () => {
      const late: (() => void)[] = [];
      const slow = (real: Store): Store => ({
        ...real,
        hot: {
          holdsBlanks: true,
          worthRemembering: false,
          readPerson: (read, receiver) => {
            const ask = () => real.hot.readPerson(read, receiver);
            if (late.length > 0) ask();
            else late.push(ask);
          },
        },
      });
      await using bench = await open(snapshotOf([capped('a', 1)]), { store: slow, deadlineMs: 20 });
      expect((await ask(bench)).status).toBe(204);
      late[0]!();
      await expect.poll(() => server.cli('info', 'commandstats')).toContain('cmdstat_del:calls=1,');
      expect(await log(bench)).toEqual([]);
    });
  },
);
