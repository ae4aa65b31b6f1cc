import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONFIRMED,
  campaignKey,
  capsAllow,
  type Exposure,
  exposuresWithin,
  withExposure,
} from '../../proto/exposure-log.ts';
import { type Campaign, DEVICE_KINDS } from '../../settings/workspace.ts';
import { decide } from './decide.ts';
import { type Decision, type DecisionInput, emptyDecision } from './decision.ts';
import { explainDecision } from './explain-decision.ts';
import { nobody, type PersonView } from './person-view.ts';
import { FATIGUE_WINDOW_MS, fatigueFactor, personFactors } from './price-bid.ts';
import {
  banner,
  campaign,
  DAY_MS,
  decisionInput,
  imp,
  NOW_MS,
  request,
  SEGMENTS,
  SHOP,
  snapshotOf,
} from './shop.contract.ts';
import type { Snapshot } from './snapshot.ts';

function run(snapshot: Snapshot, input: DecisionInput): Decision {
  const out = emptyDecision();
  decide(snapshot, input, out);
  return out;
}

const SIZES = ['300x250', '728x90', '320x50'];
const names = SEGMENTS.map(({ segment }) => segment);
const cap = fc.record({
  scope: fc.constantFrom('campaign' as const, 'shop' as const),
  impsMax: fc.integer({ min: 1, max: 4 }),
  windowMs: fc.constantFrom(DAY_MS, 7 * DAY_MS),
});
const arbCampaign = fc.record({
  active: fc.constantFrom(true, true, true, false),
  startMs: fc.constantFrom(NOW_MS - DAY_MS, NOW_MS, NOW_MS + 1),
  multiplier: fc.constantFrom(0.5, 1, 1.5, 2),
  maxCpmMicros: fc.constantFrom(500_000, 50_000_000),
  anyOf: fc.subarray(names),
  // No generation has the last one: nobody knows whom the campaign is to leave out.
  noneOf: fc.subarray([...names, 'left_out'], { maxLength: 1 }),
  exchanges: fc.constantFrom([], ['demo'], ['other']),
  countries: fc.constantFrom([], ['USA'], ['DEU', 'FRA']),
  devices: fc.subarray([...DEVICE_KINDS], { maxLength: 2 }),
  sizes: fc.subarray(SIZES, { minLength: 1 }),
  attributes: fc.subarray([1, 7]),
  caps: fc.array(cap, { maxLength: 2 }),
});
const arbCase = fc.record({
  campaigns: fc.array(arbCampaign, { minLength: 20, maxLength: 70 }),
  seen: fc.array(fc.tuple(fc.nat(69), fc.nat(10)), { maxLength: 12 }),
  segments: fc.subarray([0, 1, 2]),
  countsKnown: fc.boolean(),
  size: fc.constantFrom({ w: 300, h: 250 }, { w: 320, h: 50 }),
  battr: fc.subarray([1, 7, 9]),
  floorCpmMicros: fc.constantFrom(0, 4_000_000),
  device: fc.nat(4),
  rich: fc.boolean(),
  /** Taken in turn by the campaigns. */
  pacing: fc.array(fc.constantFrom(0.5, 0.75, 1, 1), { minLength: 1, maxLength: 7 }),
});
type Case = typeof arbCase extends fc.Arbitrary<infer T> ? T : never;

function world(drawn: Case): { snapshot: Snapshot; input: DecisionInput; all: Campaign[] } {
  const all = drawn.campaigns.map((each, i) => campaign(`c${i}`, each));
  let exposures: Uint8Array | null = null;
  drawn.seen.forEach(([at, daysAgo], i) => {
    const key = campaignKey(SHOP, `c${at}`);
    const atMs = NOW_MS - daysAgo * DAY_MS;
    const exposure: Exposure = { campaignKey: key, bidKey: i + 1, state: CONFIRMED, atMs };
    exposures = withExposure(exposures, exposure, NOW_MS);
  });
  const view: PersonView = { ...nobody(), person: 'p', countsKnown: drawn.countsKnown };
  view.segments = drawn.segments;
  view.exposures = drawn.countsKnown ? exposures : null;
  const funds = drawn.rich ? 1e12 : 1_000_000;
  const imps = [
    imp('1', {
      placements: [banner({ sizes: [drawn.size], blockedAttributes: drawn.battr })],
      floorCpmMicros: drawn.floorCpmMicros,
    }),
  ];
  const input = decisionInput(request(imps, { device: drawn.device }), all.length, {
    persons: [view],
    money: [
      {
        availableNanos: new Float64Array(all.length).fill(funds),
        pacing: Float64Array.from(all, (_, i) => drawn.pacing[i % drawn.pacing.length]!),
      },
    ],
  });
  return { snapshot: snapshotOf(all), input, all };
}

/** The same question asked of plain objects, one campaign after the other. */
function bestByHand({ snapshot, input, all }: ReturnType<typeof world>, drawn: Case) {
  const view = input.persons[0]!;
  const worth = personFactors(new Float64Array(20), snapshot.shops[0]!.settings.economics, view);
  let best: { campaign: number; price: number } | null = null;
  for (const [i, each] of all.entries()) {
    if (!fitsRequest(each, drawn) || !fitsPerson(each, view)) continue;
    const key = campaignKey(SHOP, each.campaign);
    const seen = exposuresWithin(view.exposures, key, 'campaign', FATIGUE_WINDOW_MS, NOW_MS);
    const pacing = input.money[0]!.pacing[i]!;
    const value = worth * each.multiplier * fatigueFactor(seen) * pacing;
    const price = Math.round(Math.min(value, each.maxCpmMicros));
    const affordable = price >= drawn.floorCpmMicros && (drawn.rich || price <= 1_000_000);
    if (affordable && (best === null || price > best.price)) best = { campaign: i, price };
  }
  return best;
}

