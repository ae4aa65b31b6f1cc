import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { segmentName } from '../platform/append-log-format.ts';
import { openStore } from '../store/open-store.ts';
import { type Store, StoreUnavailable } from '../store/ports.ts';
import { removeAppliedLogs, replayLogs } from './replay-log.ts';
import { openRig, type Rig, reserveBid, until } from './tracker-rig.contract.ts';

const FIRST = segmentName('p0w0', 1);
const counted = (rig: Rig, kind: string): number =>
  rig.count('rekindle_notices_applied_total', kind, 'counted');

/** The bids' whole life and two shop events. */
async function callAll(rig: Rig): Promise<void> {
  await rig.get(rig.notice('n', {}, '&p=1.5'));
  for (let i = 0; i < 3; i++) await rig.get(rig.notice('b', {}, '&p=1.5'));
  await rig.get(rig.notice('i'));
  await rig.get(rig.notice('b', { bidId: 'bid2' }, '&p=1'));
  await rig.get(rig.notice('l', { bidId: 'bid3' }, '&c=102'));
  await rig.post({ event: 'view', ids: { customer: 'anna' }, item: 'sku-1' });
}

const PARTS = ['budgets', 'caps', 'live', 'notices', 'marks'];

/** These parts of the store do not answer until `back` is called. */
function storeAway(parts = PARTS): { wrap: (store: Store) => Store; back: () => void } {
  let away = true;
  const wrap = (store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (name === 'available') return () => !away || !parts.includes('marks');
        if (!away || !parts.includes(String(name))) {
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return new Proxy({}, { get: () => () => Promise.reject(new StoreUnavailable('away')) });
      },
    });
  return {
    wrap,
    back: () => {
      away = false;
    },
  };
}

