import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../open-store.ts';
import { describeStore } from '../store.contract.ts';
import { noRedisReason, type RedisServer, unixServer } from './redis-server.contract.ts';

describe.skipIf(noRedisReason !== '')(`a real redis-server${noRedisReason}`, () => {
  let server: RedisServer;
  let url = '';

  beforeAll(async () => {
    ({ server, url } = unixServer());
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  // What is tested here is right or wrong, however slow a busy machine is.
  describeStore('Redis', () => openStore({ url, dir: '', hotTimeoutMs: 2_000 }));
});
