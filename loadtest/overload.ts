/**
 * More than the service can do, and what becomes of it: half its capacity, then a multiple of it for
 * some seconds, then half again. Overload is queues, and a server sees only those that reach it, so
 * the overload comes over thousands of connections: an exchange with few of them would queue at home.
 */
import { seededRandom } from '../platform/seeded-random.ts';
import { formatUs, threeDigits } from './latency.ts';
import { type LoadTarget, type OpenLoopResult, requestsTo } from './load-result.ts';
import { type OpenLoopOptions, runOpenLoop } from './open-loop.ts';

const SEED = 42;
const CONNECTIONS = 64;
const OVERLOAD_CONNECTIONS = 2000;
const CAPACITY_SECONDS = 3;
const HALF_LOAD_SECONDS = 3;
/** A connection on which nothing comes for so long counts as an error. */
const TIMEOUT_MS = 2000;

export interface OverloadOptions {
  readonly target: LoadTarget;
  /** OpenRTB requests of people whom campaigns want, so that the capacity is that of bids. */
  readonly bodies: readonly string[];
  /** How many times the capacity is offered. */
  readonly factor: number;
  readonly seconds: number;
  /** Where `/metrics` is. */
  readonly adminUrl: string;
}

export interface OverloadRun {
  /** Bids in a closed loop: what the service can do. */
  readonly capacityPerSecond: number;
  readonly before: OpenLoopResult;
  readonly overload: OpenLoopResult;
  /** Of `overload`, answered 204 before they were decoded, as the service counts them. */
  readonly overloaded: number;
  /** Half the capacity again: the second after the overload, and those that follow. */
  readonly firstSecond: OpenLoopResult;
  readonly after: OpenLoopResult;
}

/** Rejects when the service does not accept connections. Warm it up first. */
export async function runOverload(options: OverloadOptions): Promise<OverloadRun> {
  const { target, factor, seconds } = options;
  const requests = requestsTo(target, options.bodies);
  let sent = 0;
  const load = async (
    ratePerSecond: OpenLoopOptions['ratePerSecond'],
    forSeconds: number,
    connections = CONNECTIONS,
  ): Promise<OpenLoopResult> => {
    const result = await runOpenLoop({
      target,
      requests,
      // Other people each time: who was asked about a moment ago is nearer to a cap.
      firstRequest: sent,
      connections,
      ratePerSecond,
      seconds: forSeconds,
      timeoutMs: TIMEOUT_MS,
      random: seededRandom(SEED),
    });
    sent += result.answered;
    return result;
  };
  const { answeredPerSecond: capacityPerSecond } = await load('saturate', CAPACITY_SECONDS);
  const half = capacityPerSecond / 2;
  const before = await load(half, HALF_LOAD_SECONDS);
  const overloadedBefore = await countOverloaded(options.adminUrl);
  const overload = await load(capacityPerSecond * factor, seconds, OVERLOAD_CONNECTIONS);
  const firstSecond = await load(half, 1);
  const after = await load(half, HALF_LOAD_SECONDS);
  const overloaded = (await countOverloaded(options.adminUrl)) - overloadedBefore;
  return { capacityPerSecond, before, overload, overloaded, firstSecond, after };
}

async function countOverloaded(adminUrl: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(/^rekindle_nobid_total\{reason="overloaded"\} (\d+)$/m.exec(text)?.[1]);
}

export function bidShare({ bids, answered }: OpenLoopResult): number {
  return bids / Math.max(1, answered);
}

/** Several lines for people. */
export function formatOverload(run: OverloadRun): string {
  const { before, overload, firstSecond, after } = run;
  const phases = { before, overload, 'first second': firstSecond, after };
  const goodput = overload.bids / overload.seconds / run.capacityPerSecond;
  return [
    `capacity      ${whole(run.capacityPerSecond)} bids a second`,
    ...Object.entries(phases).map(([name, phase]) => phaseLine(name, phase)),
    `overloaded    ${whole(run.overloaded)} of ${whole(overload.noBids)} answers 204`,
    `goodput       ${threeDigits(goodput * 100)} % of the capacity leaves as bids under overload`,
  ].join('\n');
}

function phaseLine(name: string, result: OpenLoopResult): string {
  const { bidLatency, noBidLatency } = result;
  return [
    `${name.padEnd(13)} ${whole(result.targetPerSecond ?? 0)}/s due, ${whole(result.answeredPerSecond)}/s answered`,
    `bids ${threeDigits(bidShare(result) * 100)} % in p50 ${formatUs(bidLatency.p50Us)}, p99 ${formatUs(bidLatency.p99Us)}`,
    `204s p50 ${formatUs(noBidLatency.p50Us)}, p99 ${formatUs(noBidLatency.p99Us)}`,
    `5xx ${result.serverErrors}, errors ${result.errors}, unsent ${result.unsent}`,
    `client busy ${threeDigits(result.generatorBusyShare * 100)} %`,
  ].join(' · ');
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en');
}
