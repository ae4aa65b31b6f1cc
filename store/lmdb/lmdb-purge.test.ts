import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CAP_WINDOW_MAX_MS } from '../../proto/exposure-log.ts';
import { BID_MARK_KEEP_MS } from '../budget-lives.ts';
import { leaseOf } from '../budgets.contract.ts';
import { imp, reserveAt } from '../caps.contract.ts';
import { emptyRead, StoreUnavailable } from '../ports.ts';
import { LmdbBudgets } from './lmdb-budgets.ts';
import { LmdbCaps } from './lmdb-caps.ts';
import { LmdbEnv, type LmdbTable } from './lmdb-env.ts';
import { LmdbGenerations } from './lmdb-generations.ts';
import { LmdbHotReads } from './lmdb-hot-reads.ts';
import { LmdbLiveFacts } from './lmdb-live-facts.ts';
import { LmdbNotices } from './lmdb-notices.ts';
import { LmdbPurge } from './lmdb-purge.ts';
import { LmdbSyncs } from './lmdb-syncs.ts';

const NOW = 1_790_000_000_000;
const root = mkdtempSync(join(tmpdir(), 'rekindle-purge-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let dirs = 0;
function newEnv(fileBytesMax?: number): LmdbEnv {
  dirs++;
  return new LmdbEnv({
    dir: join(root, String(dirs)),
    clock: { nowMs: () => NOW, monotonicMs: () => 0 },
    ...(fileBytesMax !== undefined && { fileBytesMax }),
  });
}

function keysOf(table: LmdbTable): string[] {
  return [...table.getKeys()];
}

describe('the purge of the embedded store', () => {
  it('deletes each kind of record when its life is over, and not before', async () => {
    const env = newEnv();
    const purge = new LmdbPurge(env);
    const who = { shop: 'shop', person: 'anna', nowMs: NOW };
    await new Promise<void>((reserved) => {
      const asked = [imp({ expiresAtMs: NOW + 60_000 })];
      new LmdbCaps(env).reserve(who, asked, { reserved: () => reserved() });
    });
    await new LmdbCaps(env).confirm({ ...who, person: 'boris', campaignKey: 1, bidKey: 1 });
    await new LmdbLiveFacts(env).update({ ...who, keepMs: 60_000 }, () => Buffer.from('x'));
    await new LmdbNotices(env).first('notice', 60_000, NOW);
    const sync = { cookie: 'c', exchange: 'big', theirs: 't' };
    await new LmdbSyncs(env).put('shop', sync, NOW + 60_000);
    const ref = { campaign: 'c', period: 'flight' };
    const budgets = new LmdbBudgets(env);
    await budgets.lease(ref, leaseOf({ leaseId: 'l' }));
    await budgets.settle(ref, { leaseId: 'l', bidId: 'b', nanos: 1, nowMs: NOW });

    const pass = (nowMs: number) => {
      for (let table = 0; table < 5; table++) purge.slice(nowMs);
      return [env.exposures, env.live, env.notices, env.syncs, env.budgets].flatMap(keysOf).length;
    };
    expect(pass(NOW + 59_999)).toBe(8);
    expect(pass(NOW + 60_000)).toBe(4);
    expect(keysOf(env.exposures)).toEqual(['shop/boris']);
    expect(pass(NOW + BID_MARK_KEEP_MS)).toBe(3);
    expect(pass(NOW + CAP_WINDOW_MAX_MS)).toBe(2);
    purge.stop();
    await env.close();
  });

  it('walks a table larger than its slice to the end', async () => {
    const env = newEnv();
    const purge = new LmdbPurge(env);
    const notices = new LmdbNotices(env);
    for (let i = 0; i < 1_200; i++) await notices.first(`n${i}`, i % 2 === 0 ? 10 : 1_000, NOW);
    for (let i = 0; i < 4 * 4; i++) purge.slice(NOW + 100);
    expect(keysOf(env.notices).length).toBe(600);
    purge.stop();
    await env.close();
  });
});

describe('the embedded store', () => {
  it('takes damaged values for absent ones, but fails closed on money', async () => {
    const env = newEnv();
    const junk = Buffer.from('junk!');
    env.exposures.putSync('shop/anna', junk);
    env.live.putSync('shop/anna', junk);
    env.notices.putSync('n', junk);
    env.meta.putSync('serving/shop', junk);
    env.meta.putSync('gen/shop/g1', junk);
    env.budgets.putSync('b|c|flight', junk);
    const read = { ...emptyRead(), shop: 'shop', generation: 'g1', person: 'anna' };
    new LmdbHotReads(env).readPerson(read, { personRead: () => {} });
    expect(read).toMatchObject({ live: null, exposures: null, failed: false });
    const caps = { caps: new LmdbCaps(env) } as unknown as Parameters<typeof reserveAt>[0];
    const answer = await reserveAt(caps, { shop: 'shop', person: 'anna', nowMs: NOW }, [imp()]);
    expect(answer).toEqual({ granted: [true], failed: false });
    expect(await new LmdbNotices(env).first('n', 1_000, NOW)).toBe(true);
    const generations = new LmdbGenerations(env);
    expect(await generations.serving('shop')).toBeNull();
    await expect(generations.flip('shop', 'g1')).rejects.toThrow('not sealed');
    const ref = { campaign: 'c', period: 'flight' };
    await expect(new LmdbBudgets(env).lease(ref, leaseOf())).rejects.toThrow(
      'budget record b|c|flight is damaged',
    );
    await env.close();
  });

  it('refuses to grow past its bound, and says so', async () => {
    const env = newEnv(1_000_000);
    await using writer = await new LmdbGenerations(env).write('shop', 'g1');
    const batch = (from: number) =>
      Array.from({ length: 500 }, (_, i) => ({ person: `p${from + i}`, bytes: Buffer.alloc(400) }));
    const fill = async () => {
      for (let from = 0; from < 20_000; from += 500) await writer.putProfiles(batch(from));
    };
    await expect(fill()).rejects.toThrow(
      /LMDB at .* is full: it holds \d+ bytes of at most 1000000/,
    );
  });

  it('refuses to write while the disk is nearly full, and reads on', async () => {
    let freeBytes = 1e12;
    const env = new LmdbEnv({
      dir: join(root, 'disk'),
      clock: { nowMs: () => NOW, monotonicMs: () => 0 },
      diskFreeBytes: () => freeBytes,
    });
    const put = (value: string) => env.write(() => env.meta.putSync('a', Buffer.from(value)));
    put('before');
    freeBytes = 1e8;
    expect(() => env.assertRoom()).toThrow(/cannot be written: its disk has 100000000 bytes free/);
    expect(() => put('full')).toThrow(StoreUnavailable);
    expect(env.get(env.meta, 'a')?.toString()).toBe('before');
    freeBytes = 1e12;
    put('after');
    freeBytes = 1e8;
    // Looked at again within a bounded number of writes.
    expect(() => {
      for (let i = 0; i < 1_000; i++) put('again');
    }).toThrow(StoreUnavailable);
    await env.close();
  });
});
