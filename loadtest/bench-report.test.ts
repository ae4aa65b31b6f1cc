import { expect, it } from 'vitest';
import { type BenchReport, errorShare, formatReport, invalidBecause } from './bench-report.ts';
import type { LoadResult } from './load-result.ts';

it('is valid when the generator had time to spare and reached its rate', () => {
  expect(invalidBecause(result({}), result({ targetPerSecond: 1000 }))).toEqual([]);
});

it('is INVALID when the generator was the bottleneck', () => {
  const calm = result({ targetPerSecond: 1000 });
  expect(invalidBecause(result({ generatorBusyShare: 0.86 }), calm)[0]).toContain(
    "86.0 % of the closed loop: the maximum is the generator's",
  );
  expect(invalidBecause(result({}), { ...calm, generatorBusyShare: 0.9 })).toHaveLength(1);
  expect(invalidBecause(result({}), { ...calm, answeredPerSecond: 970 })[0]).toBe(
    'only 97.0 % of the target rate was reached',
  );
});

it('counts as errors what broke, what was 5xx and what was never sent', () => {
  const failing = result({ answered: 980, errors: 10, unsent: 10, serverErrors: 5, non2xx: 50 });
  expect(errorShare(failing)).toBeCloseTo(0.025, 10);
});

it('reads well', () => {
  const report: BenchReport = {
    v: 1,
    at: '2026-11-22T05:00:00.000Z',
    url: 'http://127.0.0.1:8080/bid/generic',
    seed: 7,
    machine: { cpu: 'EPYC', cores: 2, memoryGb: 4, kernel: '6.1', node: '20.20.2' },
    mix: { known: 0.3, withoutConsent: 0.05, malformed: 0.05, bodies: 5000, meanBytes: 2512.4 },
    maximum: result({}),
    atRate: result({ targetPerSecond: 500, answeredPerSecond: 499 }),
    cost: {
      client: 'own spinning client',
      pairs: [],
      ratio: 8.412,
      bidderCpuUs: 61,
      storeCpuUs: 0,
      echoCpuUs: 7.3,
      bidderPerSecond: 15_000,
      bidShare: 0.97,
      asked: 0,
    },
    verdict: 'VALID',
    invalid: [],
    notes: [],
    breached: ['p99=1ms'],
  };
  const text = formatReport(report);
  expect(text).toContain('499/s answered of 500/s due');
  expect(text).toContain('p50 120 us · p95 900 us · p99 1.50 ms · p99.9 12.3 ms');
  expect(text).toContain('8.41 times a bare echo: 61 us of server CPU a request against 7 us');
  expect(text).toContain('BREACHED   p99=1ms');
});

function result(changes: Partial<LoadResult>): LoadResult {
  const latency = {
    count: 1000,
    p50Us: 120,
    p95Us: 900,
    p99Us: 1500,
    p999Us: 12_345,
    maxUs: 20_000,
  };
  return {
    client: 'a client',
    seconds: 1,
    targetPerSecond: null,
    answeredPerSecond: 1000,
    answered: 1000,
    bids: 300,
    noBids: 650,
    non2xx: 50,
    serverErrors: 0,
    errors: 0,
    unsent: 0,
    bidBytes: 750_000,
    generatorBusyShare: 0.4,
    latency,
    bestHalfLatency: latency,
    ...changes,
  };
}
