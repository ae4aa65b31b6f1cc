import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blanksFor } from '../blanks.contract.ts';
import { imp, reserveAt } from '../caps.contract.ts';
import { build } from '../generations.contract.ts';
import { newRead, readOnce } from '../hot-reads.contract.ts';
import { openStore } from '../open-store.ts';
import type { Store } from '../ports.ts';
import { noRedisReason, type RedisServer, unixServer } from './redis-server.contract.ts';

/** More than the default of 8, so that a busy machine is not taken for an outage. */
const HOT_TIMEOUT_MS = 40;
/** What a test machine may add to any time. */
const SLACK_MS = 60;
const NOW = 1_790_000_000_000;
const someone = { shop: 'shop', person: 'anna', nowMs: NOW };

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startMs = performance.now();
  const result = await work();
  return { result, tookMs: performance.now() - startMs };
}

function blockFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

async function untilAvailable(store: Store): Promise<number> {
  return until(async () => store.available());
}

/** What no bid waits for has a connection of its own. */
async function untilAnswering(store: Store): Promise<number> {
  const availableMs = await untilAvailable(store);
  const answering = () =>
    store.ping().then(
      () => true,
      () => false,
    );
  return availableMs + (await until(answering));
}

async function until(isBack: () => Promise<boolean>): Promise<number> {
  const startMs = performance.now();
  while (performance.now() - startMs < 5_000) {
    if (await isBack()) return performance.now() - startMs;
    await sleep(5);
  }
  throw new Error('the store did not come back within 5 s');
}

