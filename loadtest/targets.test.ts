import { expect, it } from 'vitest';
import type { LoadResult } from './load-result.ts';
import { formatTargets, type StoreMeasurement, targetRows } from './targets.ts';

it('reaches every target of the first slice', () => {
  check({}, []);
});

it('names the ratio that is too high', () => {
  check({ ratio: 12.1 }, ['full bid, server CPU against echo']);
  check({ unknownRatio: 5.1 }, ['unknown person, server CPU against echo']);
  check({ cappedRatio: 12.1 }, ['capped person, full log, the same']);
  check({ p50Us: 401 }, ['p50 at half load against echo, best half']);
  check({ p99Us: 10_001 }, ['p99 at half load, best half of windows']);
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
  }>,
  missed: string[],
): string {
  const { ratio = 9, unknownRatio = 3, cappedRatio = 7 } = changes;
  const { p50Us = 300, p99Us = 4000, bidShare = 1 } = changes;
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
  };
  const rows = targetRows(measurement, 12);
  expect(rows.filter(({ reached }) => !reached).map(({ what }) => what)).toEqual(missed);
  const shown = formatTargets(measurement, rows);
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
  };
}

function latencies(p50Us: number, p99Us: number): LoadResult {
  const best = { count: 1, p50Us, p95Us: p99Us, p99Us, p999Us: p99Us, maxUs: p99Us };
  return { latency: { ...best, p50Us: p50Us + 50 }, bestHalfLatency: best } as LoadResult;
}
