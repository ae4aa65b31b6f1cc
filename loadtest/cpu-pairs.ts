/**
 * What a request costs the server, as a ratio to a bare echo: CPU time of the serving processes over
 * a window divided by requests answered, in interleaved pairs of windows, and the median of the
 * paired ratios. A pair sees the same neighbours, so noise that hits both cancels.
 */
import { seededRandom } from '../platform/seeded-random.ts';
import { cpuMsOf } from './cpu-usage.ts';
import { median } from './latency.ts';
import type { LoadTarget } from './load-result.ts';
import { runOpenLoop } from './open-loop.ts';

const TIMEOUT_MS = 2000;

export interface PairSide {
  readonly target: LoadTarget;
  /** Sent in turn (load-result.ts requestsTo). */
  readonly requests: readonly Buffer[];
  readonly pids: readonly number[];
  /** Of a store that works for it: its time is reported beside and not counted as serving. */
  readonly storePids?: readonly number[];
}

export interface CpuPairsOptions {
  readonly bidder: PairSide;
  readonly echo: PairSide;
  /** Where in the requests to begin; 0 when absent. */
  readonly firstRequest?: number;
  readonly pairs: number;
  readonly windowSeconds: number;
  readonly connections: number;
}

interface CpuWindow {
  readonly cpuUsPerRequest: number;
  readonly storeCpuUsPerRequest: number;
  readonly answeredPerSecond: number;
  readonly bidShare: number;
  readonly errors: number;
}

export interface CpuPairs {
  readonly client: string;
  readonly pairs: readonly { readonly bidder: CpuWindow; readonly echo: CpuWindow }[];
  /** Medians over the pairs. */
  readonly ratio: number;
  readonly bidderCpuUs: number;
  readonly storeCpuUs: number;
  readonly echoCpuUs: number;
  readonly bidderPerSecond: number;
  readonly bidShare: number;
  /** So many of the bidder's requests were sent, in turn. */
  readonly asked: number;
}

/** Both sides are driven by the same client, each always busy. */
export async function measureCpuPairs(options: CpuPairsOptions): Promise<CpuPairs> {
  const pairs: { bidder: CpuWindow; echo: CpuWindow }[] = [];
  let client = '';
  let asked = 0;
  for (let i = 0; i < options.pairs; i++) {
    const firstRequest = (options.firstRequest ?? 0) + asked;
    // Other people in every window: who was asked about a moment ago is capped and cached.
    const bidder = await window(options.bidder, firstRequest, options);
    const echo = await window(options.echo, firstRequest, options);
    client = bidder.client;
    asked += bidder.answered;
    pairs.push({ bidder: bidder.window, echo: echo.window });
  }
  return {
    client,
    pairs,
    ratio: median(pairs.map(({ bidder, echo }) => bidder.cpuUsPerRequest / echo.cpuUsPerRequest)),
    bidderCpuUs: median(pairs.map(({ bidder }) => bidder.cpuUsPerRequest)),
    storeCpuUs: median(pairs.map(({ bidder }) => bidder.storeCpuUsPerRequest)),
    echoCpuUs: median(pairs.map(({ echo }) => echo.cpuUsPerRequest)),
    bidderPerSecond: median(pairs.map(({ bidder }) => bidder.answeredPerSecond)),
    bidShare: median(pairs.map(({ bidder }) => bidder.bidShare)),
    asked,
  };
}

async function window(
  side: PairSide,
  firstRequest: number,
  { connections, windowSeconds }: CpuPairsOptions,
): Promise<{ window: CpuWindow; client: string; answered: number }> {
  const storePids = side.storePids ?? [];
  const beforeMs = cpuMsOf(side.pids);
  const storeBeforeMs = cpuMsOf(storePids);
  const result = await runOpenLoop({
    target: side.target,
    requests: side.requests,
    firstRequest,
    connections,
    ratePerSecond: 'saturate',
    seconds: windowSeconds,
    timeoutMs: TIMEOUT_MS,
    random: seededRandom(1),
  });
  const usedMs = cpuMsOf(side.pids) - beforeMs;
  const storeUsedMs = cpuMsOf(storePids) - storeBeforeMs;
  return {
    client: result.client,
    answered: result.answered,
    window: {
      cpuUsPerRequest: (usedMs * 1000) / result.answered,
      storeCpuUsPerRequest: (storeUsedMs * 1000) / result.answered,
      answeredPerSecond: result.answeredPerSecond,
      bidShare: result.bids / result.answered,
      errors: result.errors + result.serverErrors,
    },
  };
}
