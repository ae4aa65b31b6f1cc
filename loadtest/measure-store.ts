/**
 * What one store is measured by, against "Targets" of the speed promise: CPU and latency beside an echo
 * in the same run, and over Redis what becomes of them when it stands still. Server on core 0, client
 * on core 1; Redis shares the client's core, which the client gives up whenever Redis wants it, and its
 * CPU is reported beside, not counted as serving.
 */
import { spawnSync } from 'node:child_process';
import { seededRandom } from '../platform/seeded-random.ts';
import { runClosedLoop } from './closed-loop.ts';
import { type CpuPairs, measureCpuPairs, type PairSide } from './cpu-pairs.ts';
import { startEchoProcess } from './echo-process.ts';
import { median } from './latency.ts';
import type { LoadDemo } from './load-demo.ts';
import { type OpenLoopResult, requestsTo, targetOf } from './load-result.ts';
import { runOpenLoop } from './open-loop.ts';
import { memoryOf } from './process-memory.ts';
import { generateCorpus, UNKNOWN_ONLY } from './request-corpus.ts';
import { type Environment, type RunningRedis, startService } from './service-process.ts';
import { STORE_STOP_SECONDS, stopStoreDuring } from './store-stop.ts';
import type { HalfLoad, OverRedis, StoreMeasurement } from './targets.ts';

/**
 * They are asked for one after the other: who comes again within two minutes has a log of bids that
 * nobody has answered for, longer with every window, and costs more than people do.
 */
const KNOWN_PERSONS = 100_000;
const UNKNOWN_REQUESTS = 30_000;
const ECHO_REQUESTS = 5000;
/** Few enough to fill their logs within the windows before: 512 impressions of each. */
const CAPPED_PERSONS = 20;
const CONNECTIONS = 32;
const PAIRS = 7;
const SHORT_PAIRS = 3;
/** The compiler of a fresh worker is at work for some 25,000 requests. */
const WARM_UP_PAIRS = 6;
const CLOSED_LOOPS = 3;
const HALF_LOAD_ROUNDS = 5;
const STORE_STOPS = 3;
/** What a bid asks a Redis and waits for: who it is, and that it may be shown. */
const REDIS_JOURNEYS = 1;
const ANSWER_BYTES = 2500;
const TIMEOUT_MS = 2000;

export interface MeasureStoreOptions {
  /** For people: `embedded store`, `Redis over a unix socket`. */
  readonly store: string;
  readonly workspace: string;
  readonly env: Environment;
  readonly demo: LoadDemo;
  readonly exchange: string;
  readonly seed: number;
  /** Null for the embedded store. */
  readonly redis: RunningRedis | null;
  readonly windowSeconds: number;
  readonly serverCore: readonly string[];
  /** Told of every step. */
  readonly tell: (text: string) => void;
}

export async function measureStore(options: MeasureStoreOptions): Promise<StoreMeasurement> {
  const { store, workspace, redis, serverCore, tell, demo, exchange, seed } = options;
  const env: Environment = {
    ...options.env,
    REKINDLE_PROCESSES: '1',
    REKINDLE_WORKERS: '1',
    REKINDLE_STORE_URL: redis?.url ?? '',
  };
  tell(`${store}: importing, building segments, starting`);
  const service = await startService(workspace, env, serverCore);
  try {
    await using echo = await startEchoProcess(ANSWER_BYTES, serverCore, redis?.socket);
    const target = targetOf(`${service.url}/bid/${exchange}`);
    const known = await demo.bodies({ count: KNOWN_PERSONS, exchange });
    const { pids } = service;
    const sideOf = (bodies: readonly string[]): PairSide => ({
      target,
      requests: requestsTo(target, bodies),
      pids,
      storePids: redis === null ? [] : [redis.pid],
    });
    const echoAt = (path: string): PairSide => {
      const at = { host: '127.0.0.1', port: echo.port, path };
      const requests = requestsTo(at, known.slice(0, ECHO_REQUESTS));
      return { target: at, requests, pids: [echo.pid] };
    };
    // Nothing is spawned any more that would inherit it.
    if (redis !== null) yieldToRedis();
    const run = new StoreRun(options, {
      bodies: known,
      known: sideOf(known),
      unknown: sideOf(unknownBodies(exchange, seed)),
      capped: sideOf(known.slice(0, CAPPED_PERSONS)),
      echo: echoAt('/echo'),
      busyEcho: (computeUs) => echoAt(`/busy/${redis === null ? 0 : REDIS_JOURNEYS}/${computeUs}`),
    });
    return await run.measure();
  } finally {
    await service.stop();
  }
}

function unknownBodies(exchange: string, seed: number): string[] {
  const count = UNKNOWN_REQUESTS;
  const corpus = generateCorpus({ count, seed, shares: UNKNOWN_ONLY, persons: [], exchange });
  return corpus.map(({ body }) => body);
}

/** The bidder, asked about different people, and the echo. */
interface Sides {
  /** Of `known`. */
  readonly bodies: readonly string[];
  readonly known: PairSide;
  readonly unknown: PairSide;
  readonly capped: PairSide;
  readonly echo: PairSide;
  /** The echo with a bid's journeys, spinning until it has used so many microseconds. */
  readonly busyEcho: (computeUs: number) => PairSide;
}

