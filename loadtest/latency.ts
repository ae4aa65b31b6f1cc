/** Latencies in microseconds: recording, summing up, and how people read them. */
import { build, type Histogram } from 'hdr-histogram-js';

const HIGHEST_US = 60_000_000;

export function latencyHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
  });
}

/** Never throws: what is over a minute is a minute. */
export function recordMs(histogram: Histogram, ms: number): void {
  histogram.recordValue(Math.max(1, Math.min(HIGHEST_US, Math.round(ms * 1000))));
}

export interface LatencySummary {
  readonly count: number;
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
}

export function summarise(histogram: Histogram): LatencySummary {
  return {
    count: histogram.totalCount,
    p50Us: histogram.getValueAtPercentile(50),
    p95Us: histogram.getValueAtPercentile(95),
    p99Us: histogram.getValueAtPercentile(99),
    p999Us: histogram.getValueAtPercentile(99.9),
    maxUs: histogram.totalCount === 0 ? 0 : histogram.maxValue,
  };
}

/**
 * The half of the windows with the lowest p99, summed up: on a shared machine the other half shows
 * what the neighbours did. Empty windows do not count.
 */
export function bestHalf(windows: readonly Histogram[]): LatencySummary {
  const filled = windows.filter(({ totalCount }) => totalCount > 0);
  filled.sort((a, b) => a.getValueAtPercentile(99) - b.getValueAtPercentile(99));
  const merged = latencyHistogram();
  for (const window of filled.slice(0, Math.ceil(filled.length / 2))) merged.add(window);
  return summarise(merged);
}

/** Three digits that matter: `87 us`, `1.24 ms`, `2.05 s`. */
export function formatUs(us: number): string {
  if (us < 1000) return `${Math.round(us)} us`;
  if (us < 999_500) return `${threeDigits(us / 1000)} ms`;
  return `${threeDigits(us / 1_000_000)} s`;
}

export function threeDigits(n: number): string {
  return n.toFixed(n < 9.995 ? 2 : n < 99.95 ? 1 : 0);
}

/** The middle value; of an even count the mean of the middle two. NaN when there is none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
