import { expect, it } from 'vitest';
import { refuseLaterDay } from './later-day.ts';

/** The evening of 22 November in New York, and the 23rd already in London. */
const nowMs = Date.parse('2026-11-23T03:00:00Z');
const timeZone = 'America/New_York';

it('takes every moment until the shop’s day ends, and refuses what comes after', () => {
  const last = Date.parse('2026-11-23T05:00:00Z') - 1;
  for (const asOfMs of [0, nowMs, last]) refuseLaterDay({ asOfMs, nowMs, timeZone });
  expect(() => refuseLaterDay({ asOfMs: last + 1, nowMs, timeZone })).toThrow(
    '--as-of 2026-11-23T05:00:00.000Z is later than today, 2026-11-22 in America/New_York: bids would ' +
      'go by that day from now on. If that is meant, run again with --force',
  );
  expect(() => refuseLaterDay({ asOfMs: 8.64e15, nowMs, timeZone })).toThrow('+275760');
});
