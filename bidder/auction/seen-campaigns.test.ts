import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  BLANK,
  type CapRule,
  CONFIRMED,
  campaignKey,
  capsAllow,
  EXPOSURES_MAX,
  type Exposure,
  exposuresWithin,
  RESERVED,
  withExposure,
} from '../../proto/exposure-log.ts';
import { copyRow, hasBit } from './bitmap.ts';
import { nobody, type PersonView } from './person-view.ts';
import { FATIGUE_WINDOW_MS } from './price-bid.ts';
import { clearCapped, emptySeen, forgetSeen, type SeenCampaigns } from './seen-campaigns.ts';
import { campaign, DAY_MS, NOW_MS, SEGMENTS, SHOP, snapshotOf } from './shop.contract.ts';
import type { ShopSnapshot } from './snapshot.ts';

const arbRule = fc.record({
  scope: fc.constantFrom('campaign' as const, 'campaign' as const, 'shop' as const),
  impsMax: fc.integer({ min: 1, max: 12 }),
  windowMs: fc.constantFrom(DAY_MS, 7 * DAY_MS),
});
const CAMPAIGNS = 4;
const NO_MORE = CAMPAIGNS;
const UNKNOWN = CAMPAIGNS + 1;
/** Also of a campaign that the shop has no more, and blanks. */
const arbExposure = fc
  .record({
    campaign: fc.nat(UNKNOWN),
    state: fc.constantFrom(RESERVED, CONFIRMED) as fc.Arbitrary<1 | 2>,
    ageMs: fc.integer({ min: -1, max: 40 }).map((quarters) => (quarters * DAY_MS) / 4),
  })
  .map((one) => (one.campaign === UNKNOWN ? { ...one, state: RESERVED as 1 } : one));
const arbLog = fc.array(arbExposure, { maxLength: 40, size: 'max' });

it('promise 2: finds in one pass what counting anew for every campaign and rule finds', () => {
  const outcomes = new Set<boolean>();
  fc.assert(
    fc.property(
      fc.array(fc.array(arbRule, { maxLength: 3 }), { minLength: CAMPAIGNS, maxLength: CAMPAIGNS }),
      fc.array(arbRule, { maxLength: 1 }),
      fc.array(arbLog, { minLength: 1, maxLength: 3 }),
      (caps, segmentCaps, logs) => {
        const all = caps.map((rules, i) => campaign(`c${i}`, { caps: rules }));
        const shop = snapshotOf(all).shops[0]!;
        const seen = emptySeen();
        for (const log of logs) {
          const view = viewOf(logOf(log), segmentCaps);
          const left = clear(seen, shop, view);
          for (const [i, { campaign: name, caps: own }] of all.entries()) {
            const key = campaignKey(SHOP, name);
            const allowed = capsAllow(view.exposures, key, [...own, ...segmentCaps], NOW_MS);
            expect(left[i]).toBe(allowed);
            outcomes.add(allowed);
            // Nobody prices a campaign that is cleared.
            if (!allowed) continue;
            // Nor is anybody tired of what may be of another campaign.
            const named = logOf(log.filter((exposure) => exposure.campaign !== UNKNOWN));
            expect(seen.counts[i]).toBe(
              exposuresWithin(named, key, 'campaign', FATIGUE_WINDOW_MS, NOW_MS),
            );
          }
        }
      },
    ),
    { numRuns: 100 },
  );
  expect([...outcomes].sort()).toEqual([false, true]);
});

it('promise 2: leaves to a person with a full log only what has no cap, tired of what it has seen', () => {
  const rule = { scope: 'campaign' as const, impsMax: 1000, windowMs: DAY_MS };
  const all = [campaign('c0', { caps: [rule] }), campaign('c1')];
  const shop = snapshotOf(all).shops[0]!;
  const seen = emptySeen();
  const shown = (at: number) => ({ campaign: at, state: CONFIRMED, ageMs: 0 }) as const;
  const full = Array.from({ length: EXPOSURES_MAX }, (_, i) => shown(i % 2 === 0 ? 1 : NO_MORE));
  expect(clear(seen, shop, viewOf(logOf(full.slice(1)), []))).toEqual([true, true]);
  expect(clear(seen, shop, viewOf(logOf(full), []))).toEqual([false, true]);
  expect(seen.counts[1]).toBe(EXPOSURES_MAX);
  expect(clear(seen, shop, viewOf(logOf(full), [rule]))).toEqual([false, false]);
  expect(clear(seen, shop, viewOf(null, [rule]))).toEqual([true, true]);
});

function viewOf(exposures: Uint8Array | null, caps: readonly CapRule[]): PersonView {
  const [segment] = SEGMENTS;
  const shaping = { ...segment!, effect: { ...segment!.effect, caps } };
  return { ...nobody(), person: 'p', countsKnown: true, shaping, exposures };
}

/** Which campaigns are left, by ordinal. */
function clear(seen: SeenCampaigns, shop: ShopSnapshot, view: PersonView): boolean[] {
  forgetSeen(seen, shop.campaigns.length);
  const base = new Int32Array(shop.index.words);
  copyRow(base, shop.bits, shop.index.active);
  clearCapped(base, shop, view, { seen, nowMs: NOW_MS });
  return shop.campaigns.map((_, ordinal) => hasBit(base, 0, shop.index.placeOf[ordinal]!));
}

function logOf(exposures: readonly { campaign: number; state: 1 | 2; ageMs: number }[]) {
  let log: Uint8Array | null = null;
  for (const [i, { campaign: at, state, ageMs }] of exposures.entries()) {
    const exposure: Exposure = {
      campaignKey: at === UNKNOWN ? BLANK : campaignKey(SHOP, `c${at}`),
      bidKey: i + 1,
      state,
      atMs: NOW_MS - ageMs,
    };
    log = withExposure(log, exposure, 0);
  }
  return log;
}
