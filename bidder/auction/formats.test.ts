import { describe, expect, it } from 'vitest';
import type { Item } from '../../creative/item.ts';
import { JINGLE, mediaPlacement, SPOT } from '../../creative/media.contract.ts';
import type { MediaPlacement } from '../../creative/media-placement.ts';
import { asset, CREATIVE, nativePlacement } from '../../creative/native.contract.ts';
import type { Campaign } from '../../settings/workspace.ts';
import type { BannerPlacement, Deal, Imp, Placement } from './bid-request.ts';
import { decide } from './decide.ts';
import { type Decision, emptyDecision } from './decision.ts';
import { explainDecision } from './explain-decision.ts';
import { NO_INTERESTS, nobody } from './person-view.ts';
import { banner, campaign, decisionInput, imp, request, snapshotOf } from './shop.contract.ts';

const CPM = 1_000_000;
/** A campaign without a banner. */
const without = (name: string, more: Partial<Campaign>) =>
  campaign(name, { template: '', sizes: [], ...more });
const native = (name: string, more: Partial<Campaign> = {}) =>
  without(name, { native: CREATIVE, ...more });
const film = (name: string, more: Partial<Campaign> = {}) =>
  without(name, { video: SPOT, ...more });

const NATIVE = nativePlacement([asset('title'), asset('image'), asset('price')]);
const VIDEO = mediaPlacement();
const AUDIO = mediaPlacement({ kind: 'audio', mimes: ['audio/mpeg'] });
const offering = (id: string, placements: readonly Placement[], more: Partial<Imp> = {}) =>
  imp(id, { placements, ...more });

function decided(campaigns: readonly Campaign[], imps: readonly Imp[]): Decision {
  const out = emptyDecision();
  decide(snapshotOf(campaigns), decisionInput(request(imps), campaigns.length), out);
  return out;
}

/** Each bid as `imp kind campaign`, or the reason why there is none. */
function bidsOf(campaigns: readonly Campaign[], ...imps: readonly Imp[]): string[] | string {
  const { reason, bids, bidCount } = decided(campaigns, imps);
  if (reason !== null) return reason;
  return bids
    .slice(0, bidCount)
    .map((bid) => `${bid.imp} ${bid.placement.kind} ${campaigns[bid.campaign]!.campaign}`);
}

describe('a format', () => {
  it('is answered by the campaigns that have a creative of it', () => {
    const all = [campaign('b'), native('n'), film('v'), without('a', { audio: JINGLE })];
    expect(bidsOf(all, offering('1', [NATIVE]))).toEqual(['0 native n']);
    expect(bidsOf(all, offering('1', [VIDEO]))).toEqual(['0 video v']);
    expect(bidsOf(all, offering('1', [AUDIO]))).toEqual(['0 audio a']);
    expect(bidsOf(all, offering('1', [banner()]))).toEqual(['0 banner b']);
    expect(bidsOf([campaign('b')], offering('1', [NATIVE]))).toBe('format-not-offered');
    expect(bidsOf([native('n')], offering('1', [banner()]))).toBe('size-not-offered');
  });

  it('of several goes to who gets most of it, and of one campaign to the first of the imp', () => {
    const both = campaign('both', { native: CREATIVE, video: SPOT });
    const dear = film('dear', { multiplier: 2 });
    expect(bidsOf([both], offering('1', [banner(), NATIVE, VIDEO]))).toEqual(['0 banner both']);
    expect(bidsOf([both], offering('1', [NATIVE, banner()]))).toEqual(['0 native both']);
    expect(bidsOf([both, dear], offering('1', [banner(), VIDEO]))).toEqual(['0 video dear']);
  });

  it('is blocked by its own attributes', () => {
    const all = [campaign('x', { attributes: [3], native: CREATIVE, video: SPOT })];
    const blocked = { ...NATIVE, blockedAttributes: [3] };
    expect(bidsOf(all, offering('1', [blocked]))).toBe('attribute-blocked');
    expect(bidsOf(all, offering('1', [mediaPlacement({ blockedAttributes: [3] })]))).toHaveLength(
      1,
    );
    const own = [film('v', { video: { ...SPOT, attributes: [7] } })];
    const refusing = mediaPlacement({ blockedAttributes: [7] });
    expect(bidsOf(own, offering('1', [refusing]))).toBe('attribute-blocked');
  });
});

