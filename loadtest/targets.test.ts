import { expect, it } from 'vitest';
import type { LoadResult, OpenLoopResult } from './load-result.ts';
import {
  decisionRows,
  formatMeasurement,
  formatRows,
  type StoreMeasurement,
  scaleRows,
  targetRows,
} from './targets.ts';

it('reaches every target of the first slice', () => {
  check({}, []);
});

it('names the ratio that is too high', () => {
  check({ ratio: 12.1 }, ['full bid, server CPU against echo']);
  check({ unknownRatio: 5.1 }, ['unknown person, server CPU against echo']);
  check({ cappedRatio: 12.1 }, ['capped person, full log, the same']);
  check({ p50Us: 401 }, ['p50 at half load against echo, best half']);
  check({ p99Us: 10_001 }, ['p99 at half load, best half of windows']);
  check({ slowestUs: [99_000, 100_001, 100_001] }, ['store stopped for 1 s, slowest answer']);
  check({ errors: 1 }, ['store stopped for 1 s, slowest answer']);
});

it('lets a neighbour spoil one stop of the store', () => {
  check({ slowestUs: [20_000, 30_000, 500_000] }, []);
});

it('judges the decision alone', () => {
  const cost = { campaigns: [500, 2000], usPerDecision: [2, 8.5], bidShare: [1, 1] };
  expect(decisionRows({ ...cost, ratio: 4 })[0]).toMatchObject({ measured: '4.00', reached: true });
  expect(decisionRows({ ...cost, ratio: 4.01 })[0]).toMatchObject({ reached: false });
});

it('reports what has no target', () => {
  const rows = scaleRows({ onePerSecond: 8000, twoPerSecond: 12_000, garbageBytes: 28 * 1024 });
  expect(formatRows(rows)).toMatch(/two workers .* 1\.50 +reported.*\n +garbage .* 28\.0 KB/);
  expect(check({}, [])).toMatch(/memory after 90000 people +256 MB/);
});

it('does not take windows without bids for full bids', () => {
  check({ bidShare: 0.5 }, ['bids among full-bid requests']);
});

it('shows beside the p50 what an echo as busy takes', () => {
  expect(check({}, [])).toMatch(
    /p50 at half load against echo, best half +3\.00 .*\n +the same of all windows +2\.33 .*\n.* as busy as a bid, best half +2\.50/,
  );
});

function check(
  changes: Partial<{
    ratio: number;
    unknownRatio: number;
    cappedRatio: number;
    p50Us: number;
    p99Us: number;
    bidShare: number;
    slowestUs: number[];
    errors: number;
  }>,
  missed: string[],
): string {
  const { ratio = 9, unknownRatio = 3, cappedRatio = 7 } = changes;
  const { p50Us = 300, p99Us = 4000, bidShare = 1 } = changes;
  const { slowestUs = [30_000, 40_000, 50_000], errors = 0 } = changes;
  const measurement: StoreMeasurement = {
    store: 'embedded store',
    fullBid: pairs(ratio, bidShare),
    unknownPerson: pairs(unknownRatio, 0),
    cappedPersons: pairs(cappedRatio, 0),
    mostPerSecond: 8000,
    halfLoad: [
      {
        bidder: latencies(p50Us, p99Us),
        echo: latencies(100, 500),
        busyEcho: latencies(250, 3000),
      },
    ],
    overRedis: {
      stops: slowestUs.map((maxUs) => stopped(maxUs, errors)),
      memory: { bytes: 256 * 2 ** 20, persons: 90_000 },
    },
  };
  const rows = targetRows(measurement, 12);
  expect(rows.filter(({ reached }) => !reached).map(({ what }) => what)).toEqual(missed);
  const shown = `${formatMeasurement(measurement)}\n${formatRows(rows)}`;
  expect(shown.split('MISSED')).toHaveLength(missed.length + 1);
  return shown;
}

function pairs(ratio: number, bidShare: number): StoreMeasurement['fullBid'] {
  return {
    client: 'a client',
    pairs: [],
    ratio,
    bidderCpuUs: ratio * 7,
    storeCpuUs: 0,
    echoCpuUs: 7,
    bidderPerSecond: 12_000,
    bidShare,
    asked: 1,
  };
}

function latencies(p50Us: number, p99Us: number): LoadResult {
  const best = { count: 1, p50Us, p95Us: p99Us, p99Us, p999Us: p99Us, maxUs: p99Us };
  return { latency: { ...best, p50Us: p50Us + 50 }, bestHalfLatency: best } as LoadResult;
}

function stopped(maxUs: number, errors: number): OpenLoopResult {
  return { latency: { maxUs }, errors, non2xx: 0, unsent: 0 } as OpenLoopResult;
}
