/**
 * The speed promise as a benchmark that anybody can run again: a demo of 200,000 persons and 1,000
 * campaigns, one worker, on the embedded store and on Redis, beside a bare echo in the same run.
 *
 *   node dist/loadtest/targets-main.js [seconds per window, default 1]
 *
 * Server on core 0, client on core 1 where taskset is there; Redis shares the client's core, which the
 * client gives up whenever Redis wants it, and its CPU is reported beside, not counted as serving.
 * Exits with 5 when a target is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../platform/seeded-random.ts';
import { machine } from './bench.ts';
import { runClosedLoop } from './closed-loop.ts';
import { measureCpuPairs, type PairSide } from './cpu-pairs.ts';
import { startEchoProcess } from './echo-process.ts';
import { median } from './latency.ts';
import { type LoadDemo, writeLoadDemo } from './load-demo.ts';
import { type LoadTarget, requestBytes, targetOf } from './load-result.ts';
import { runOpenLoop } from './open-loop.ts';
import { generateCorpus, UNKNOWN_ONLY } from './request-corpus.ts';
import {
  type Environment,
  pinnedTo,
  type RunningRedis,
  startRedis,
  startService,
} from './service-process.ts';
import { formatTargets, type HalfLoad, type StoreMeasurement, targetRows } from './targets.ts';

const SEED = 42;
const CUSTOMERS = 200_000;
const CAMPAIGNS = 1000;
const EXCHANGE = 'generic';
const BODIES = 30_000;
const CONNECTIONS = 32;
const PAIRS = 7;
/** What a bid asks a Redis, one after the other: who it is, and whether it may be shown. */
const REDIS_JOURNEYS = 2;
const BUSY_PAIRS = 3;
/** Few enough to fill their logs within the windows before: 512 impressions of each. */
const CAPPED_PERSONS = 20;
const CAPPED_PAIRS = 3;
/** The compiler of a fresh worker is at work for some 25,000 requests. */
const WARM_UP_PAIRS = 6;
const CLOSED_LOOPS = 3;
const HALF_LOAD_ROUNDS = 5;
const ANSWER_BYTES = 2500;
const BREACHED = 5;

