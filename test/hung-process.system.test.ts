/** Promise 9 when a process hangs: it may hold a lock that the others wait for, so it is ended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningService } from './running-service.contract.ts';

const ENDED_WITHIN_MS = 6_000;

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.create({ customers: 500, env: { REKINDLE_PROCESSES: '2' } });
  await service.start();
  await service.until('the admin port answers', 5_000, async () => (await pids()).length === 2);
}, 120_000);
afterAll(() => service.remove());

async function pids(): Promise<number[]> {
  const { pids } = (await (await fetch(`${service.admin}/version`)).json()) as {
    pids: number[];
  };
  return pids;
}

describe('promise 9: a bidder process that is stopped', () => {
  it('is ended and started again within seconds, while its sibling serves on', async () => {
    const before = await pids();
    const [stopped, sibling] = before as [number, number];
    process.kill(stopped, 'SIGSTOP');
    const startMs = performance.now();
    await service.until('the stopped process is another one', ENDED_WITHIN_MS, async () => {
      const now = await pids();
      return now.length === 2 && !now.includes(stopped);
    });
    expect(performance.now() - startMs).toBeGreaterThan(2_000);
    expect(await pids()).toContain(sibling);
    expect(await service.counter('rekindle_process_hangs_total')).toBe(1);
    for (let i = 0; i < 20; i++) expect((await fetch(`${service.open}/readyz`)).status).toBe(200);
  });
});
