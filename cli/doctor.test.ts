import { expect, it } from 'vitest';
import { busyPolling } from './doctor.ts';

const FOUR = { processes: 2, workers: 2 };
const NO_QUOTA = 'max 100000';

it('finds busy polling well that is off, or has a core more than workers', () => {
  expect(busyPolling({ ...FOUR, busyPollMs: 0 }, { cores: 1, cpuMax: '50000 100000' })).toEqual({
    part: 'busy polling',
    ok: true,
    needed: false,
    detail: 'off',
  });
  for (const cpuMax of ['', NO_QUOTA])
    expect(busyPolling({ ...FOUR, busyPollMs: 1 }, { cores: 5, cpuMax }).ok).toBe(true);
});

it('warns of polling where workers take every core, and under a CPU quota', () => {
  const config = { ...FOUR, busyPollMs: 1 };
  expect(busyPolling(config, { cores: 4, cpuMax: NO_QUOTA })).toMatchObject({
    ok: false,
    needed: false,
    detail: '4 workers poll for 1 ms, 4 cores: whatever else runs here waits for one',
  });
  expect(busyPolling(config, { cores: 8, cpuMax: '400000 100000' })).toMatchObject({
    ok: false,
    detail: '4 workers poll for 1 ms under a CPU quota (cpu.max 400000 100000): it will stop them',
  });
});
