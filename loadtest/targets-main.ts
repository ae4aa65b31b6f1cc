/**
 * The speed promise as a benchmark that anybody can run again: a demo of 200,000 persons and 1,000
 * campaigns, one worker, on the embedded store and on Redis, beside a bare echo in the same run.
 *
 *   node dist/loadtest/targets-main.js [seconds per window, default 1]
 *
 * Server on core 0, client on core 1 where taskset is there; the one worker polls instead of sleeping
 * between requests (REKINDLE_BUSY_POLL). Exits with 5 when a target is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from './bench.ts';
import { measureDecisionCost } from './decision-cost.ts';
import { writeLoadDemo } from './load-demo.ts';
import { measureStore } from './measure-store.ts';
import { measureScale } from './scale.ts';
import { pinnedTo, startRedis } from './service-process.ts';
import {
  decisionRows,
  formatMeasurement,
  formatRows,
  scaleRows,
  type TargetRow,
  targetRows,
} from './targets.ts';

const SEED = 42;
const CUSTOMERS = 200_000;
const CAMPAIGNS = 1000;
const EXCHANGE = 'generic';
const DECISION = { campaigns: [500, 2000], requests: 2000 } as const;
const BREACHED = 5;
/** The one worker has a core of its own; REKINDLE_BUSY_POLL= without a value measures it asleep. */
const BUSY_POLL = process.env['REKINDLE_BUSY_POLL'] ?? '1ms';

const windowSeconds = Number(process.argv[2] ?? 1);
const cores = cpus().length;
const serverCore = pinnedTo(0, cores);
const clientCore = pinnedTo(1, cores);
const dir = mkdtempSync(join(tmpdir(), 'rekindle-targets-'));
try {
  const rows = await measureAll();
  if (!rows.every(({ reached }) => reached)) process.exitCode = BREACHED;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function measureAll(): Promise<TargetRow[]> {
  const { cpu, node } = machine();
  const pinning = serverCore.length > 0 ? 'server on core 0, client on core 1' : 'not pinned';
  const polling = BUSY_POLL === '' ? 'asleep between requests' : `busy polling for ${BUSY_POLL}`;
  print(
    `${cores} × ${cpu} · node ${node} · seed ${SEED} · ${pinning} · ${polling} · windows of ${windowSeconds} s`,
  );
  const env = { ...process.env, REKINDLE_BUSY_POLL: BUSY_POLL };
  const workspace = join(dir, 'workspace');
  tell(`writing a demo of ${CUSTOMERS} customers and ${CAMPAIGNS} campaigns`);
  const demo = writeLoadDemo(workspace, {
    customers: CUSTOMERS,
    campaigns: CAMPAIGNS,
    seed: SEED,
    env,
  });
  tell('one worker and two: importing, building segments, starting');
  const shared = { workspace, demo, env, exchange: EXCHANGE, windowSeconds };
  const rows = scaleRows(await measureScale(shared));
  tell(`the decision alone at ${DECISION.campaigns.join(' and ')} campaigns`);
  rows.push(...decisionRows(await measureDecisionCost({ dir, seed: SEED, env, ...DECISION })));
  print(`on its own\n${formatRows(rows)}`);

  pinSelf();
  const common = { ...shared, seed: SEED, serverCore, tell };
  const embedded = await measureStore({ ...common, store: 'embedded store', redis: null });
  rows.push(...show(embedded, 12));
  const redis = await startRedis(dir, clientCore);
  if (redis === null) {
    print('Redis: skipped, redis-server is not on PATH');
    return rows;
  }
  try {
    const store = 'Redis over a unix socket';
    return [...rows, ...show(await measureStore({ ...common, store, redis }), 16)];
  } finally {
    await redis.stop();
  }
}

function show(measured: Parameters<typeof targetRows>[0], fullBidRatioMax: number): TargetRow[] {
  const rows = targetRows(measured, fullBidRatioMax);
  print(`${formatMeasurement(measured)}\n${formatRows(rows)}`);
  return rows;
}

function pinSelf(): void {
  if (clientCore.length > 0) spawnSync('taskset', ['-acp', '1', String(process.pid)]);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