describe.skipIf(noRedisReason !== '')(`Redis in an outage${noRedisReason}`, () => {
  let server: RedisServer;
  let url = '';
  let store: Store;

  beforeAll(() => {
    ({ server, url } = unixServer());
  });
  beforeEach(async () => {
    await server.kill();
    await server.start();
    store = await openStore({ url, dir: '', hotTimeoutMs: HOT_TIMEOUT_MS });
    await store.ping();
    return () => store[Symbol.asyncDispose]();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('is StoreUnavailable within 2 s when it was down from the start, and works once it is up', async () => {
    await server.kill();
    const { result: cold, tookMs } = await timed(() =>
      openStore({ url, dir: '', hotTimeoutMs: HOT_TIMEOUT_MS }),
    );
    await using _ = cold;
    expect(tookMs).toBeLessThan(2_000);
    expect(cold.available()).toBe(false);
    await expect(cold.ping()).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await expect(cold.marks.get('any')).rejects.toThrow(
      /Redis at .* is away: .*ENOENT|ECONNREFUSED/,
    );
    await server.start();
    expect(await untilAnswering(cold)).toBeLessThan(2_000);
  });

  it('answers a hung server within the command timeout, then at once, then works again', async () => {
    server.signal('SIGSTOP');
    try {
      const first = await timed(() => readOnce(store, newRead({ person: 'anna' })));
      expect(first.result.failed).toBe(true);
      expect(first.tookMs).toBeLessThan(HOT_TIMEOUT_MS + SLACK_MS);
      const ask = await timed(() => reserveAt(store, someone, [imp()]));
      expect(ask.result).toEqual({ granted: [false], failed: true });
      await Promise.all(
        Array.from({ length: 30 }, () => readOnce(store, newRead({ person: 'anna' }))),
      );
      expect(store.available()).toBe(false);
      const refused = await timed(() => readOnce(store, newRead({ person: 'anna' })));
      expect(refused.result.failed).toBe(true);
      expect(refused.tookMs).toBeLessThan(HOT_TIMEOUT_MS / 2);
      await sleep(600);
      expect(store.available()).toBe(false);
    } finally {
      server.signal('SIGCONT');
    }
    expect(await untilAvailable(store)).toBeLessThan(2_000);
    expect((await readOnce(store, newRead({ person: 'anna' }))).failed).toBe(false);
  });

  it.each([
    ['found by an identity', { identities: ['i-anna'], visitor: 'i-anna' }],
    ['known by their id', { person: 'anna' }],
  ])('gives back the blanks of a person %s that a hung server held too late', async (_, finder) => {
    await build(store, { shop: 'shop', generation: 'g1' }, ['anna']);
    const asked = newRead({ ...finder, blanks: blanksFor(1) });
    server.signal('SIGSTOP');
    try {
      expect(await readOnce(store, asked)).toMatchObject({ failed: true, held: false });
      // The read is its owner's again.
      Object.assign(asked, { shop: 'other', person: 'boris', blanks: null });
    } finally {
      server.signal('SIGCONT');
    }
    const stats = () => server.cli('info', 'commandstats');
    await expect.poll(stats).toContain('cmdstat_del:calls=1,');
    expect(server.cli('exists', 'rk:exposures:shop:{anna}')).toBe('0');
  });

  it('says that blanks may lapse when the server dies behind the read', async () => {
    const read = await readOnce(store, newRead({ person: 'anna', blanks: blanksFor(1) }));
    expect(read.held).toBe(true);
    await server.kill();
    let lapsed = 0;
    const bid = imp({ bidKey: read.blanks!.bidKeys[0]! });
    const { blanks, exposures: seen } = read;
    store.caps.reserve({ ...someone, seen, blanks }, [bid], {
      reserved: (granted) => expect(granted).toEqual([true]),
      blanksLapse: () => lapsed++,
    });
    await expect.poll(() => lapsed).toBe(1);
  });

  it('answers a killed server in milliseconds, and works again within 2 s of its return', async () => {
    await server.kill();
    await sleep(20);
    expect(store.available()).toBe(false);
    const read = await timed(() => readOnce(store, newRead({ person: 'anna' })));
    expect(read.result.failed).toBe(true);
    expect(read.tookMs).toBeLessThan(SLACK_MS);
    const money = await timed(() =>
      store.budgets.sweep({ campaign: 'c', period: 'p' }, NOW).catch((error: Error) => error.name),
    );
    expect(money.result).toBe('StoreUnavailable');
    expect(money.tookMs).toBeLessThan(SLACK_MS);
    await sleep(1_000);
    await server.start();
    expect(await untilAnswering(store)).toBeLessThan(2_000);
    expect(await reserveAt(store, someone, [imp()])).toEqual({ granted: [true], failed: false });
  });

  it('takes a busy event loop for no outage: the answer is in the socket', async () => {
    await using quick = await openStore({ url, dir: '', hotTimeoutMs: 8 });
    await quick.ping();
    for (let i = 0; i < 25; i++) {
      const reads = Array.from({ length: 4 }, () => readOnce(quick, newRead({ person: 'anna' })));
      // Once before the command leaves, once after: either way the timer is due before the answer.
      if (i % 2 === 0) blockFor(40);
      setImmediate(() => blockFor(40));
      expect((await Promise.all(reads)).map(({ failed }) => failed)).not.toContain(true);
    }
    expect(quick.available()).toBe(true);
  });

  it('finishes every call that was under way when the server died', async () => {
    const reads = Array.from({ length: 200 }, () => readOnce(store, newRead({ person: 'anna' })));
    server.signal('SIGSTOP');
    reads.push(...Array.from({ length: 200 }, () => readOnce(store, newRead({ person: 'anna' }))));
    await server.kill();
    const done = await timed(() => Promise.all(reads));
    expect(done.result.length).toBe(400);
    expect(done.tookMs).toBeLessThan(200);
  });

  it('takes values of a wrong type or size for absent ones', async () => {
    const generation = 'g1';
    for (const key of [
      'rk:profile:shop:g1:{anna}',
      'rk:live:shop:{anna}',
      'rk:exposures:shop:{anna}',
    ]) {
      server.cli('hset', key, 'a', '1');
    }
    server.cli('set', 'rk:exposures:shop:{boris}', 'not a log');
    server.cli('rpush', 'rk:link:shop:g1:{i-anna}', 'x');
    const anna = await readOnce(store, newRead({ generation, person: 'anna' }));
    expect(anna).toMatchObject({ profile: null, live: null, exposures: null, failed: false });
    const boris = await readOnce(store, newRead({ generation, person: 'boris' }));
    expect(boris).toMatchObject({ exposures: null, failed: false });
    const asked = { generation, identities: ['i-anna'], visitor: 'i-anna' };
    const linked = await readOnce(store, newRead(asked));
    expect(linked).toMatchObject({ person: 'i-anna', matchedIdentity: -1, failed: false });
    for (const person of ['anna', 'boris']) {
      const answer = await reserveAt(store, { ...someone, person }, [imp()]);
      expect(answer).toEqual({ granted: [true], failed: false });
    }
    await store.live.update({ ...someone, keepMs: 1_000 }, (current) => {
      expect(current).toBeNull();
      return Buffer.from('new');
    });
    expect(await store.live.read('shop', 'anna')).toEqual(Buffer.from('new'));
  });

  it('works on when the server has forgotten the scripts', async () => {
    await reserveAt(store, someone, [imp()]);
    server.cli('script', 'flush');
    expect((await reserveAt(store, someone, [imp()])).failed).toBe(false);
  });
});