describe('promise 4: what is acknowledged is never lost, what comes twice counts once: replay', () => {
  it('of events that the store has, counts nothing twice', async () => {
    const rig = await openRig();
    await reserveBid(rig.store);
    await callAll(rig);
    await until(() => rig.tracker.settled());
    const before = await rig.budget();
    expect(before.settledNanos).toBe(1_350_000 + 900_000);
    await rig.crash();
    await using again = await openRig({ dir: rig.dir });
    // As if no mark had been written before the crash.
    await again.store.marks.set(`event-log/${FIRST}`, '0');
    expect(await again.tracker.replay()).toMatchObject({ segments: 1, events: 8, damaged: [] });
    expect(await again.budget()).toEqual(before);
    for (const kind of ['win', 'billing', 'loss', 'impression'])
      expect(counted(again, kind)).toBe(0);
    expect(again.count('rekindle_spend_micros_total', 'alpha')).toBe(0);
    expect(await again.tracker.replay()).toMatchObject({ segments: 0, events: 0 });
  });

  it('of events acknowledged while the store was away, counts each once', async () => {
    const away = storeAway();
    const rig = await openRig({ wrap: away.wrap });
    await callAll(rig);
    expect(rig.count('rekindle_notices_total', 'billing', 'logged')).toBe(4);
    await rig.crash();
    await using again = await openRig({ dir: rig.dir });
    await reserveBid(again.store);
    await again.tracker.replay();
    expect((await again.budget()).settledNanos).toBe(1_350_000 + 900_000);
    expect(counted(again, 'billing')).toBe(2);
    expect(counted(again, 'loss')).toBe(1);
  });

  it('is not cut short by a mark past an event that the store has not taken', async () => {
    const away = storeAway(['budgets']);
    const rig = await openRig({ wrap: away.wrap });
    await callAll(rig);
    await until(() => rig.count('rekindle_event_apply_faults_total', 'store_away') > 0);
    for (let i = 0; i < 4; i++) await rig.tracker.mark();
    await rig.crash();
    await using again = await openRig({ dir: rig.dir });
    await reserveBid(again.store);
    // The first is a win notice, which needs no budget: a mark may be past it.
    expect((await again.tracker.replay()).events).toBeGreaterThanOrEqual(7);
    expect((await again.budget()).settledNanos).toBe(1_350_000 + 900_000);
  });

  it('starts where the mark says, and a drained tracker leaves nothing to replay', async () => {
    const rig = await openRig();
    await reserveBid(rig.store);
    await callAll(rig);
    await until(() => rig.tracker.settled());
    await rig.tracker.mark();
    await rig.tracker.mark();
    const { size } = await stat(join(rig.dir, 'events', FIRST));
    expect(await rig.store.marks.get(`event-log/${FIRST}`)).toBe(String(size));
    await rig.crash();
    await using again = await openRig({ dir: rig.dir });
    expect(await again.tracker.replay()).toMatchObject({ segments: 0, events: 0 });
  });

  it('the queue waits for the store and then counts everything once', async () => {
    const away = storeAway();
    await using rig = await openRig({ wrap: away.wrap });
    await rig.get(rig.notice('b', { bidId: 'early' }));
    await callAll(rig);
    await reserveBidBehind(rig, away.back);
    await until(() => rig.tracker.settled());
    expect((await rig.budget()).settledNanos).toBe(1_350_000 + 900_000 + 1_800_000);
    expect(rig.count('rekindle_event_apply_faults_total', 'store_away')).toBeGreaterThan(0);
    expect(rig.errors).toEqual([]);
  });

  it('past the queue’s bound, the log brings back what the queue forgot', async () => {
    const away = storeAway();
    await using rig = await openRig({ wrap: away.wrap, eventsMax: 2 });
    await callAll(rig);
    expect(rig.count('rekindle_event_apply_faults_total', 'deferred')).toBeGreaterThan(3);
    await reserveBidBehind(rig, away.back);
    await until(async () => (await rig.budget()).settledNanos === 1_350_000 + 900_000);
    await until(() => counted(rig, 'loss') === 1);
    expect(counted(rig, 'billing')).toBe(2);
  });

  it('reads up to damage, names it, and goes on with the next segment', async () => {
    const rig = await openRig();
    await reserveBid(rig.store);
    await callAll(rig);
    await rig.crash();
    const file = join(rig.dir, 'events', FIRST);
    const bytes = await readFile(file);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(file, bytes);
    await using again = await openRig({ dir: rig.dir });
    await again.store.marks.set(`event-log/${FIRST}`, '0');
    const report = await again.tracker.replay();
    expect(report.damaged).toMatchObject([{ file, name: 'LogDamaged' }]);
    expect(report.damaged[0]!.offset).toBeGreaterThan(16);
    expect(again.errors).toHaveLength(1);
  });

  it('after a power cut passes over the unsynced end of a writer’s newest segment, once and for all', async () => {
    const rig = await openRig();
    await callAll(rig);
    await rig.crash();
    const dir = join(rig.dir, 'events');
    const bytes = await readFile(join(dir, FIRST));
    bytes[bytes.length >> 1]! ^= 1;
    for (const name of [FIRST, segmentName('p0w0', 2), segmentName('p0w1', 1)])
      await writeFile(join(dir, name), bytes);
    await using store = await openStore({ url: '', dir: join(rig.dir, 'other') });
    const deps = { dir, marks: store.marks, apply: async () => {} };
    const damaged = async (afterPowerCut: boolean) =>
      (await replayLogs({ ...deps, afterPowerCut })).damaged.map(({ file }) => basename(file));
    expect((await damaged(false)).length).toBe(3);
    expect((await damaged(true)).length).toBe(3);
    expect(await damaged(false)).toEqual([FIRST]);
    await rm(rig.dir, { recursive: true });
  });

  it('only old segments that are applied to the end may be removed, and never the open one', async () => {
    const rig = await openRig();
    await callAll(rig);
    await until(() => rig.tracker.settled());
    await rig.crash();
    await using again = await openRig({ dir: rig.dir });
    const dir = join(again.dir, 'events');
    const remove = (beforeMs: number) =>
      removeAppliedLogs({ dir, marks: again.store.marks }, beforeMs);
    await again.store.marks.set(`event-log/${FIRST}`, '16');
    expect(await remove(Number.MAX_VALUE)).toEqual([]);
    await again.tracker.replay();
    expect(await remove(1000)).toEqual([]);
    expect(await remove(Number.MAX_VALUE)).toEqual([FIRST]);
    expect(await readdir(dir)).toEqual([segmentName('p0w0', 2)]);
  });
});

/** The bid had its money before the store went away. */
async function reserveBidBehind(rig: Rig, back: () => void): Promise<void> {
  back();
  await reserveBid(rig.store);
}
