/** The closed loop: autocannon, every connection always busy, a body of its own in every request. */
import autocannon from 'autocannon';
import type { Histogram } from 'hdr-histogram-js';
import { hasBids, OPENING_BYTES } from './has-bids.ts';
import { latencyHistogram, recordMs, summarise } from './latency.ts';
import type { LoadResult } from './load-result.ts';

/** autocannon copies what every connection sends, so one connection gets this many bodies at most. */
const BODIES_PER_CONNECTION_MAX = 500;

export interface ClosedLoopOptions {
  readonly url: string;
  /** Dealt out over the connections. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Before the run, thrown away: connections, caches and compilers warm up. 0 for none. */
  readonly warmupSeconds: number;
}

/** Counts autocannon's own numbers cannot give: fractions of a millisecond, bids apart from no-bids. */
export async function runClosedLoop(options: ClosedLoopOptions): Promise<LoadResult> {
  if (options.warmupSeconds > 0) await fire(options, options.warmupSeconds);
  return fire(options, options.seconds);
}

interface Tally {
  readonly histogram: Histogram;
  bids: number;
  noBids: number;
  non2xx: number;
  serverErrors: number;
  bidBytes: number;
}

async function fire(options: ClosedLoopOptions, seconds: number): Promise<LoadResult> {
  const tally: Tally = {
    histogram: latencyHistogram(),
    bids: 0,
    noBids: 0,
    non2xx: 0,
    serverErrors: 0,
    bidBytes: 0,
  };
  const { connections } = options;
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  const result = await cannon(options, seconds, tally);
  const used = process.cpuUsage(cpu);
  const elapsedMs = performance.now() - startMs;
  // On a crowded machine the generator may be kept from a core it wants: that is being busy too.
  const { utilization } = performance.eventLoopUtilization(loop);
  const { histogram, ...counts } = tally;
  const latency = summarise(histogram);

  return {
    client: `autocannon, closed loop, ${connections} connections`,
    seconds,
    targetPerSecond: null,
    answeredPerSecond: latency.count / result.duration,
    answered: latency.count,
    ...counts,
    errors: result.errors + result.timeouts,
    unsent: 0,
    generatorBusyShare: Math.max((used.user + used.system) / 1000 / elapsedMs, utilization),
    latency,
    bestHalfLatency: latency,
  };
}

async function cannon(
  { url, bodies, connections }: ClosedLoopOptions,
  seconds: number,
  tally: Tally,
): Promise<{ errors: number; timeouts: number; duration: number }> {
  const perConnection = Math.max(
    1,
    Math.min(BODIES_PER_CONNECTION_MAX, Math.floor(bodies.length / connections)),
  );
  let dealt = 0;
  return await autocannon({
    url,
    connections,
    pipelining: 1,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    setupClient: (client) => {
      let answer = '';
      const onResponse = (_status: number, body: string): void => {
        answer = body;
      };
      const own = Array.from({ length: perConnection }, (_, i) => ({
        method: 'POST' as const,
        body: bodies[(dealt + i) % bodies.length]!,
        onResponse,
      }));
      dealt += perConnection;
      (client as unknown as { setRequests(requests: object[]): void }).setRequests(own);
      // It has called onResponse just before.
      client.on('response', (status, bytes, ms) => {
        const isBid = status === 200 && hasBids(Buffer.from(answer.slice(0, OPENING_BYTES)));
        count(tally, { status, isBid }, bytes, ms);
      });
    },
  });
}

/** autocannon counts a response's head among its bytes; ours is about this long. */
const HEAD_BYTES = 120;

function count(
  tally: Tally,
  { status, isBid }: { readonly status: number; readonly isBid: boolean },
  bytes: number,
  ms: number,
): void {
  recordMs(tally.histogram, ms);
  if (isBid) {
    tally.bids++;
    tally.bidBytes += Math.max(0, bytes - HEAD_BYTES);
  } else if (status === 200 || status === 204) tally.noBids++;
  else if (status < 200 || status > 299) {
    tally.non2xx++;
    if (status >= 500) tally.serverErrors++;
  }
}
