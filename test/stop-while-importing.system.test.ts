/** A stop while an upload is imported and a rebuild waits for it: in time, and nothing of either is lost. */
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RunningService } from './running-service.contract.ts';

/** Jobs may take 2 s to end; a stop that is not in order is cut off after 15. */
const STOP_MS = 6000;
const ROWS = 20_000;

function orders(): string {
  const rows = Array.from({ length: ROWS }, (_, i) => `${i},2026-07-01 10:15:00,u${i},9,PAID`);
  return ['id,create_date_time,client_uniq_id,revenue,order_status', ...rows, ''].join('\n');
}

/** The process that imports for this service, or undefined. */
function importOf(service: number): number | undefined {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => {
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return Number(parent) === service && /job-main\.js\0import/.test(command);
    } catch {
      // It ended meanwhile.
      return false;
    }
  });
}

it('ends in time, and does both when it starts again', async () => {
  const service = await RunningService.create({ customers: 300 });
  try {
    await service.start();
    const url = `${service.admin}/crm/demo`;
    const sent = await fetch(`${url}/data/simple_orders`, { method: 'POST', body: orders() });
    expect(sent.status).toBe(200);
    const { uploading } = (await sent.json()) as { uploading: { id: number } };
    let job: number | undefined;
    await service.until('the import runs', 10_000, async () => {
      job = importOf(service.pid);
      return job !== undefined;
    });
    // An import that takes as long as it likes.
    process.kill(job!, 'SIGSTOP');
    const rules = join(service.dir, 'shops', 'demo', 'segments');
    appendFileSync(join(rules, readdirSync(rules)[0]!), '# looked at\n');
    // The service looks at its settings every 2 s.
    await sleep(2500);
    const startMs = performance.now();
    expect(await service.stop(), service.printed).toBe(0);
    expect(performance.now() - startMs).toBeLessThan(STOP_MS);
    process.kill(job!, 'SIGCONT');
    await service.start();
    await service.until('the upload is in', 60_000, async () => {
      const shown = await (await fetch(`${url}/uploading/${uploading.id}`)).json();
      return (shown as { uploading: { status: string } }).uploading.status === 'PROCESSED';
    });
    await service.until(
      'the segments are made of it',
      60_000,
      async () => (await service.counter('rekindle_rebuilds_total', { result: 'published' })) > 0,
    );
  } finally {
    await service.remove();
  }
});
