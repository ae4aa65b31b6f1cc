import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { BusyPoll } from './busy-poll.ts';

const POLL_MS = 300;

// The loop of all tests is one.
afterEach(() => sleep(POLL_MS));

/** How long the loop slept during the next 60 ms. */
async function sleptMs(): Promise<number> {
  const before = performance.nodeTiming.idleTime;
  await sleep(60);
  return performance.nodeTiming.idleTime - before;
}

it('keeps the loop awake after a request that came soon after another, then lets it sleep', async () => {
  const busyPoll = new BusyPoll(POLL_MS);
  const nowMs = performance.now();
  busyPoll.came(nowMs - POLL_MS / 2);
  busyPoll.came(nowMs);
  expect(await sleptMs()).toBe(0);
  await sleep(POLL_MS);
  expect(await sleptMs()).toBeGreaterThan(0);
  busyPoll.came(performance.now());
  expect(await sleptMs()).toBeGreaterThan(0);
});

it('stays awake for as long as requests go on', async () => {
  const busyPoll = new BusyPoll(POLL_MS);
  const timer = setInterval(() => busyPoll.came(performance.now()), 20);
  await sleep(2 * POLL_MS);
  expect(await sleptMs()).toBe(0);
  clearInterval(timer);
});

it('lets a loop sleep whose requests are further apart, and any loop when it is off', async () => {
  const busyPoll = new BusyPoll(POLL_MS);
  const off = new BusyPoll(0);
  const nowMs = performance.now();
  busyPoll.came(nowMs - POLL_MS);
  for (const one of [busyPoll, off, off]) one.came(nowMs);
  expect(await sleptMs()).toBeGreaterThan(0);
});

// Real time on a shared machine: what it takes away looks like work.
it('counts as rest what it polled without finding work, and no work', { retry: 3 }, async () => {
  const busyPoll = new BusyPoll(POLL_MS);
  const restedMs = async (during: () => Promise<unknown>): Promise<number> => {
    const before = busyPoll.restMs();
    await during();
    return busyPoll.restMs() - before;
  };
  const nowMs = performance.now();
  busyPoll.came(nowMs);
  busyPoll.came(nowMs);
  expect(await restedMs(() => sleep(60))).toBeGreaterThan(20);
  const worked = await restedMs(async () => {
    const untilMs = performance.now() + 30;
    while (performance.now() < untilMs);
    await new Promise((resolve) => setImmediate(resolve));
  });
  expect(worked).toBeLessThan(1);
});
