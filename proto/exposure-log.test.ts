import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLANK,
  CAP_WINDOW_MAX_MS,
  CONFIRMED,
  capsAllow,
  EXPOSURE_BYTES,
  EXPOSURES_MAX,
  type Exposure,
  exposureState,
  exposuresEndMs,
  exposuresWithin,
  campaignKey as keyOf,
  RESERVED,
  withExposure,
  withoutExposure,
} from './exposure-log.ts';

const HOUR = 3_600_000;
const NOW = 1_790_000_000_000;
const MINE = keyOf('shop', 'mine');
const OTHER = keyOf('shop', 'other');

function logOf(...exposures: readonly Exposure[]): Uint8Array {
  let log = new Uint8Array(0);
  for (const exposure of exposures) log = new Uint8Array(withExposure(log, exposure, 0));
  return log;
}

function shown(campaignKey: number, atMs: number, bidKey = atMs): Exposure {
  return { campaignKey, bidKey, state: CONFIRMED, atMs };
}

function held(campaignKey: number, untilMs: number, bidKey = untilMs): Exposure {
  return { campaignKey, bidKey, state: RESERVED, atMs: untilMs };
}

it('gives no campaign the key of blanks', () => {
  // Its hash is 0.
  expect(keyOf('shop', 'a3eq0rf')).toBe(1);
});

describe('exposuresWithin', () => {
  function check(log: Uint8Array | null, scope: 'campaign' | 'shop', expected: number) {
    expect(exposuresWithin(log, MINE, scope, HOUR, NOW)).toBe(expected);
    if (log === null) return;
    // The same bytes at an odd offset of a larger buffer, as a pool hands them out.
    const pool = new Uint8Array(log.length + 3);
    pool.set(log, 3);
    expect(exposuresWithin(pool.subarray(3), MINE, scope, HOUR, NOW)).toBe(expected);
  }

  it('counts nothing without a log', () => check(null, 'shop', 0));
  it('counts what was shown within the window', () =>
    check(logOf(shown(MINE, NOW - HOUR + 1)), 'campaign', 1));
  it('leaves out what was shown exactly one window ago', () =>
    check(logOf(shown(MINE, NOW - HOUR)), 'campaign', 0));
  it('counts a reservation until its expiry', () =>
    check(logOf(held(MINE, NOW + 1)), 'campaign', 1));
  it('forgets a reservation at its expiry', () => check(logOf(held(MINE, NOW)), 'campaign', 0));
  it('counts the campaign alone', () =>
    check(logOf(shown(MINE, NOW), shown(OTHER, NOW)), 'campaign', 1));
  it('counts the whole shop', () => check(logOf(shown(MINE, NOW), shown(OTHER, NOW)), 'shop', 2));
  it('counts a blank for every campaign until its expiry', () => {
    check(logOf(held(BLANK, NOW + 1)), 'campaign', 1);
    check(logOf(held(BLANK, NOW + 1)), 'shop', 1);
    check(logOf(held(BLANK, NOW)), 'campaign', 0);
  });
  it('reads a damaged log as none', () =>
    check(logOf(shown(MINE, NOW)).subarray(0, EXPOSURE_BYTES - 1), 'shop', 0));
  it('answers at least EXPOSURES_MAX for a full log, whatever the campaign', () => {
    const full = logOf(
      ...Array.from({ length: EXPOSURES_MAX }, (_, i) => shown(OTHER, NOW - i, i + 1)),
    );
    expect(exposuresWithin(full, MINE, 'campaign', HOUR, NOW)).toBe(EXPOSURES_MAX);
    expect(capsAllow(full, MINE, [{ scope: 'campaign', impsMax: 9999, windowMs: HOUR }], NOW)).toBe(
      false,
    );
  });
});

