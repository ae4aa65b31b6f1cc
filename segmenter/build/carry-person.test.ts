import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../store/open-store.ts';
import {
  noRedisReason,
  type RedisServer,
  unixServer,
} from '../../store/redis/redis-server.contract.ts';
import { describeCarrying } from './carry-person.contract.ts';

describe('LMDB', () => {
  const dir = mkdtempSync(join(tmpdir(), 'rekindle-carry-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  describeCarrying(() => openStore({ url: '', dir }));
});

describe.skipIf(noRedisReason !== '')(`a real redis-server${noRedisReason}`, () => {
  let server: RedisServer;
  let url = '';

  beforeAll(async () => {
    ({ server, url } = unixServer());
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  describeCarrying(() => openStore({ url, dir: '', hotTimeoutMs: 2_000 }));
});
