/** An exchange that is added while the service runs: bids at once, and metrics under its own name. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningService } from './running-service.contract.ts';

const REQUESTS = 'rekindle_requests_total';

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.create({ customers: 300, env: { REKINDLE_WORKERS: '2' } });
  await service.start();
});
afterAll(() => service.remove());

async function ask(exchange: string): Promise<number> {
  const body = service.run('sample', '--json');
  return (await fetch(`${service.open}/bid/${exchange}`, { method: 'POST', body })).status;
}

async function addExchange(exchange: string): Promise<void> {
  const folder = join(service.dir, 'exchanges');
  const generic = readFileSync(join(folder, 'generic.yaml'), 'utf8');
  const named = generic.replace('exchange: generic', `exchange: ${exchange}`);
  writeFileSync(join(folder, `${exchange}.yaml`), named);
  await service.until(`${exchange} is answered`, 10_000, async () => (await ask(exchange)) < 300);
}

const counted = (exchange: string) => service.counter(REQUESTS, { exchange });

it('counts what a new exchange asks under its name, without a restart', async () => {
  await addExchange('nova');
  // The first answers may have come before every thread had the name.
  await service.until('it has its label', 5000, async () => {
    await ask('nova');
    return (await counted('nova')) > 0;
  });
  const before = { nova: await counted('nova'), simex: await counted('simex') };
  for (let i = 0; i < 5; i++) await ask('nova');
  expect(await counted('nova')).toBe(before.nova + 5);
  expect(await counted('simex')).toBe(before.simex);
});

it('keeps every label where it was when a process is started again', async () => {
  const { pids } = (await (await fetch(`${service.admin}/version`)).json()) as { pids: number[] };
  process.kill(pids[0]!, 'SIGKILL');
  // Sorted between those of the start: its place is still the last one.
  await service.until('it is back', 10_000, async () => (await ask('generic')) < 300);
  await addExchange('hera');
  const before = await Promise.all(['generic', 'hera', 'nova', 'simex'].map(counted));
  await ask('generic');
  await ask('nova');
  const after = await Promise.all(['generic', 'hera', 'nova', 'simex'].map(counted));
  expect(after.map((count, i) => count - before[i]!)).toEqual([1, 0, 1, 0]);
});
