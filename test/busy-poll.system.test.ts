/** REKINDLE_BUSY_POLL as an SRE sets it: the worker stays awake while requests come, and says what is left of it. */
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpuMsOf, processTree } from '../loadtest/cpu-usage.ts';
import { RunningService } from './running-service.contract.ts';

const REST = 'rekindle_worker_rest_seconds_total';
const DURING_MS = 3000;

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.create({ customers: 300, env: { REKINDLE_BUSY_POLL: '10ms' } });
  await service.start();
}, 120_000);
afterAll(() => service?.remove());

/** Shares of DURING_MS that the service used of a CPU, and that its worker had nothing to do. */
async function sharesDuring(load: () => Promise<unknown>) {
  const pids = processTree(process.pid).filter((pid) => pid !== process.pid);
  const [restS, cpuMs] = [await service.counter(REST), cpuMsOf(pids)];
  const untilMs = performance.now() + DURING_MS;
  while (performance.now() < untilMs) await load();
  const usedMs = cpuMsOf(pids) - cpuMs;
  const restedMs = ((await service.counter(REST)) - restS) * 1000;
  return { cpu: usedMs / DURING_MS, rest: restedMs / DURING_MS };
}

it('polls while requests come, and sleeps when none do', async () => {
  const request = () => fetch(`${service.open}/bid/generic`, { method: 'POST', body: '{}' });
  const busy = await sharesDuring(request);
  const quiet = await sharesDuring(() => new Promise((resolve) => setTimeout(resolve, 50)));
  expect(busy.cpu).toBeGreaterThan(2 * quiet.cpu + 0.3);
  expect(busy.rest).toBeGreaterThan(0.25);
  expect(quiet.rest).toBeGreaterThan(0.5);
});

it('is warned of at start where workers take every core', async () => {
  const env = { REKINDLE_BUSY_POLL: '10ms', REKINDLE_WORKERS: String(availableParallelism()) };
  const crowded = await RunningService.create({ customers: 300, env });
  try {
    await crowded.start();
    await crowded.until('the warning', 5000, async () =>
      /! busy polling .* poll.* for 10 ms, \d+ cores: whatever else runs here/.test(
        crowded.printed,
      ),
    );
  } finally {
    await crowded.remove();
  }
});