const windowSeconds = Number(process.argv[2] ?? 1);
const cores = cpus().length;
const serverCore = pinnedTo(0, cores);
const clientCore = pinnedTo(1, cores);
const dir = mkdtempSync(join(tmpdir(), 'rekindle-targets-'));
try {
  pinSelf();
  process.exitCode = (await measureAll()) ? 0 : BREACHED;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function measureAll(): Promise<boolean> {
  const { cpu, node } = machine();
  const pinning = serverCore.length > 0 ? 'server on core 0, client on core 1' : 'not pinned';
  print(
    `${cores} × ${cpu} · node ${node} · seed ${SEED} · ${pinning} · windows of ${windowSeconds} s`,
  );
  const workspace = join(dir, 'workspace');
  tell(`writing a demo of ${CUSTOMERS} customers and ${CAMPAIGNS} campaigns`);
  const demo = writeLoadDemo(workspace, {
    customers: CUSTOMERS,
    campaigns: CAMPAIGNS,
    seed: SEED,
    env: process.env,
  });

  const embedded = await measureStore('embedded store', { workspace, demo }, null);
  const rows = targetRows(embedded, 12);
  print(formatTargets(embedded, rows));
  const redis = await startRedis(dir, clientCore);
  if (redis === null) {
    print('Redis: skipped, redis-server is not on PATH');
    return rows.every(({ reached }) => reached);
  }
  try {
    const overRedis = await measureStore('Redis over a unix socket', { workspace, demo }, redis);
    const redisRows = targetRows(overRedis, 16);
    print(formatTargets(overRedis, redisRows));
    return [...rows, ...redisRows].every(({ reached }) => reached);
  } finally {
    await redis.stop();
  }
}

async function measureStore(
  store: string,
  { workspace, demo }: { readonly workspace: string; readonly demo: LoadDemo },
  redis: RunningRedis | null,
): Promise<StoreMeasurement> {
  const env: Environment = {
    ...process.env,
    REKINDLE_PROCESSES: '1',
    REKINDLE_WORKERS: '1',
    ...(redis !== null && { REKINDLE_STORE_URL: redis.url }),
  };
  tell(`${store}: importing, building segments, starting`);
  const service = await startService(workspace, env, serverCore);
  try {
    await using echo = await startEchoProcess(ANSWER_BYTES, serverCore, redis?.socket);
    const target = targetOf(`${service.url}/bid/${EXCHANGE}`);
    const storePids = redis === null ? [] : [redis.pid];
    const bidder = { target, pids: service.pids, storePids };
    const echoSide = {
      target: { host: '127.0.0.1', port: echo.port, path: '/echo' },
      pids: [echo.pid],
    };
    // Nothing is spawned any more that would inherit it.
    if (redis !== null) yieldToRedis();
    const journeys = redis === null ? 0 : REDIS_JOURNEYS;
    return await measureSides(store, demo, { bidder, echo: echoSide, journeys });
  } finally {
    await service.stop();
  }
}

async function measureSides(
  store: string,
  demo: LoadDemo,
  { journeys, ...sides }: { bidder: PairSide; echo: PairSide; journeys: number },
): Promise<StoreMeasurement> {
  const known = await demo.bodies({ count: BODIES, exchange: EXCHANGE });
  const unknown = generateCorpus({
    count: BODIES,
    seed: SEED,
    shares: UNKNOWN_ONLY,
    persons: [],
    exchange: EXCHANGE,
  });
  const common = { ...sides, windowSeconds, connections: CONNECTIONS };
  tell(`${store}: warming up`);
  await measureCpuPairs({ ...common, bodies: known, pairs: WARM_UP_PAIRS });
  tell(`${store}: the most that autocannon is served`);
  const mostPerSecond = await closedLoop(sides.bidder, known);
  tell(`${store}: full bids, ${PAIRS} pairs`);
  const fullBid = await measureCpuPairs({ ...common, bodies: known, pairs: PAIRS });
  tell(`${store}: unknown people, ${PAIRS} pairs`);
  const unknownPerson = await measureCpuPairs({
    ...common,
    bodies: unknown.map(({ body }) => body),
    pairs: PAIRS,
  });
  tell(`${store}: ${CAPPED_PERSONS} people until they are capped`);
  const capping = { ...common, bodies: known.slice(0, CAPPED_PERSONS), pairs: CAPPED_PAIRS };
  await measureCpuPairs(capping);
  const cappedPersons = await measureCpuPairs(capping);
  tell(`${store}: an echo as busy as a bid`);
  const idle = { ...sides.echo, target: busyEcho(sides.echo, journeys, 0) };
  const chores = await measureCpuPairs({
    ...common,
    bidder: idle,
    bodies: known,
    pairs: BUSY_PAIRS,
  });
  const computeUs = Math.max(0, Math.round(fullBid.bidderCpuUs - chores.bidderCpuUs));
  const rate = mostPerSecond / 2;
  tell(`${store}: latency at ${Math.round(rate)}/s`);
  const bidder = atRate(sides.bidder.target, known, rate);
  const echo = atRate(sides.echo.target, known, rate);
  const busy = atRate(busyEcho(sides.echo, journeys, computeUs), known, rate);
  const halfLoad: HalfLoad[] = [];
  for (let i = 0; i < HALF_LOAD_ROUNDS; i++) {
    halfLoad.push({ bidder: await bidder(), echo: await echo(), busyEcho: await busy() });
  }
  return { store, fullBid, unknownPerson, cappedPersons, mostPerSecond, halfLoad };
}

function busyEcho({ target }: PairSide, journeys: number, computeUs: number): LoadTarget {
  return { ...target, path: `/busy/${journeys}/${computeUs}` };
}

/** Requests a second, the median of some closed loops. */
async function closedLoop({ target }: PairSide, bodies: readonly string[]): Promise<number> {
  const served: number[] = [];
  for (let i = 0; i < CLOSED_LOOPS; i++) {
    const { answeredPerSecond } = await runClosedLoop({
      url: `http://${target.host}:${target.port}${target.path}`,
      bodies,
      connections: CONNECTIONS,
      seconds: 2 * windowSeconds,
      warmupSeconds: 0,
    });
    served.push(answeredPerSecond);
  }
  return median(served);
}

/** The requests are made once: a client that collects those of the last round lets this one wait. */
function atRate(target: LoadTarget, bodies: readonly string[], ratePerSecond: number) {
  const requests = bodies.map((body) => requestBytes(target, body));
  return () =>
    runOpenLoop({
      target,
      requests,
      connections: CONNECTIONS,
      ratePerSecond,
      seconds: 4 * windowSeconds,
      timeoutMs: 2000,
      random: seededRandom(SEED),
    });
}

function pinSelf(): void {
  if (clientCore.length > 0) spawnSync('taskset', ['-acp', '1', String(process.pid)]);
}

/** A client that spins must not let Redis wait for the end of its time slice; without chrt it does. */
function yieldToRedis(): void {
  spawnSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)]);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}
