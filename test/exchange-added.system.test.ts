/** An exchange that is added while the service runs: bids at once, and metrics under its own name. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Once they stand still: an answer is counted behind its back. */
async function settled(...exchanges: readonly string[]): Promise<number[]> {
  for (let before = ''; ; await sleep(50)) {
    const counts = await Promise.all(exchanges.map(counted));
    if (String(counts) === before) return counts;
    before = String(counts);
  }
}

it('counts what a new exchange asks under its name, without a restart', async () => {
  await addExchange('nova');
  // The first answers may have come before every thread had the name.
  await service.until('it has its label', 5000, async () => {
    await ask('nova');
    return (await counted('nova')) > 0;
  });
  const [nova, simex] = await settled('nova', 'simex');
  for (let i = 0; i < 5; i++) await ask('nova');
  expect(await settled('nova', 'simex')).toEqual([nova! + 5, simex]);
});

it('bids through the click counter of an exchange whose file only names its profile', async () => {
  writeFileSync(join(service.dir, 'exchanges/ada.yaml'), 'exchange: ada\nprofile: xandr\n');
  await service.until('ada is answered', 10_000, async () => (await ask('ada')) < 300);
  await service.until('it is bid on', 10_000, async () => {
    const body = service.run('sample', '--json');
    const answer = await fetch(`${service.open}/bid/ada`, { method: 'POST', body });
    return (await answer.text()).includes('href=\\"${CLICK_URL}http');
  });
});

it('keeps every label where it was when a process is started again', async () => {
  const { pids } = (await (await fetch(`${service.admin}/version`)).json()) as { pids: number[] };
  process.kill(pids[0]!, 'SIGKILL');
  // Sorted between those of the start: its place is still the last one.
  await service.until('it is back', 10_000, async () => (await ask('generic')) < 300);
  await addExchange('hera');
  const before = await settled('generic', 'hera', 'nova', 'simex');
  await ask('generic');
  await ask('nova');
  const after = await settled('generic', 'hera', 'nova', 'simex');
  expect(after.map((count, i) => count - before[i]!)).toEqual([1, 0, 1, 0]);
});
