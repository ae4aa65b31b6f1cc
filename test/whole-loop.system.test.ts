import { afterAll, describe } from 'vitest';
import {
  noRedisReason,
  type RedisServer,
  unixServer,
} from '../store/redis/redis-server.contract.ts';
import { describeWholeLoop } from './whole-loop.contract.ts';

describeWholeLoop('the embedded store', async () => ({ env: {}, store: /LMDB at/ }));

describe.skipIf(noRedisReason !== '')(`over Redis${noRedisReason}`, () => {
  let started: RedisServer | null = null;
  afterAll(async () => started?.[Symbol.asyncDispose]());
  describeWholeLoop('Redis', async () => {
    const { server, url } = unixServer();
    started = server;
    await server.start();
    return { env: { REKINDLE_STORE_URL: url }, store: /Redis at/ };
  });
});
