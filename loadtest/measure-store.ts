/**
 * What one store is measured by, against "Targets" of the speed promise: CPU and latency beside an echo
 * in the same run, and over Redis what becomes of them when it stands still. Server on core 0, client
 * on core 1; Redis shares the client's core, which the client gives up whenever Redis wants it, and its
 * CPU is reported beside, not counted as serving.
 */
import { spawnSync } from 'node:child_process';
import { seededRandom } from '../platform/seeded-random.ts';
import { runClosedLoop } from './closed-loop.ts';
import { measureCpuPairs, type PairSide } from './cpu-pairs.ts';
import { startEchoProcess } from './echo-process.ts';
import { median } from './latency.ts';
import type { LoadDemo } from './load-demo.ts';
import { type LoadTarget, type OpenLoopResult, requestBytes, targetOf } from './load-result.ts';
import { runOpenLoop } from './open-loop.ts';
import { memoryOf } from './process-memory.ts';
import { generateCorpus, UNKNOWN_ONLY } from './request-corpus.ts';
import { type Environment, type RunningRedis, startService } from './service-process.ts';
import { STORE_STOP_SECONDS, stopStoreDuring } from './store-stop.ts';
import type { HalfLoad, OverRedis, StoreMeasurement } from './targets.ts';

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
const STORE_STOPS = 3;
const CACHED_PERSONS = 100_000;
const ANSWER_BYTES = 2500;
const TIMEOUT_MS = 2000;

export interface MeasureStoreOptions {
  /** For people: `embedded store`, `Redis over a unix socket`. */
  readonly store: string;
  readonly workspace: string;
  readonly demo: LoadDemo;
  readonly exchange: string;
  readonly seed: number;
  readonly redis: RunningRedis | null;
  readonly windowSeconds: number;
  readonly serverCore: readonly string[];
  /** Told of every step. */
  readonly tell: (text: string) => void;
}

export async function measureStore(options: MeasureStoreOptions): Promise<StoreMeasurement> {
  const { store, workspace, redis, serverCore, tell } = options;
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
    const target = targetOf(`${service.url}/bid/${options.exchange}`);
    const storePids = redis === null ? [] : [redis.pid];
    const bidder = { target, pids: service.pids, storePids };
    const echoSide = {
      target: { host: '127.0.0.1', port: echo.port, path: '/echo' },
      pids: [echo.pid],
    };
    // Nothing is spawned any more that would inherit it.
    if (redis !== null) yieldToRedis();
    return await measureSides(options, { bidder, echo: echoSide });
  } finally {
    await service.stop();
  }
}

async function measureSides(
  options: MeasureStoreOptions,
  sides: { readonly bidder: PairSide; readonly echo: PairSide },
): Promise<StoreMeasurement> {
  const { store, demo, exchange, seed, redis, windowSeconds, tell } = options;
  const journeys = redis === null ? 0 : REDIS_JOURNEYS;
  const known = await demo.bodies({ count: BODIES, exchange });
  const unknown = generateCorpus({
    count: BODIES,
    seed,
    shares: UNKNOWN_ONLY,
    persons: [],
    exchange,
  });
  const common = { ...sides, windowSeconds, connections: CONNECTIONS };
  tell(`${store}: warming up`);
  await measureCpuPairs({ ...common, bodies: known, pairs: WARM_UP_PAIRS });
  tell(`${store}: the most that autocannon is served`);
  const mostPerSecond = await closedLoop(sides.bidder, known, windowSeconds);
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
  const at = { ratePerSecond: rate, seconds: 4 * windowSeconds, seed };
  const bidder = atRate(sides.bidder.target, known, at);
  const echo = atRate(sides.echo.target, known, at);
  const busy = atRate(busyEcho(sides.echo, journeys, computeUs), known, at);
  const halfLoad: HalfLoad[] = [];
  for (let i = 0; i < HALF_LOAD_ROUNDS; i++) {
    halfLoad.push({ bidder: await bidder(), echo: await echo(), busyEcho: await busy() });
  }
  const overRedis =
    redis === null ? null : await measureOverRedis(options, sides.bidder, known, rate);
  return { store, fullBid, unknownPerson, cappedPersons, mostPerSecond, halfLoad, overRedis };
}

async function measureOverRedis(
  { redis, demo, exchange, seed, tell }: MeasureStoreOptions,
  { target, pids }: PairSide,
  known: readonly string[],
  ratePerSecond: number,
): Promise<OverRedis> {
  const stops: OpenLoopResult[] = [];
  const load = atRate(target, known, { ratePerSecond, seconds: STORE_STOP_SECONDS, seed });
  for (let i = 0; i < STORE_STOPS; i++) {
    tell(`Redis stands still for a second, ${i + 1} of ${STORE_STOPS}`);
    stops.push(await stopStoreDuring(redis!.pid, load));
  }
  tell(`${CACHED_PERSONS} people`);
  const bodies = await demo.bodies({ count: CACHED_PERSONS, exchange });
  const { answered } = await runOpenLoop({
    target,
    requests: bodies.map((body) => requestBytes(target, body)),
    connections: CONNECTIONS,
    ratePerSecond,
    seconds: CACHED_PERSONS / ratePerSecond,
    timeoutMs: TIMEOUT_MS,
    random: seededRandom(seed),
  });
  return { stops, memory: { bytes: memoryOf(pids), persons: Math.min(answered, CACHED_PERSONS) } };
}

function busyEcho({ target }: PairSide, journeys: number, computeUs: number): LoadTarget {
  return { ...target, path: `/busy/${journeys}/${computeUs}` };
}

/** Requests a second, the median of some closed loops. */
async function closedLoop(
  { target }: PairSide,
  bodies: readonly string[],
  windowSeconds: number,
): Promise<number> {
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
function atRate(
  target: LoadTarget,
  bodies: readonly string[],
  at: { readonly ratePerSecond: number; readonly seconds: number; readonly seed: number },
): () => Promise<OpenLoopResult> {
  const requests = bodies.map((body) => requestBytes(target, body));
  return () =>
    runOpenLoop({
      target,
      requests,
      connections: CONNECTIONS,
      ratePerSecond: at.ratePerSecond,
      seconds: at.seconds,
      timeoutMs: TIMEOUT_MS,
      random: seededRandom(at.seed),
    });
}

/** A client that spins must not let Redis wait for the end of its time slice; without chrt it does. */
function yieldToRedis(): void {
  spawnSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)]);
}
