import { expect, it } from 'vitest';
import { busyPolling } from './busy-polling.ts';

const FOUR = { processes: 2, workers: 2, busyPollMs: 1 };
const NO_QUOTA = 'max 100000';

it('is well when it is off, and with a core more than workers', () => {
  const off = busyPolling({ ...FOUR, busyPollMs: 0 }, { cores: 1, quota: '50000 100000' });
  expect(off).toEqual({ ok: true, detail: 'off' });
  for (const quota of ['', NO_QUOTA])
    expect(busyPolling(FOUR, { cores: 5, quota })).toEqual({
      ok: true,
      detail: '4 workers poll for 1 ms, 5 cores',
    });
});

it('is warned of where workers take every core, and under a CPU quota', () => {
  expect(busyPolling(FOUR, { cores: 4, quota: NO_QUOTA })).toEqual({
    ok: false,
    detail: '4 workers poll for 1 ms, 4 cores: whatever else runs here waits for one',
  });
  const one = { ...FOUR, processes: 1, workers: 1 };
  expect(busyPolling(one, { cores: 8, quota: '400000 100000' })).toEqual({
    ok: false,
    detail: '1 worker polls for 1 ms, CPU quota 400000 100000: it will stop them',
  });
});