class StoreRun {
  readonly #options: MeasureStoreOptions;
  readonly #sides: Sides;
  /** Of the known people, whoever comes next. */
  #next = 0;

  constructor(options: MeasureStoreOptions, sides: Sides) {
    this.#options = options;
    this.#sides = sides;
  }

  async measure(): Promise<StoreMeasurement> {
    const { store, redis } = this.#options;
    const { unknown, capped } = this.#sides;
    this.#tell('warming up');
    await this.#fullBids(WARM_UP_PAIRS);
    this.#tell('the most that autocannon is served');
    const mostPerSecond = await this.#closedLoop();
    this.#tell(`full bids, ${PAIRS} pairs`);
    const fullBid = await this.#fullBids(PAIRS);
    this.#tell(`unknown people, ${PAIRS} pairs`);
    const unknownPerson = await this.#pairs(unknown, PAIRS);
    this.#tell(`${CAPPED_PERSONS} people until they are capped`);
    await this.#pairs(capped, SHORT_PAIRS);
    const cappedPersons = await this.#pairs(capped, SHORT_PAIRS);
    const rate = mostPerSecond / 2;
    const halfLoad = await this.#halfLoad(rate, fullBid);
    const overRedis = redis === null ? null : await this.#overRedis(redis, rate);
    return { store, fullBid, unknownPerson, cappedPersons, mostPerSecond, halfLoad, overRedis };
  }

  #tell(text: string): void {
    this.#options.tell(`${this.#options.store}: ${text}`);
  }

  async #fullBids(pairs: number): Promise<CpuPairs> {
    const cost = await this.#pairs(this.#sides.known, pairs, this.#next);
    this.#pass(cost.asked);
    return cost;
  }

  #pairs(bidder: PairSide, pairs: number, firstRequest = 0): Promise<CpuPairs> {
    const { echo } = this.#sides;
    const { windowSeconds } = this.#options;
    return measureCpuPairs({
      bidder,
      echo,
      firstRequest,
      pairs,
      windowSeconds,
      connections: CONNECTIONS,
    });
  }

  #pass(people: number): void {
    this.#next = (this.#next + people) % this.#sides.bodies.length;
  }

  /** Requests a second, the median of some closed loops. */
  async #closedLoop(): Promise<number> {
    const { target } = this.#sides.known;
    const { bodies } = this.#sides;
    const served: number[] = [];
    for (let i = 0; i < CLOSED_LOOPS; i++) {
      const { answered, answeredPerSecond } = await runClosedLoop({
        url: `http://${target.host}:${target.port}${target.path}`,
        bodies: [...bodies.slice(this.#next), ...bodies.slice(0, this.#next)],
        connections: CONNECTIONS,
        seconds: 2 * this.#options.windowSeconds,
        warmupSeconds: 0,
      });
      this.#pass(answered);
      served.push(answeredPerSecond);
    }
    return median(served);
  }

  async #halfLoad(rate: number, fullBid: CpuPairs): Promise<HalfLoad[]> {
    const { echo, busyEcho } = this.#sides;
    this.#tell('an echo as busy as a bid');
    const chores = await this.#pairs(busyEcho(0), SHORT_PAIRS);
    const busy = busyEcho(Math.max(0, Math.round(fullBid.bidderCpuUs - chores.bidderCpuUs)));
    this.#tell(`latency at ${Math.round(rate)}/s`);
    const seconds = 4 * this.#options.windowSeconds;
    const rounds: HalfLoad[] = [];
    for (let i = 0; i < HALF_LOAD_ROUNDS; i++) {
      rounds.push({
        bidder: await this.#bidsAtRate(rate, seconds),
        echo: await this.#atRate(echo, rate, seconds),
        busyEcho: await this.#atRate(busy, rate, seconds),
      });
    }
    return rounds;
  }

  async #overRedis(redis: RunningRedis, rate: number): Promise<OverRedis> {
    const stops: OpenLoopResult[] = [];
    for (let i = 0; i < STORE_STOPS; i++) {
      this.#tell(`it stands still for a second, ${i + 1} of ${STORE_STOPS}`);
      const load = () => this.#bidsAtRate(rate, STORE_STOP_SECONDS);
      stops.push(await stopStoreDuring(redis.pid, load));
    }
    const people = this.#sides.bodies.length;
    this.#tell(`${people} people`);
    const { answered } = await this.#bidsAtRate(rate, people / rate);
    const bytes = memoryOf(this.#sides.known.pids);
    return { stops, memory: { bytes, persons: Math.min(answered, people) } };
  }

  async #bidsAtRate(ratePerSecond: number, seconds: number): Promise<OpenLoopResult> {
    const result = await this.#atRate(this.#sides.known, ratePerSecond, seconds);
    this.#pass(result.answered);
    return result;
  }

  #atRate(side: PairSide, ratePerSecond: number, seconds: number): Promise<OpenLoopResult> {
    const { target, requests } = side;
    return runOpenLoop({
      target,
      requests,
      firstRequest: this.#next,
      connections: CONNECTIONS,
      ratePerSecond,
      seconds,
      timeoutMs: TIMEOUT_MS,
      random: seededRandom(this.#options.seed),
    });
  }
}

/** A client that spins must not let Redis wait for the end of its time slice; without chrt it does. */
function yieldToRedis(): void {
  spawnSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)]);
}
