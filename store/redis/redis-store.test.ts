import { afterAll, beforeAll, describe } from 'vitest';
import { describeBlanks } from '../blanks.contract.ts';
import { describeBlanksLaw } from '../blanks-law.contract.ts';
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
  const open = () => openStore({ url, dir: '', hotTimeoutMs: 2_000 });
  describeStore('Redis', open);
  describeBlanks(open);
  describeBlanksLaw(open);
});
