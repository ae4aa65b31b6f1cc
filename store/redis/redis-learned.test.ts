import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { noRedisReason, type RedisServer, unixServer } from './redis-server.contract.ts';

const NOW_MS = 1_790_000_000_000;
const REF = { exchange: 'big', kind: 'audit' };
const ONE = { ...REF, name: 'banner', keepMs: 60_000, nowMs: NOW_MS };
const KEY = 'rk:learned:{big}:audit';

describe.skipIf(noRedisReason !== '')(`learned records in Redis${noRedisReason}`, () => {
  let server: RedisServer;
  let url = '';
  beforeAll(async () => {
    ({ server, url } = unixServer());
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('of another type are none, and replaced', async () => {
    await using store = await openStore({ url, dir: '' });
    server.cli('set', KEY, 'x');
    expect((await store.learned.list(REF, NOW_MS)).size).toBe(0);
    expect(await store.learned.read(ONE, NOW_MS)).toBeNull();
    await store.learned.update(ONE, () => Buffer.from('one'));
    expect(server.cli('hget', KEY, 'banner')).toBe(`${NOW_MS + 60_000} one`);
  });

  it('without an end are removed, and ended ones do not stay while others are written', async () => {
    await using store = await openStore({ url, dir: '' });
    server.cli('hset', KEY, 'strange', 'no end', 'ended', `${NOW_MS} x`);
    await store.learned.update(ONE, () => Buffer.from('two'));
    expect([...(await store.learned.list(REF, NOW_MS)).keys()]).toEqual(['banner']);
    expect(server.cli('hkeys', KEY)).toBe('banner');
  });

  it('live as long as the one that lives longest', async () => {
    await using store = await openStore({ url, dir: '' });
    await store.learned.update({ ...ONE, name: 'long', keepMs: 600_000 }, () => Buffer.from('l'));
    await store.learned.update(ONE, () => Buffer.from('s'));
    expect(Number(server.cli('pttl', KEY))).toBeGreaterThan(500_000);
  });
});