it('a flexible place takes any size of its shape that is wide enough, listed ones first', () => {
  const shapes = (...ratios: [number, number, number][]) =>
    ratios.map(([wRatio, hRatio, wMin]) => ({ wRatio, hRatio, wMin }));
  const all = [campaign('b', { sizes: ['300x250', '300x600', '728x90'] })];
  const sizeIn = (more: Partial<BannerPlacement>) =>
    decided(all, [offering('1', [banner({ sizes: [], ...more })])]).bids[0]?.size;
  expect(sizeIn({ shapes: shapes([6, 5, 0]) })).toBe('300x250');
  expect(sizeIn({ shapes: shapes([6, 5, 301]) })).toBeUndefined();
  expect(sizeIn({ shapes: shapes([1, 2, 0], [6, 5, 0]) })).toBe('300x600');
  expect(sizeIn({ shapes: shapes([1, 2, 0]), sizes: [{ w: 728, h: 90 }] })).toBe('728x90');
});

it('a native ad is bid with the first item that fills what is required, and with that alone', () => {
  const { bids } = decided([native('n')], [offering('1', [NATIVE])]);
  expect(bids[0]).toMatchObject({ size: '', media: null, selection: { items: [{ id: 'i0' }] } });
  expect(bids[0]!.creative).toMatch(/native/);
  const tooMuch = nativePlacement([asset('icon', { w: 81, h: 81 })]);
  expect(bidsOf([native('n')], offering('1', [tooMuch]))).toBe('no-creative');
});

describe('a video', () => {
  const asked = (more: Partial<MediaPlacement>) => offering('1', [mediaPlacement(more)]);

  it('is bid with the version and the files that fit, and shows no items', () => {
    const { bids } = decided([film('v')], [asked({ protocols: [3, 7] })]);
    expect(bids[0]!.media).toEqual({ protocol: 7, version: '4.0', files: [0] });
    expect(bids[0]!.selection.items).toEqual([]);
  });

  it('is not where it does not fit, and says why', () => {
    const reasonFor = (more: Partial<MediaPlacement>) => bidsOf([film('v')], asked(more));
    expect(reasonFor({ protocols: [1] })).toBe('protocol-not-accepted');
    expect(reasonFor({ mimes: ['video/webm'] })).toBe('mime-not-accepted');
    expect(reasonFor({ maxDurationS: 14 })).toBe('duration-not-accepted');
    expect(reasonFor({ linearity: 2 })).toBe('linearity-not-accepted');
    expect(reasonFor({ maxBitrateKbps: 700 })).toBe('media-file-not-accepted');
    const skipped = film('v', { video: { ...SPOT, skipAfterS: 5 } });
    expect(bidsOf([skipped], asked({ skip: false }))).toBe('skip-not-accepted');
  });

  it('has the floor of its length, that of the deal before that of the place', () => {
    const floors = { cpmMicrosPerS: 0.4 * CPM, ranges: [] };
    // 15 seconds: 6 where 4 is bid.
    expect(bidsOf([film('v')], asked({ floors }))).toBe('below-floor');
    expect(bidsOf([film('v', { multiplier: 2 })], asked({ floors }))).toHaveLength(1);
    const range = (minS: number) => ({
      cpmMicrosPerS: 0,
      ranges: [{ minS, maxS: 30, floorCpmMicros: 6 * CPM }],
    });
    expect(bidsOf([film('v')], asked({ floors: range(15) }))).toBe('below-floor');
    expect(bidsOf([film('v')], asked({ floors: range(16) }))).toHaveLength(1);
    const unknown = offering('1', [mediaPlacement({ floors })], { floorCurrency: 'ZZZ' });
    expect(bidsOf([film('v')], unknown)).toBe('floor-currency-unknown');
    const deal: Deal = {
      id: 'd',
      floorCpmMicros: 0,
      floorCurrency: 'USD',
      floors: { cpmMicrosPerS: 0.1 * CPM, ranges: [] },
      fixed: true,
      guaranteed: false,
      allowedSeats: [],
      allowedDomains: [],
    };
    const buying = [film('v', { deals: ['d'], openAuction: false })];
    const private_ = offering('1', [mediaPlacement({ floors })], {
      deals: [deal],
      dealsOnly: true,
    });
    expect(decided(buying, [private_]).bids[0]!.priceCpmMicros).toBe(1.5 * CPM);
  });

  it('stands once in a break where its advertiser may', () => {
    const inBreak = (id: string, dedupe: readonly number[], pod = 'p') =>
      offering(id, [
        mediaPlacement({ pod: { id: pod, sequence: 0, slot: 0, durationS: 0, adsMax: 0, dedupe } }),
      ]);
    const two = [film('v'), film('w', { video: { ...SPOT, adTitle: 'Other' } })];
    expect(bidsOf(two, inBreak('1', []), inBreak('2', []))).toHaveLength(2);
    expect(bidsOf(two, inBreak('1', [1]), inBreak('2', [1]))).toEqual(['0 video v']);
    expect(bidsOf(two, inBreak('1', [2]), inBreak('2', [2]))).toEqual(['0 video v']);
    expect(bidsOf(two, inBreak('1', [1]), inBreak('2', [1], 'q'))).toHaveLength(2);
    expect(bidsOf(two, inBreak('1', [3]), inBreak('2', [3]))).toHaveLength(2);
    const same = [film('v'), film('w')];
    expect(bidsOf(same, inBreak('1', [3]), inBreak('2', [3]))).toEqual(['0 video v']);
  });
});

