/** What a benchmark found, as JSON for machines and as text for people. */

import type { CpuPairs } from './cpu-pairs.ts';
import { formatUs, threeDigits } from './latency.ts';
import type { LoadResult } from './load-result.ts';
import type { CorpusShares } from './request-corpus.ts';

export const BENCH_REPORT_FORMAT = 1;

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
}

export interface BenchReport {
  readonly v: typeof BENCH_REPORT_FORMAT;
  readonly at: string;
  readonly url: string;
  readonly seed: number;
  readonly machine: Machine;
  readonly mix: CorpusShares & { readonly bodies: number; readonly meanBytes: number };
  /** The most the service answers: closed loop. */
  readonly maximum: LoadResult;
  /** Latency at a rate: open loop. */
  readonly atRate: LoadResult;
  /** Null with the reason in `notes` where no echo could be measured. */
  readonly cost: CpuPairs | null;
  readonly verdict: 'VALID' | 'INVALID';
  /** Why the numbers are not the server's; empty when VALID. */
  readonly invalid: readonly string[];
  readonly notes: readonly string[];
  /** Thresholds, as they were written, that were not kept. */
  readonly breached: readonly string[];
}

const BUSY_SHARE_MAX = 0.85;
const ACHIEVED_SHARE_MIN = 0.98;

/** The generator's own limits, seen in its numbers: then they say nothing about the server. */
export function invalidBecause(maximum: LoadResult, atRate: LoadResult): string[] {
  const reasons: string[] = [];
  if (maximum.generatorBusyShare > BUSY_SHARE_MAX) {
    reasons.push(
      `the generator was busy ${percent(maximum.generatorBusyShare)} of the closed loop: the maximum is the generator's`,
    );
  }
  if (atRate.generatorBusyShare > BUSY_SHARE_MAX) {
    reasons.push(
      `the generator was busy ${percent(atRate.generatorBusyShare)} of the time at the rate: latencies hold its own queue`,
    );
  }
  const achieved = atRate.answeredPerSecond / (atRate.targetPerSecond ?? Number.NaN);
  if (!(achieved >= ACHIEVED_SHARE_MIN)) {
    reasons.push(`only ${percent(achieved)} of the target rate was reached`);
  }
  return reasons;
}

/** Broken connections, timeouts, 5xx and requests that found no connection, of all that were due. */
export function errorShare(result: LoadResult): number {
  const failed = result.errors + result.serverErrors + result.unsent;
  return failed / Math.max(1, result.answered + result.errors + result.unsent);
}

/** The report as a person reads it, several lines. */
export function formatReport(report: BenchReport): string {
  const { mix, machine } = report;
  const lines = [
    `${report.url} · ${machine.cores} × ${machine.cpu} · node ${machine.node} · seed ${report.seed}`,
    `mix        ${mix.bodies} bodies of ${Math.round(mix.meanBytes)} bytes: known ${percent(mix.known)}, without consent ${percent(mix.withoutConsent)}, malformed ${percent(mix.malformed)}, the rest unknown`,
    ...resultLines('maximum', report.maximum),
    ...resultLines('at a rate', report.atRate),
    ...(report.cost === null ? [] : costLines(report.cost)),
    ...report.notes.map((note) => `note       ${note}`),
    ...report.invalid.map((reason) => `INVALID    ${reason}`),
    ...report.breached.map((threshold) => `BREACHED   ${threshold}`),
  ];
  if (report.verdict === 'VALID' && report.breached.length === 0) lines.push('VALID');
  return lines.join('\n');
}

function resultLines(name: string, result: LoadResult): string[] {
  const { latency } = result;
  const target =
    result.targetPerSecond === null ? '' : ` of ${whole(result.targetPerSecond)}/s due`;
  return [
    `${name.padEnd(10)} ${whole(result.answeredPerSecond)}/s answered${target} · bids ${percent(result.bids / Math.max(1, result.answered))} · errors ${percent(errorShare(result))} · not 2xx ${percent(result.non2xx / Math.max(1, result.answered))}`,
    `           p50 ${formatUs(latency.p50Us)} · p95 ${formatUs(latency.p95Us)} · p99 ${formatUs(latency.p99Us)} · p99.9 ${formatUs(latency.p999Us)} · best half p99 ${formatUs(result.bestHalfLatency.p99Us)}`,
    `           ${result.client}, busy ${percent(result.generatorBusyShare)}`,
  ];
}

function costLines(cost: CpuPairs): string[] {
  return [
    `cost       ${threeDigits(cost.ratio)} times a bare echo: ${formatUs(cost.bidderCpuUs)} of server CPU a request against ${formatUs(cost.echoCpuUs)} (median of ${cost.pairs.length} pairs, everybody known, bids ${percent(cost.bidShare)})`,
    `           ${cost.client}`,
  ];
}

function whole(n: number): string {
  return Math.round(n).toLocaleString('en');
}

function percent(share: number): string {
  return `${threeDigits(share * 100)} %`;
}
