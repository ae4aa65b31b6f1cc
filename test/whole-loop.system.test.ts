import { afterAll, describe } from 'vitest';
import {
  noRedisReason,
  noRedisTlsReason,
  type RedisServer,
  tlsServer,
  unixServer,
} from '../store/redis/redis-server.contract.ts';
import { describeWholeLoop } from './whole-loop.contract.ts';

/** Below the ephemeral range. */
const TLS_PORT = 17_641;

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

describe.skipIf(noRedisTlsReason !== '')(`over Redis with TLS${noRedisTlsReason}`, () => {
  let started: RedisServer | null = null;
  afterAll(async () => started?.[Symbol.asyncDispose]());
  describeWholeLoop('Redis with TLS', async () => {
    const { server, url, authority } = tlsServer(TLS_PORT);
    started = server;
    await server.start();
    const env = { REKINDLE_STORE_URL: url, NODE_EXTRA_CA_CERTS: authority };
    return { env, store: /Redis at/ };
  });
});
