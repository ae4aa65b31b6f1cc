/**
 * Promise 9 above capacity: twice as many bid requests as one worker can answer, on the embedded
 * store or on that of REKINDLE_STORE_URL. Anybody can run it again:
 *
 *   node dist/loadtest/overload-main.js [seconds of overload, default 10] [factor, default 2]
 *
 * Server on core 0, client on core 1 where taskset is there. Exits with 5 when a demand is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from './bench.ts';
import { writeLoadDemo } from './load-demo.ts';
import { targetOf } from './load-result.ts';
import { formatOverload, type OverloadRun, runOverload } from './overload.ts';
import { overloadFaults } from './overload-faults.ts';
import { pinnedTo, startService } from './service-process.ts';

const SEED = 42;
const CUSTOMERS = 50_000;
const CAMPAIGNS = 1000;
const BODIES = 30_000;
const EXCHANGE = 'generic';
const WARM_UP = { factor: 0.5, seconds: 1 };
const BREACHED = 5;

const seconds = Number(process.argv[2] ?? 10);
const factor = Number(process.argv[3] ?? 2);
const cores = cpus().length;
const serverCore = pinnedTo(0, cores);
const clientCore = pinnedTo(1, cores);
const dir = mkdtempSync(join(tmpdir(), 'rekindle-overload-'));
try {
  if (clientCore.length > 0) spawnSync('taskset', ['-acp', '1', String(process.pid)]);
  const run = await measure();
  const faults = overloadFaults(run);
  for (const fault of faults) print(`MISSED        ${fault}`);
  if (faults.length > 0) process.exitCode = BREACHED;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function measure(): Promise<OverloadRun> {
  const { cpu, node } = machine();
  print(`${cores} × ${cpu} · node ${node} · seed ${SEED} · ${factor} times the capacity`);
  const env = { ...process.env, REKINDLE_PROCESSES: '1', REKINDLE_WORKERS: '1' };
  const workspace = join(dir, 'workspace');
  process.stderr.write(`writing a demo of ${CUSTOMERS} customers and ${CAMPAIGNS} campaigns\n`);
  const demo = writeLoadDemo(workspace, {
    customers: CUSTOMERS,
    campaigns: CAMPAIGNS,
    seed: SEED,
    env,
  });
  const running = await startService(workspace, env, serverCore);
  try {
    const target = targetOf(`${running.url}/bid/${EXCHANGE}`);
    const bodies = await demo.bodies({ count: BODIES, exchange: EXCHANGE });
    const service = { target, bodies, adminUrl: running.adminUrl };
    await runOverload({ ...service, ...WARM_UP });
    const run = await runOverload({ ...service, factor, seconds });
    print(formatOverload(run));
    return run;
  } finally {
    await running.stop();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
