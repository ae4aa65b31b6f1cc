/** What is measured against "Targets" of the speed promise, and how it is shown. */

import type { CpuPairs } from './cpu-pairs.ts';
import type { DecisionCost } from './decision-cost.ts';
import { formatUs, median, threeDigits } from './latency.ts';
import type { LoadResult, OpenLoopResult } from './load-result.ts';
import type { Scale } from './scale.ts';
import { slowestAnswerUs, storeStopFaults } from './store-stop.ts';

/** One round, each at the same rate. */
export interface HalfLoad {
  readonly bidder: LoadResult;
  readonly echo: LoadResult;
  /** The echo with a bid's journeys and as much CPU a request (echo-server.ts). */
  readonly busyEcho: LoadResult;
}

export interface StoreMeasurement {
  /** For people: `embedded store`, `Redis over a unix socket`. */
  readonly store: string;
  readonly fullBid: CpuPairs;
  readonly unknownPerson: CpuPairs;
  /** A few persons, asked for until their exposure logs are full and they are capped. */
  readonly cappedPersons: CpuPairs;
  /** Requests that autocannon's closed loop was served. */
  readonly mostPerSecond: number;
  /** Open loop at half of `mostPerSecond`. */
  readonly halfLoad: readonly HalfLoad[];
  /** Null on the embedded store, which cannot stand still and of which nothing is cached. */
  readonly overRedis: OverRedis | null;
}

export interface OverRedis {
  /** Half load, a second of it while Redis stood still. */
  readonly stops: readonly OpenLoopResult[];
  /** Of the serving processes, after so many different people. */
  readonly memory: { readonly bytes: number; readonly persons: number };
}

export interface TargetRow {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly reached: boolean;
}

/** Under this share of bids the windows were not full bids, and their numbers mean nothing. */
const BID_SHARE_MIN = 0.9;

export function targetRows(m: StoreMeasurement, fullBidRatioMax: number): TargetRow[] {
  const p99Us = median(m.halfLoad.map(({ bidder }) => bidder.bestHalfLatency.p99Us));
  const bids = m.fullBid.bidShare;
  return [
    atMost('full bid, server CPU against echo', m.fullBid.ratio, fullBidRatioMax),
    {
      what: 'bids among full-bid requests',
      measured: `${threeDigits(bids * 100)} %`,
      target: `>= ${BID_SHARE_MIN * 100} %`,
      reached: bids >= BID_SHARE_MIN,
    },
    atMost('unknown person, server CPU against echo', m.unknownPerson.ratio, 5),
    atMost('capped person, full log, the same', m.cappedPersons.ratio, fullBidRatioMax),
    reported(
      'full bids served per second',
      String(Math.round(m.fullBid.bidderPerSecond)),
      '10000, for orientation',
    ),
    atMost('p50 at half load against echo, best half', p50Ratio(m, 'bidder', 'bestHalfLatency'), 4),
    forOrientation('the same of all windows', p50Ratio(m, 'bidder', 'latency')),
    forOrientation(
      'and of an echo as busy as a bid, best half',
      p50Ratio(m, 'busyEcho', 'bestHalfLatency'),
    ),
    {
      what: 'p99 at half load, best half of windows',
      measured: formatUs(p99Us),
      target: '<= 10 ms',
      reached: p99Us <= 10_000,
    },
    ...(m.overRedis === null ? [] : redisRows(m.overRedis)),
  ];
}

function redisRows({ stops, memory }: OverRedis): TargetRow[] {
  const faults = storeStopFaults(stops);
  return [
    {
      what: 'store stopped for 1 s, slowest answer',
      measured: formatUs(slowestAnswerUs(stops)),
      target:
        faults.length === 0 ? '<= 100 ms, no errors' : `<= 100 ms, no errors: ${faults.join('; ')}`,
      reached: faults.length === 0,
    },
    reported(`memory after ${memory.persons} people`, megabytes(memory.bytes)),
  ];
}

export function scaleRows({ onePerSecond, twoPerSecond, garbageBytes }: Scale): TargetRow[] {
  return [
    reported('two workers against one, sharing cores', threeDigits(twoPerSecond / onePerSecond)),
    reported('garbage a full bid', `${threeDigits(garbageBytes / 1024)} KB`),
  ];
}

export function decisionRows({ campaigns, usPerDecision, ratio }: DecisionCost): TargetRow[] {
  const [few, many] = campaigns;
  return [
    atMost(`decision alone, ${many} campaigns against ${few}`, ratio, 4),
    reported(`decision alone, ${many} campaigns`, formatUs(usPerDecision[1]!)),
  ];
}

function p50Ratio(
  { halfLoad }: StoreMeasurement,
  side: 'bidder' | 'busyEcho',
  windows: 'latency' | 'bestHalfLatency',
): number {
  return median(halfLoad.map((round) => round[side][windows].p50Us / round.echo[windows].p50Us));
}

function forOrientation(what: string, ratio: number): TargetRow {
  return reported(what, threeDigits(ratio), 'for orientation');
}

function reported(what: string, measured: string, target = 'reported'): TargetRow {
  return { what, measured, target, reached: true };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}

function atMost(what: string, ratio: number, max: number): TargetRow {
  return { what, measured: threeDigits(ratio), target: `<= ${max}`, reached: ratio <= max };
}

function beside({ storeCpuUs }: CpuPairs): string {
  return storeCpuUs === 0 ? '' : ` and ${formatUs(storeCpuUs)} of the store's`;
}

/** What the ratios are of, in one line. */
export function formatMeasurement(m: StoreMeasurement): string {
  const { fullBid } = m;
  const half = Math.round(m.mostPerSecond / 2);
  return `${m.store}: ${formatUs(fullBid.bidderCpuUs)} of server CPU a bid${beside(fullBid)}, ${formatUs(fullBid.echoCpuUs)} an echo; ${fullBid.pairs.length} pairs, ${fullBid.client}; half load is ${half}/s, half of autocannon's closed loop`;
}

export function formatRows(rows: readonly TargetRow[]): string {
  return rows
    .map(
      ({ what, measured, target, reached }) =>
        `  ${what.padEnd(42)} ${measured.padStart(9)}   ${target.padEnd(22)} ${reached ? 'reached' : 'MISSED'}`,
    )
    .join('\n');
}
