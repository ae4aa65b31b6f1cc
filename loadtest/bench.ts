/**
 * `rekindle bench`: drives a running service and says what it does. The maximum by a closed loop,
 * latency at a rate by an open loop, cost per request against a bare echo in the same minutes.
 */
import { cpus, release, totalmem } from 'node:os';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import {
  BENCH_REPORT_FORMAT,
  type BenchReport,
  errorShare,
  invalidBecause,
  type Machine,
} from './bench-report.ts';
import { runClosedLoop } from './closed-loop.ts';
import { type CpuPairs, measureCpuPairs } from './cpu-pairs.ts';
import { processTree } from './cpu-usage.ts';
import { startEchoProcess } from './echo-process.ts';
import { readKnownPersons } from './known-persons.ts';
import { LoadConnection } from './load-connection.ts';
import { type LoadResult, requestsTo, targetOf } from './load-result.ts';
import { runOpenLoop } from './open-loop.ts';
import {
  type CorpusShares,
  generateCorpus,
  KNOWN_ONLY,
  type KnownPerson,
  REALISTIC_MIX,
} from './request-corpus.ts';
import { breachedThresholds, parseThresholds } from './thresholds.ts';

const BODIES = 20_000;
const SECONDS_MIN = 2;
const TIMEOUT_MS = 2000;
const PAIRS = 5;
const WINDOW_SECONDS_MIN = 0.5;
const ECHO_BYTES_DEFAULT = 2500;
const FULL_BID_SHARE_MIN = 0.9;

const NOT_ALL_BIDS =
  'the cost is not that of a full bid: many of the known people were not bid on, because of their caps, their segments or the budgets';

export interface BenchOptions {
  /** `http://127.0.0.1:8080/bid/<exchange>`. */
  readonly url: string;
  /** As people's identities name it. */
  readonly exchange: string;
  /** Of the whole bench, about; at least ten are sensible. */
  readonly seconds: number;
  /** Requests per second of the open loop; half of the maximum when absent. */
  readonly rate?: number;
  readonly connections: number;
  readonly seed: number;
  /** Processes that serve; their children are counted too. Empty leaves out the cost. */
  readonly serverPids: readonly number[];
  /** samples.json of the shop, written by the segmenter. */
  readonly samplesFile: string;
  /** `p99=20ms,errors=0.1%,ratio=12`, see thresholds.ts. '' is none. */
  readonly thresholds: string;
  /** What is being measured now, for people. */
  readonly onProgress?: (step: string) => void;
}

/**
 * Ends by itself, after about `seconds` and a few for preparing. Rejects with a Failure on options
 * or samples that cannot be used and when the service cannot be reached.
 */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const thresholds = parseThresholds(options.thresholds);
  checkNumbers(options);
  await probe(options.url);
  const persons = await readKnownPersons(options.samplesFile, BODIES);
  const corpus = corpusOf(REALISTIC_MIX, persons, options);
  const notes: string[] = [];

  options.onProgress?.('maximum: closed loop');
  const maximum = await runClosedLoop({
    url: options.url,
    bodies: corpus.bodies,
    connections: options.connections,
    seconds: options.seconds * 0.25,
    warmupSeconds: options.seconds * 0.1,
  });
  const rate = options.rate ?? Math.max(1, Math.floor(maximum.answeredPerSecond / 2));
  options.onProgress?.(`latency: open loop at ${rate}/s`);
  const atRate = await openLoopAt(rate, corpus.bodies, options);
  options.onProgress?.(`cost: ${PAIRS} pairs against a bare echo`);
  const cost = await measureCost(maximum, corpusOf(KNOWN_ONLY, persons, options).bodies, {
    options,
    notes,
  });

  const invalid = invalidBecause(maximum, atRate);
  return {
    v: BENCH_REPORT_FORMAT,
    at: new Date(systemClock.nowMs()).toISOString(),
    url: options.url,
    seed: options.seed,
    machine: machine(),
    mix: { ...REALISTIC_MIX, bodies: BODIES, meanBytes: corpus.meanBytes },
    maximum,
    atRate,
    cost,
    verdict: invalid.length === 0 ? 'VALID' : 'INVALID',
    invalid,
    notes,
    breached: breachedThresholds(thresholds, measurements(maximum, atRate, cost)),
  };
}

