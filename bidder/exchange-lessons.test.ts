import { describe, expect, it } from 'vitest';
import { type Store, StoreUnavailable } from '../store/ports.ts';
import { campaign, NOW_MS, snapshotOf } from './auction/shop.contract.ts';
import { type Bench, bidRequest, EXCHANGE, openBench, refuseCreative } from './bidder.contract.ts';
import { pausedCreatives } from './exchange-lessons.ts';

const everybody = snapshotOf([campaign('open')]);
const count = (bench: Bench, name: string, ...labels: string[]) =>
  bench.metrics.snapshot()[bench.metrics.slot(name, ...labels)]!;

/** Tells a window of losses, and begins the next. */
function tellLosses(bench: Bench, reason: string, atMs = NOW_MS): void {
  for (let i = 0; i < 50; i++) bench.bidder.lossSeen('demo', { reason, atMs });
  bench.clock.monotonicMs += 10_000;
  bench.bidder.lossSeen('demo', { reason, atMs });
}

describe('a refused creative', () => {
  it('is paused by what the store has learned, from the next reading on', async () => {
    await using bench = await openBench(everybody);
    const [bid] = JSON.parse(bench.post(bidRequest('anna')).body).seatbid[0].bid;
    await refuseCreative(bench, bid.crid);
    expect(await pausedCreatives(bench.store.learned, 'demo', NOW_MS)).toEqual(new Set([bid.crid]));
    expect((await pausedCreatives(bench.store.learned, 'other', NOW_MS)).size).toBe(0);
    await bench.bidder.refreshLessons();
    expect(bench.post(bidRequest('anna')).status).toBe(204);
    expect(count(bench, 'rekindle_nobid_total', 'creative-disapproved')).toBe(1);
    expect(count(bench, 'rekindle_creatives_paused', 'demo')).toBe(1);
    bench.bidder.serve(everybody, [EXCHANGE]);
    expect(bench.post(bidRequest('anna')).status).toBe(204);
    bench.clock.nowMs += 3_600_000;
    await bench.bidder.refreshLessons();
    expect(count(bench, 'rekindle_creatives_paused', 'demo')).toBe(0);
  });
});

it('stays paused, and is counted, while the store does not answer', async () => {
  let away = false;
  const leaving = (real: Store): Store => ({
    ...real,
    learned: {
      read: (...asked) => real.learned.read(...asked),
      update: (...asked) => real.learned.update(...asked),
      list: (...asked) =>
        away ? Promise.reject(new StoreUnavailable('away')) : real.learned.list(...asked),
    },
  });
  await using bench = await openBench(everybody, { store: leaving });
  const [bid] = JSON.parse(bench.post(bidRequest('anna')).body).seatbid[0].bid;
  await refuseCreative(bench, bid.crid);
  await bench.bidder.refreshLessons();
  away = true;
  await bench.bidder.refreshLessons();
  expect(count(bench, 'rekindle_lesson_failures_total')).toBe(1);
  expect(bench.post(bidRequest('anna')).status).toBe(204);
  expect(bench.errors).toEqual([]);
});

describe('the margin of an exchange', () => {
  const marginMs = (bench: Bench) => count(bench, 'rekindle_answer_margin_ms', 'demo');

  it('is what settings say, and grows by losses for lateness, until settings change', async () => {
    await using bench = await openBench(everybody);
    expect(marginMs(bench)).toBe(20);
    tellLosses(bench, 'outbid');
    expect(marginMs(bench)).toBe(20);
    tellLosses(bench, 'expired');
    expect(marginMs(bench)).toBe(40);
    bench.bidder.serve(everybody, [{ ...EXCHANGE, networkMaxMs: 25 }]);
    expect(marginMs(bench)).toBe(25);
  });

  it('is taken off tmax, but never more than half of it', async () => {
    const exchange = { ...EXCHANGE, networkMs: 2, networkMaxMs: 60 };
    await using bench = await openBench(everybody, { exchange });
    const statusAt = (tmax: number) => bench.post(bidRequest('anna', { tmax })).status;
    const tooLate = () => count(bench, 'rekindle_nobid_total', 'too-late');
    // Of 12 ms 2 go to the network and 2 to the socket; then 6 and 2, and 4 are not worth beginning.
    expect([statusAt(12), tooLate()]).toEqual([200, 0]);
    tellLosses(bench, 'expired');
    expect(marginMs(bench)).toBe(31);
    expect([statusAt(12), tooLate()]).toEqual([204, 1]);
    expect([statusAt(20), tooLate()]).toEqual([200, 1]);
  });

  it('learns nothing from losses of a replay, or of an exchange that is not there', async () => {
    await using bench = await openBench(everybody);
    tellLosses(bench, 'expired', NOW_MS - 60_001);
    bench.bidder.lossSeen('gone', { reason: 'expired', atMs: NOW_MS });
    expect(marginMs(bench)).toBe(20);
  });
});
