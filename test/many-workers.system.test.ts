import { existsSync } from 'node:fs';
import { afterAll, describe } from 'vitest';
import {
  noRedisReason,
  type RedisServer,
  unixServer,
} from '../store/redis/redis-server.contract.ts';
import { describeManyWorkers } from './many-workers.contract.ts';

const embedded = async () => '';
const uws = { storeUrl: embedded, backend: 'uWebSockets.js' };
describeManyWorkers('LMDB', { processes: 1, workers: 3, ...uws });
describeManyWorkers('LMDB', { processes: 2, workers: 2, ...uws });

describe.skipIf(noRedisReason !== '')(`over Redis${noRedisReason}`, () => {
  const servers: RedisServer[] = [];
  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });
  const storeUrl = async () => {
    const { server, url } = unixServer();
    servers.push(server);
    await server.start();
    return url;
  };
  describeManyWorkers('Redis', { processes: 1, workers: 3, storeUrl, backend: 'uWebSockets.js' });
  describeManyWorkers('Redis', { processes: 2, workers: 2, storeUrl, backend: 'uWebSockets.js' });
});

// node:http shares a port from Node 22.12 on, and serves where uWebSockets.js has no binary: on 24.
const node = process.env['REKINDLE_TEST_NODE24'] ?? '';
const noNodeReason = existsSync(node) ? '' : ' (skipped: REKINDLE_TEST_NODE24 names no Node 24)';
describe.skipIf(noNodeReason !== '')(`on node:http${noNodeReason}`, () => {
  const shared = { storeUrl: embedded, backend: 'node:http', node };
  describeManyWorkers('LMDB', { processes: 1, workers: 3, ...shared });
  describeManyWorkers('LMDB', { processes: 2, workers: 2, ...shared });
});