function fitsRequest(each: Campaign, { device, size, battr }: Case): boolean {
  const admits = (list: readonly string[], value: string) =>
    list.length === 0 || list.includes(value);
  return (
    each.active &&
    each.noneOf.every((name) => names.includes(name)) &&
    each.startMs <= NOW_MS &&
    admits(each.exchanges, 'demo') &&
    admits(each.countries, 'USA') &&
    admits(each.devices, DEVICE_KINDS[device]!) &&
    each.sizes.includes(`${size.w}x${size.h}`) &&
    !each.attributes.some((attribute) => battr.includes(attribute))
  );
}

function fitsPerson(each: Campaign, view: PersonView): boolean {
  const segments = view.segments.map((ordinal) => names[ordinal]!);
  const key = campaignKey(SHOP, each.campaign);
  const targeted = each.anyOf.length === 0 || each.anyOf.some((name) => segments.includes(name));
  const excluded = each.noneOf.some((name) => segments.includes(name));
  const uncapped = view.countsKnown
    ? capsAllow(view.exposures, key, each.caps, NOW_MS)
    : each.caps.length === 0;
  return targeted && !excluded && uncapped;
}

it('no impression seen raises a price: the search may stop at the bound', () =>
  fc.assert(
    fc.property(fc.nat(1000), (seen) => {
      expect(fatigueFactor(seen)).toBeGreaterThan(0);
      expect(fatigueFactor(seen)).toBeLessThanOrEqual(1);
    }),
  ));

describe('the decision', () => {
  it('finds by bitmaps what a plain search finds', () => {
    let bids = 0;
    fc.assert(
      fc.property(arbCase, (drawn) => {
        const made = world(drawn);
        const expected = bestByHand(made, drawn);
        const out = run(made.snapshot, made.input);
        const [bid] = out.bids;
        const found =
          out.bidCount === 0 ? null : { campaign: bid!.campaign, price: bid!.priceCpmMicros };
        expect(found).toEqual(expected);
        expect(out.reason === null).toBe(out.bidCount > 0);
        bids += out.bidCount;
      }),
      { numRuns: 150 },
    );
    expect(bids).toBeGreaterThan(5);
  });

  it('promise 6: gives the same answer to the same input, also after other decisions', () =>
    fc.assert(
      fc.property(arbCase, arbCase, (first, second) => {
        const a = world(first);
        const b = world(second);
        const out = emptyDecision();
        decide(a.snapshot, a.input, out);
        const once = JSON.stringify([out.reason, out.bidCount, out.bids.slice(0, out.bidCount)]);
        decide(b.snapshot, b.input, out);
        decide(a.snapshot, a.input, out);
        expect(JSON.stringify([out.reason, out.bidCount, out.bids.slice(0, out.bidCount)])).toBe(
          once,
        );
      }),
      { numRuns: 40 },
    ));

  it('promise 5: every price is the product of its factors, every campaign has its reason', () =>
    fc.assert(
      fc.property(arbCase, (drawn) => {
        const { snapshot, input, all } = world(drawn);
        const trace = explainDecision(snapshot, input);
        const out = run(snapshot, input);
        expect(trace.reason).toBe(out.reason);
        expect(new Set(trace.candidates.map((each) => each.campaign)).size).toBe(all.length);
        for (const [i, bid] of trace.bids.entries()) {
          let product = 1;
          for (const { x } of bid.factors) product *= x;
          expect(Math.round(product)).toBe(bid.priceCpmMicros);
          expect(bid.priceCpmMicros).toBe(out.bids[i]!.priceCpmMicros);
          expect(bid.campaign).toBe(all[out.bids[i]!.campaign]!.campaign);
        }
        const winners = trace.candidates.filter(({ rejectedBy }) => rejectedBy === null);
        expect(winners.length).toBe(out.bidCount);
      }),
      { numRuns: 60 },
    ));

  it('promise 5: who is bound to lose may go unjudged, whatever ceiling and currency', () =>
    fc.assert(
      fc.property(
        arbCase,
        fc.constantFrom(1, 0.9173, 1.37),
        fc.constantFrom(333_333, 700_001, 50_000_000),
        (drawn, perReference, maxCpmMicros) => {
          const { snapshot, input, all } = world(drawn);
          const rates = { ...snapshot.rates, perReference: { USD: 1, EUR: perReference } };
          const [segment] = SEGMENTS;
          const effect = { ...segment!.effect, maxCpmMicros, caps: [] };
          const person = { ...input.persons[0]!, shaping: { ...segment!, effect } };
          const asked: DecisionInput = {
            ...input,
            request: { ...input.request, currencies: ['EUR'] },
            currencies: ['EUR'],
            persons: [person],
          };
          const out = run({ ...snapshot, rates }, asked);
          const trace = explainDecision({ ...snapshot, rates }, asked);
          const bids = out.bids.slice(0, out.bidCount);
          expect(bids.map(({ campaign, priceCpmMicros }) => [campaign, priceCpmMicros])).toEqual(
            trace.bids.map((bid) => [
              all.findIndex((each) => each.campaign === bid.campaign),
              bid.priceCpmMicros,
            ]),
          );
          expect(out.reason).toBe(trace.reason);
        },
      ),
      { numRuns: 150 },
    ));
});