function checkNumbers({ seconds, connections, rate }: BenchOptions): void {
  const expected: [string, boolean][] = [
    [`from ${SECONDS_MIN} to 3600 seconds`, seconds >= SECONDS_MIN && seconds <= 3600],
    ['from 1 to 10000 connections', connections >= 1 && connections <= 10_000],
    ['a rate from 1 to 1000000 per second', rate === undefined || (rate >= 1 && rate <= 1e6)],
  ];
  const wrong = expected.filter(([, holds]) => !holds).map(([what]) => what);
  if (wrong.length > 0) throw new Failure('usage', `bench: expected ${wrong.join(', ')}`);
}

/** One connection, before a quarter of the time is spent on nobody. */
async function probe(url: string): Promise<void> {
  const nobody = { answered() {}, failed() {}, reopened() {} };
  const connection = new LoadConnection(targetOf(url), nobody);
  await connection.open();
  connection.close();
}

function corpusOf(
  shares: CorpusShares,
  persons: readonly KnownPerson[],
  { seed, exchange }: BenchOptions,
): { bodies: string[]; meanBytes: number } {
  const corpus = generateCorpus({ count: BODIES, seed, shares, persons, exchange });
  const bodies = corpus.map(({ body }) => body);
  return { bodies, meanBytes: bodies.reduce((sum, body) => sum + body.length, 0) / BODIES };
}

function openLoopAt(
  ratePerSecond: number,
  bodies: readonly string[],
  options: BenchOptions,
): Promise<LoadResult> {
  const target = targetOf(options.url);
  return runOpenLoop({
    target,
    requests: requestsTo(target, bodies),
    connections: options.connections,
    ratePerSecond,
    seconds: options.seconds * 0.35,
    timeoutMs: TIMEOUT_MS,
    random: seededRandom(options.seed),
  });
}

async function measureCost(
  maximum: LoadResult,
  bodies: readonly string[],
  { options, notes }: { options: BenchOptions; notes: string[] },
): Promise<CpuPairs | null> {
  const pids = [...new Set(options.serverPids.flatMap(processTree))];
  if (pids.length === 0) {
    notes.push('no cost per request: the serving processes are not on this machine, or not Linux');
    return null;
  }
  const answerBytes = Math.round(maximum.bidBytes / Math.max(1, maximum.bids));
  try {
    await using echo = await startEchoProcess(answerBytes || ECHO_BYTES_DEFAULT);
    const target = targetOf(options.url);
    const echoTarget = { host: '127.0.0.1', port: echo.port, path: '/echo' };
    const cost = await measureCpuPairs({
      bidder: { target, requests: requestsTo(target, bodies), pids },
      echo: { target: echoTarget, requests: requestsTo(echoTarget, bodies), pids: [echo.pid] },
      pairs: PAIRS,
      windowSeconds: Math.max(WINDOW_SECONDS_MIN, (options.seconds * 0.3) / (2 * PAIRS)),
      connections: options.connections,
    });
    if (cost.bidShare < FULL_BID_SHARE_MIN) notes.push(NOT_ALL_BIDS);
    return cost;
  } catch (error) {
    notes.push(`no cost per request: ${(error as Error).message}`);
    return null;
  }
}

function measurements(maximum: LoadResult, atRate: LoadResult, cost: CpuPairs | null) {
  const { latency } = atRate;
  return {
    p50: latency.p50Us,
    p95: latency.p95Us,
    p99: latency.p99Us,
    'p99.9': latency.p999Us,
    errors: Math.max(errorShare(maximum), errorShare(atRate)),
    rate: maximum.answeredPerSecond,
    bids: atRate.bids / Math.max(1, atRate.answered),
    ...(cost !== null && { ratio: cost.ratio }),
  };
}

/** Enough to know whether two reports may be compared. */
export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
  };
}