describe('withExposure', () => {
  it('keeps one entry a bid, the newest last, and drops what no longer counts', () => {
    const log = logOf(
      held(MINE, NOW - 5, 1),
      shown(OTHER, NOW - CAP_WINDOW_MAX_MS, 2),
      held(MINE, NOW + 5, 3),
    );
    const after = withExposure(log, shown(MINE, NOW, 3), NOW);
    expect(after.length).toBe(EXPOSURE_BYTES);
    expect(exposureState(after, MINE, 3, NOW)).toBe(CONFIRMED);
  });

  it('stays full and capped when one more is shown', () => {
    const full = logOf(
      ...Array.from({ length: EXPOSURES_MAX }, (_, i) => shown(OTHER, NOW, i + 1)),
    );
    const after = withExposure(full, shown(MINE, NOW, 9_007_199_254_740_991), NOW);
    expect(after.length).toBe(EXPOSURES_MAX * EXPOSURE_BYTES);
    expect(exposureState(after, MINE, 9_007_199_254_740_991, NOW)).toBe(CONFIRMED);
    expect(exposureState(after, OTHER, 1, NOW)).toBe(0);
  });

  it('answers every rule at once as one by one', () => {
    const entry = fc.record({
      campaignKey: fc.constantFrom(MINE, OTHER, BLANK),
      bidKey: fc.integer({ min: 1, max: 50 }),
      state: fc.constantFrom(RESERVED, CONFIRMED) as fc.Arbitrary<1 | 2>,
      atMs: fc.integer({ min: NOW - 3 * HOUR, max: NOW + HOUR }),
    });
    const rule = fc.record({
      scope: fc.constantFrom('campaign', 'shop') as fc.Arbitrary<'campaign' | 'shop'>,
      impsMax: fc.integer({ min: 0, max: 9 }),
      windowMs: fc.constantFrom(HOUR, 2 * HOUR, 4 * HOUR),
    });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 30 }),
        fc.array(rule, { maxLength: 10 }),
        (entries, rules) => {
          const log = logOf(...entries);
          const each = rules.every(
            ({ scope, impsMax, windowMs }) =>
              exposuresWithin(log, MINE, scope, windowMs, NOW) < impsMax,
          );
          expect(capsAllow(log, MINE, rules, NOW)).toBe(each);
        },
      ),
    );
  });

  it('agrees with a plain list, whatever is written', () => {
    const entry = fc.record({
      campaignKey: fc.constantFrom(MINE, OTHER, BLANK, 0xffff_ffff),
      bidKey: fc.integer({ min: 1, max: 12 }),
      state: fc.constantFrom(RESERVED, CONFIRMED) as fc.Arbitrary<1 | 2>,
      atMs: fc.integer({ min: NOW - 2 * HOUR, max: NOW + HOUR }),
    });
    const model = (entries: readonly Exposure[]) =>
      entries.filter(
        ({ campaignKey, state, atMs }) =>
          (campaignKey === MINE || campaignKey === BLANK) &&
          atMs > (state === RESERVED ? NOW : NOW - HOUR),
      ).length;
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (written) => {
        let log: Uint8Array | null = null;
        let list: Exposure[] = [];
        for (const e of written) {
          log = withExposure(log, e, NOW - HOUR);
          list = list.filter((x) => x.campaignKey !== e.campaignKey || x.bidKey !== e.bidKey);
          list.push(e);
        }
        expect(exposuresWithin(log, MINE, 'campaign', HOUR, NOW)).toBe(model(list));
        for (const e of written) log = withoutExposure(log, e.campaignKey, e.bidKey, NOW);
        expect(exposuresWithin(log, MINE, 'shop', HOUR, NOW)).toBe(0);
      }),
    );
  });
});

describe('exposuresEndMs', () => {
  it('is the last moment at which an entry counts', () => {
    expect(exposuresEndMs(logOf(held(MINE, NOW + 7), held(OTHER, NOW + 3)))).toBe(NOW + 7);
    expect(exposuresEndMs(logOf(held(MINE, NOW + 7), shown(OTHER, NOW)))).toBe(
      NOW + CAP_WINDOW_MAX_MS,
    );
  });
});