it('promise 1: a screen before a crowd costs what all who see it cost', () => {
  const { bids } = decided([film('v')], [offering('1', [VIDEO], { impressions: 12.5 })]);
  expect(bids[0]).toMatchObject({ priceCpmMicros: 4 * CPM, reservedNanos: 50 * CPM });
  const poor = decisionInput(request([offering('1', [VIDEO], { impressions: 12.5 })]), 1);
  poor.money[0]!.availableNanos[0] = 50 * CPM - 1;
  const out = emptyDecision();
  decide(snapshotOf([film('v')]), poor, out);
  expect(out.reason).toBe('budget');
  const odd = decided([film('v')], [offering('1', [VIDEO], { impressions: 12.5000001 })]);
  expect(odd.bids[0]).toMatchObject({ reservedNanos: 50 * CPM + 1 });
});

describe('the item of a native ad', () => {
  const itemOf = (
    change: (item: Item) => Item,
    placement: Placement,
    { secure = false, bought = [] as string[] } = {},
  ) => {
    const out = emptyDecision();
    const snapshot = snapshotOf([native('n')], {}, (shop) => {
      const items = shop.catalogue.items.map(change);
      return { ...shop, catalogue: { ...shop.catalogue, items } };
    });
    const person = { ...nobody(), interests: { ...NO_INTERESTS, bought } };
    const asked = request([offering('1', [placement], { secure })]);
    decide(snapshot, decisionInput(asked, 1, { persons: [person] }), out);
    return out.bids[0]?.selection.items.map(({ id }) => id) ?? out.reason;
  };

  it('is the first that fills what is required', () => {
    const reduced = (item: Item) =>
      item.id === 'i1' ? { ...item, listPriceMicros: 99 * CPM } : item;
    expect(itemOf(reduced, nativePlacement([asset('sale-price')]))).toEqual(['i1']);
  });

  it('has no picture by http where the place is secure', () => {
    const open = (item: Item) =>
      item.id === 'i0' ? { ...item, imageUrl: 'http://shop.acme.example/0.png' } : item;
    expect(itemOf(open, NATIVE)).toEqual(['i0']);
    expect(itemOf(open, NATIVE, { secure: true })).toEqual(['i1']);
  });

  it('is what sells best for a person who has bought all of that', () => {
    const bought = Array.from({ length: 30 }, (_, i) => `i${i}`);
    expect(itemOf((item) => item, NATIVE, { bought })).toEqual(['i0']);
    expect(itemOf((item) => item, NATIVE, { bought: ['i0'] })).toEqual(['i1']);
  });
});

it('promise 5: explain says in which format each campaign was looked at', () => {
  const all = [campaign('b'), film('v', { multiplier: 2 })];
  const asked = decisionInput(request([offering('1', [banner(), VIDEO])]), 2);
  const { bids, candidates } = explainDecision(snapshotOf(all), asked);
  expect(bids).toMatchObject([{ format: 'video', campaign: 'v', size: '', items: [] }]);
  expect(candidates.map((each) => `${each.format} ${each.campaign} ${each.rejectedBy}`)).toEqual([
    'banner v size-not-offered',
    'banner b outbid',
    'video b format-not-offered',
    'video v null',
  ]);
});
