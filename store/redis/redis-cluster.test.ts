import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeBlanks } from '../blanks.contract.ts';
import { describeBlanksLaw } from '../blanks-law.contract.ts';
import { openStore } from '../open-store.ts';
import { describeStore } from '../store.contract.ts';
import { noRedisReason, type RedisServer, startCluster } from './redis-server.contract.ts';

const FIRST_PORT = 17_611;
const wanted = process.env['REKINDLE_TEST_CLUSTER'] === '1' || process.env['CI'] === 'true';
const reason = wanted ? noRedisReason : ' (skipped: set REKINDLE_TEST_CLUSTER=1 to run it)';

describe.skipIf(reason !== '')(`a real cluster of three${reason}`, () => {
  let servers: RedisServer[] = [];
  let url = '';

  beforeAll(async () => {
    ({ servers, url } = await startCluster(FIRST_PORT));
  }, 30_000);
  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  const open = () => openStore({ url, dir: '', hotTimeoutMs: 2_000 });
  describeStore('Redis Cluster', open);
  describeBlanks(open);
  describeBlanksLaw(open);

  it('tells a client for one server to use the cluster URL', async () => {
    await using store = await openStore({ url: `redis://127.0.0.1:${FIRST_PORT}`, dir: '' });
    const marks = Array.from({ length: 20 }, (_, i) => store.marks.set(`m${i}`, 'x'));
    const refusals = (await Promise.allSettled(marks)).filter((one) => one.status === 'rejected');
    expect(refusals[0]?.reason).toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringContaining('use redis+cluster://'),
    });
  });

  it('fails what lies on a dead node in milliseconds, and goes on with the others', async () => {
    await using store = await openStore({ url, dir: '' });
    await servers[1]!.kill();
    await sleep(50);
    const startMs = performance.now();
    const marks = Array.from({ length: 30 }, (_, i) => store.marks.set(`n${i}`, 'x'));
    const failed = (await Promise.allSettled(marks)).filter((one) => one.status === 'rejected');
    expect(performance.now() - startMs).toBeLessThan(600);
    expect(failed.length).toBeGreaterThan(0);
    for (const one of failed) expect(one.reason).toMatchObject({ name: 'StoreUnavailable' });
  });
});
