import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { writeLoadDemo } from './load-demo.ts';
import { targetOf } from './load-result.ts';
import { bidShare, type OverloadOptions, runOverload } from './overload.ts';
import type { startService } from './service-process.ts';

interface Built {
  readonly startService: typeof startService;
  readonly writeLoadDemo: typeof writeLoadDemo;
}

const scratch = mkdtempSync(join(tmpdir(), 'rekindle-overload-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('promise 9: three times its capacity is answered with bids and fast 204s, and ends when it ends', async () => {
  const { startService: start, writeLoadDemo: write } = await built();
  const env = { ...process.env, REKINDLE_PROCESSES: '1', REKINDLE_WORKERS: '1' };
  const dir = join(scratch, 'workspace');
  const demo = write(dir, { customers: 5000, campaigns: 300, seed: 42, env });
  const service = await start(dir, env, []);
  try {
    const load: Omit<OverloadOptions, 'factor' | 'seconds'> = {
      target: targetOf(`${service.url}/bid/generic`),
      bodies: await demo.bodies({ count: 10_000, exchange: 'generic' }),
      adminUrl: service.adminUrl,
    };
    // The compiler of a fresh worker is at work at first, and the capacity grows.
    await runOverload({ ...load, factor: 0.5, seconds: 1 });
    const run = await runOverload({ ...load, factor: 3, seconds: 4 });
    for (const phase of [run.before, run.overload, run.firstSecond, run.after])
      expect(phase).toMatchObject({ errors: 0, non2xx: 0, unsent: 0 });
    expect(run.overloaded).toBeGreaterThan(0);
    expect(run.overload.bids).toBeGreaterThan(0);
    // Neighbours on the machine make a service shed now and then; one that does not recover always does.
    expect(bidShare(run.after)).toBeGreaterThan(bidShare(run.before) / 2);
    expect(await lateShare(service.adminUrl)).toBeLessThan(0.02);
  } finally {
    await service.stop();
  }
});

/** Of the bids that left, those whose deadline had passed. */
async function lateShare(adminUrl: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const margin = (part: string): number =>
    Number(new RegExp(`^rekindle_deadline_margin_seconds_${part} (\\d+)$`, 'm').exec(text)?.[1]);
  return margin('bucket\\{le="0"\\}') / margin('count');
}

/** Starting the service needs the built programs beside it. */
async function built(): Promise<Built> {
  const load = (name: string) => import(pathToFileURL(resolve('dist/loadtest', name)).href);
  return { ...(await load('service-process.js')), ...(await load('load-demo.js')) };
}
