import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { seededRandom } from '../platform/seeded-random.ts';
import type { writeLoadDemo } from './load-demo.ts';
import { type OpenLoopResult, requestsTo, targetOf } from './load-result.ts';
import { runOpenLoop } from './open-loop.ts';
import type { startRedis, startService } from './service-process.ts';
import { STORE_STOP_SECONDS, stopStoreDuring, storeStopFaults } from './store-stop.ts';

interface Built {
  readonly startRedis: typeof startRedis;
  readonly startService: typeof startService;
  readonly writeLoadDemo: typeof writeLoadDemo;
}

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
const why = hasRedis ? '' : ' (skipped: redis-server is not on PATH)';
const scratch = mkdtempSync(join(tmpdir(), 'rekindle-stop-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it.skipIf(!hasRedis)(
  `promise 9: while Redis stands still for a second all is answered in time${why}`,
  async () => {
    const { startService: start, startRedis: startStore, writeLoadDemo: write } = await built();
    const redis = (await startStore(scratch, []))!;
    const env = { ...process.env, REKINDLE_PROCESSES: '1', REKINDLE_WORKERS: '1' };
    const dir = join(scratch, 'workspace');
    const demo = write(dir, { customers: 5000, campaigns: 300, seed: 42, env });
    const service = await start(dir, { ...env, REKINDLE_STORE_URL: redis.url }, []);
    try {
      const target = targetOf(`${service.url}/bid/generic`);
      const bodies = await demo.bodies({ count: 5000, exchange: 'generic' });
      const requests = requestsTo(target, bodies);
      // If each waited for the store, eight connections would carry 1,000 a second, and a queue grow.
      const load = () =>
        runOpenLoop({
          target,
          requests,
          connections: 8,
          ratePerSecond: 1500,
          seconds: STORE_STOP_SECONDS,
          timeoutMs: 2000,
          random: seededRandom(42),
        });
      await load();
      const runs: OpenLoopResult[] = [];
      for (let i = 0; i < 3; i++) runs.push(await stopStoreDuring(redis.pid, load));
      expect(storeStopFaults(runs)).toEqual([]);
      for (const { bids, noBids } of runs) {
        expect(noBids).toBeGreaterThan(1000);
        expect(bids).toBeGreaterThan(1000);
      }
    } finally {
      await service.stop();
      await redis.stop();
    }
  },
);

/** Starting the service needs the built programs beside it. */
async function built(): Promise<Built> {
  const load = (name: string) => import(pathToFileURL(resolve('dist/loadtest', name)).href);
  return { ...(await load('service-process.js')), ...(await load('load-demo.js')) };
}
