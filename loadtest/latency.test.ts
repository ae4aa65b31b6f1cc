import { expect, it } from 'vitest';
import { bestHalf, formatUs, latencyHistogram, median, recordMs, summarise } from './latency.ts';

it('gives percentiles in microseconds to three digits', () => {
  const histogram = latencyHistogram();
  for (let us = 1; us <= 10_000; us++) recordMs(histogram, us / 1000);
  const { p50Us, p95Us, p99Us, p999Us, count } = summarise(histogram);
  expect(count).toBe(10_000);
  check(p50Us, 5000);
  check(p95Us, 9500);
  check(p99Us, 9900);
  check(p999Us, 9990);
});

it('takes over a minute for a minute, and less than a microsecond for one', () => {
  const histogram = latencyHistogram();
  recordMs(histogram, 1e9);
  recordMs(histogram, 0);
  expect(summarise(histogram).maxUs).toBeGreaterThanOrEqual(60_000_000);
  expect(summarise(histogram).p50Us).toBe(1);
});

it('leaves the worse half of the windows out', () => {
  const windows = [1, 100, 2, 200].map((ms) => {
    const histogram = latencyHistogram();
    recordMs(histogram, ms);
    return histogram;
  });
  expect(bestHalf(windows)).toMatchObject({ count: 2 });
  check(bestHalf(windows).maxUs, 2000);
});

it('prints times with three digits that matter', () => {
  expect([7, 87.4, 999, 1240, 12_345, 123_456, 999_400, 2_051_000].map(formatUs)).toEqual([
    '7 us',
    '87 us',
    '999 us',
    '1.24 ms',
    '12.3 ms',
    '123 ms',
    '999 ms',
    '2.05 s',
  ]);
});

it('takes the middle of an odd count and the mean of the middle two of an even one', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
});

function check(us: number, expected: number): void {
  expect(Math.abs(us - expected) / expected).toBeLessThan(0.002);
}
