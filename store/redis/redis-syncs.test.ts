import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { SYNC_KEEP_MAX_MS } from '../record-ports.ts';
import { noRedisReason, type RedisServer, unixServer } from './redis-server.contract.ts';

const NOW = Date.now();
const ANNA = { cookie: 'anna', exchange: 'big', theirs: 'a' };

describe.skipIf(noRedisReason !== '')(`syncs in Redis${noRedisReason}`, () => {
  let server: RedisServer;
  let url = '';
  beforeAll(async () => {
    ({ server, url } = unixServer());
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('that have ended do not stay while others are put', async () => {
    await using store = await openStore({ url, dir: '' });
    await store.syncs.put('demo', ANNA, NOW + 60_000);
    const [set] = server.cli('keys', 'rk:syncs*').split('\n');
    server.cli('zadd', set!, String(NOW - 1), 'ended/b/big');
    await store.syncs.put('demo', { ...ANNA, theirs: 'c' }, NOW + 60_000);
    expect(server.cli('zrange', set!, '0', '-1').split('\n')).toEqual(['anna/a/big', 'anna/c/big']);
  });

  it('of a cookie stay forgotten as long as the last opt-out asks, when an older one is replayed', async () => {
    await using store = await openStore({ url, dir: '' });
    await store.syncs.forget('demo', 'anna', NOW);
    await store.syncs.forget('demo', 'anna', NOW - 60_000);
    const [set] = server.cli('keys', 'rk:syncs*').split('\n');
    expect(server.cli('zscore', set!, 'anna')).toBe(String(NOW + SYNC_KEEP_MAX_MS));
  });
});
