import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaPlacement, SPOT } from '../../creative/media.contract.ts';
import type { Campaign } from '../../settings/workspace.ts';
import type { Deal, Imp } from './bid-request.ts';
import { decide } from './decide.ts';
import { type DecidedBid, type DecisionInput, emptyDecision } from './decision.ts';
import { explainDecision } from './explain-decision.ts';
import { campaign, decisionInput, imp, request, snapshotOf, TERMS } from './shop.contract.ts';

const CPM = 1_000_000;
/** What the shop of these tests would pay for a person it does not know, with a multiplier of 1. */
const WORTH = 4 * CPM;

const deal = (id: string, more: Partial<Deal> = {}): Deal => ({
  id,
  floorCpmMicros: 0,
  floorCurrency: 'USD',
  floors: { cpmMicrosPerS: 0, ranges: [] },
  fixed: false,
  guaranteed: false,
  allowedSeats: [],
  allowedDomains: [],
  ...more,
});

const buying = (name: string, deals: readonly string[], more: Partial<Campaign> = {}) =>
  campaign(name, { deals, openAuction: false, ...more });

interface Asked {
  readonly campaigns: readonly Campaign[];
  readonly imps: readonly Imp[];
  readonly multiBid?: boolean;
}

function inputOf({ campaigns, imps, multiBid = false }: Asked): DecisionInput {
  return decisionInput(request(imps), campaigns.length, { terms: { ...TERMS, multiBid } });
}

/** Each bid as `imp deal campaign price`, or the reason why there is none. */
function bidsOf(asked: Asked): string[] | string {
  const out = emptyDecision();
  decide(snapshotOf(asked.campaigns), inputOf(asked), out);
  if (out.reason !== null) return out.reason;
  return out.bids
    .slice(0, out.bidCount)
    .map(
      (bid) =>
        `${bid.imp} ${bid.deal?.id ?? 'open'} ${asked.campaigns[bid.campaign]!.campaign} ` +
        `${bid.priceCpmMicros / CPM}`,
    );
}

const ofDeals = (...deals: readonly Deal[]) => imp('1', { deals });

describe('a deal', () => {
  it('is bid for by the campaigns that name it, at what the impression is worth', () => {
    const campaigns = [campaign('open', { multiplier: 3 }), buying('deal', ['d'])];
    expect(bidsOf({ campaigns, imps: [ofDeals(deal('d'))] })).toEqual(['0 d deal 4']);
    expect(bidsOf({ campaigns, imps: [imp('1')] })).toEqual(['0 open open 12']);
    expect(bidsOf({ campaigns, imps: [ofDeals(deal('other'))] })).toEqual(['0 open open 12']);
  });

  it('is the only way for a campaign that buys through deals alone', () => {
    const campaigns = [buying('deal', ['d'])];
    expect(bidsOf({ campaigns, imps: [imp('1')] })).toBe('deals-only-campaign');
    const both = [buying('deal', ['d'], { openAuction: true })];
    expect(bidsOf({ campaigns: both, imps: [imp('1')] })).toEqual(['0 open deal 4']);
  });

  it('has a floor and a currency of its own', () => {
    const campaigns = [buying('deal', ['d'])];
    const above = deal('d', { floorCpmMicros: WORTH / 2 + 1, floorCurrency: 'EUR' });
    const at = deal('d', { floorCpmMicros: WORTH / 2, floorCurrency: 'EUR' });
    const imps = (floored: Deal) => [
      imp('1', { deals: [floored], floorCpmMicros: 99 * CPM, floorCurrency: 'ZZZ' }),
    ];
    expect(bidsOf({ campaigns, imps: imps(at) })).toEqual(['0 d deal 4']);
    expect(bidsOf({ campaigns, imps: imps(above) })).toBe('below-floor');
    const unknown = deal('d', { floorCurrency: 'ZZZ', floorCpmMicros: 1 });
    expect(bidsOf({ campaigns, imps: [imp('1', { deals: [unknown], dealsOnly: true })] })).toBe(
      'floor-currency-unknown',
    );
    const free = deal('d', { floorCurrency: 'ZZZ' });
    expect(
      bidsOf({ campaigns, imps: [imp('1', { deals: [free], dealsOnly: true })] }),
    ).toHaveLength(1);
  });

  it('of a fixed price is paid as agreed by whoever it is worth it', () => {
    const campaigns = [buying('deal', ['d'])];
    const fixed = (cpm: number) => [ofDeals(deal('d', { fixed: true, floorCpmMicros: cpm }))];
    expect(bidsOf({ campaigns, imps: fixed(2.5 * CPM) })).toEqual(['0 d deal 2.5']);
    expect(bidsOf({ campaigns, imps: fixed(WORTH + 1) })).toBe('below-floor');
    expect(bidsOf({ campaigns, imps: fixed(0) })).toEqual(['0 d deal 4']);
  });

  it('that is guaranteed is paid also for less, up to the ceiling', () => {
    const imps = [ofDeals(deal('d', { guaranteed: true, floorCpmMicros: 7 * CPM }))];
    const upTo = (maxCpmMicros: number) => [buying('deal', ['d'], { maxCpmMicros })];
    expect(bidsOf({ campaigns: upTo(7 * CPM), imps })).toEqual(['0 d deal 7']);
    expect(bidsOf({ campaigns: upTo(7 * CPM - 1), imps })).toBe('below-floor');
  });

  it('admits the seats and advertisers that it names', () => {
    const campaigns = [buying('deal', ['d'])];
    const asked = (more: Partial<Deal>) => ({
      campaigns,
      imps: [imp('1', { deals: [deal('d', more)], dealsOnly: true })],
    });
    expect(bidsOf(asked({ allowedSeats: ['seat-1'] }))).toHaveLength(1);
    expect(bidsOf(asked({ allowedSeats: ['other'] }))).toBe('deal-seat-not-allowed');
    expect(bidsOf(asked({ allowedDomains: ['acme.example'] }))).toHaveLength(1);
    expect(bidsOf(asked({ allowedDomains: ['cme.example'] }))).toBe('deal-advertiser-not-allowed');
  });

  it('admits a shop of several domains where it admits all of them', () => {
    const out = emptyDecision();
    const snapshot = snapshotOf([buying('deal', ['d'])], {}, (shop) => ({
      ...shop,
      settings: { ...shop.settings, domains: ['shop.acme.example', 'acme.test'] },
    }));
    const reasonFor = (allowedDomains: readonly string[]) => {
      const imps = [imp('1', { deals: [deal('d', { allowedDomains })], dealsOnly: true })];
      decide(snapshot, decisionInput(request(imps), 1), out);
      return out.reason;
    };
    expect(reasonFor(['acme.example'])).toBe('deal-advertiser-not-allowed');
    expect(reasonFor(['acme.example', 'acme.test'])).toBe(null);
  });

  it('promise 1: of another currency is paid no less than its floor and no more than the ceiling', () => {
    const perReference = { USD: 1, EUR: 0.7 };
    const rates = { ...snapshotOf([]).rates, perReference };
    const bidFor = (offered: Deal, currency: string, more: Partial<Campaign> = {}) => {
      const out = emptyDecision();
      const campaigns = [buying('deal', ['d'], more)];
      const snapshot = snapshotOf(campaigns, { rates }, (shop) => ({
        ...shop,
        settings: { ...shop.settings, currency },
      }));
      decide(snapshot, decisionInput(request([ofDeals(offered)]), 1), out);
      if (out.reason !== null) return out.reason;
      return [out.bids[0]!.priceCpmMicros, out.bids[0]!.reservedNanos];
    };
    // 1,428,571.43 and 700,000.7 micros.
    const inEuro = deal('d', { fixed: true, floorCpmMicros: CPM, floorCurrency: 'EUR' });
    expect(bidFor(inEuro, 'USD')).toEqual([1_428_572, 1_428_572]);
    const inDollars = deal('d', { fixed: true, floorCpmMicros: CPM + 1 });
    expect(bidFor(inDollars, 'EUR')).toEqual([CPM + 1, 700_001]);
    // A ceiling of 1,428,572.86 micros.
    const promised = (floorCpmMicros: number) => deal('d', { guaranteed: true, floorCpmMicros });
    const poor = { multiplier: 0.1, maxCpmMicros: CPM + 1 };
    expect(bidFor(promised(1_428_572), 'EUR', poor)).toEqual([1_428_572, CPM + 1]);
    expect(bidFor(promised(1_428_573), 'EUR', poor)).toBe('below-floor');
  });

  it('that is guaranteed is not paid while its campaign has no share of the money', () => {
    const imps = [ofDeals(deal('d', { guaranteed: true, floorCpmMicros: CPM }))];
    const input = inputOf({ campaigns: [buying('deal', ['d'])], imps });
    input.money[0]!.pacing[0] = 0;
    const out = emptyDecision();
    decide(snapshotOf([buying('deal', ['d'])]), input, out);
    expect(out.reason).toBe('worthless');
  });

  it('goes before the open auction where one bid is taken, and leaves it to others in a private one', () => {
    const campaigns = [campaign('open', { multiplier: 3 }), buying('deal', ['d2'])];
    const deals = [deal('d1'), deal('d2')];
    expect(bidsOf({ campaigns, imps: [imp('1', { deals })] })).toEqual(['0 d2 deal 4']);
    const closed = imp('1', { deals: [deal('d1')], dealsOnly: true });
    expect(bidsOf({ campaigns, imps: [closed] })).toBe('deal-not-targeted');
  });
});

describe('where several bids are taken', () => {
  const campaigns = [
    campaign('open', { multiplier: 3 }),
    campaign('next', { multiplier: 2 }),
    campaign('last'),
    buying('deal', ['d1', 'd2']),
    buying('dear', ['d2'], { multiplier: 2 }),
  ];

  it('each deal gets its best bid and the open auction two', () => {
    const imps = [ofDeals(deal('d1'), deal('d2'), deal('d3'))];
    expect(bidsOf({ campaigns, imps, multiBid: true })).toEqual([
      '0 d1 deal 4',
      '0 d2 dear 8',
      '0 open open 12',
      '0 open next 8',
    ]);
  });

  it('bids on one imp are not in a break with each other', () => {
    const pod = { id: 'p', sequence: 0, slot: 0, durationS: 0, adsMax: 0, dedupe: [1] };
    const film = { template: '', sizes: [], video: SPOT };
    const buyers = [buying('deal', ['d1'], film), campaign('open', film)];
    const imps = [imp('1', { deals: [deal('d1')], placements: [mediaPlacement({ pod })] })];
    expect(bidsOf({ campaigns: buyers, imps, multiBid: true })).toHaveLength(2);
  });

  it('no more bids are made than the exchange takes in an answer', () => {
    const imps = [ofDeals(deal('d1'), deal('d2'))];
    for (const most of [1, 2, 3, 4]) {
      const out = emptyDecision();
      const limits = { ...TERMS.limits, bids: most };
      const terms = { ...TERMS, multiBid: true, limits };
      decide(snapshotOf(campaigns), { ...inputOf({ campaigns, imps }), terms }, out);
      expect(out.bidCount).toBe(most);
    }
  });

  it('a private auction gets bids for its deals alone, an imp without deals one', () => {
    const closed = imp('1', { deals: [deal('d1')], dealsOnly: true });
    expect(bidsOf({ campaigns, imps: [closed], multiBid: true })).toEqual(['0 d1 deal 4']);
    expect(bidsOf({ campaigns, imps: [imp('1')], multiBid: true })).toEqual(['0 open open 12']);
  });

  it('a campaign may bid for several deals of one imp, never on two imps', () => {
    const one = [buying('deal', ['d1', 'd2'])];
    const two = [ofDeals(deal('d1'), deal('d2')), imp('2', { deals: [deal('d1')] })];
    expect(bidsOf({ campaigns: one, imps: two, multiBid: true })).toEqual([
      '0 d1 deal 4',
      '0 d2 deal 4',
    ]);
  });
});

const arbDeal = fc.record({
  id: fc.constantFrom('d1', 'd2', 'd3'),
  floorCpmMicros: fc.integer({ min: 0, max: 9 * CPM }),
  floorCurrency: fc.constantFrom('USD', 'EUR'),
  fixed: fc.boolean(),
  guaranteed: fc.boolean(),
});
const arbCampaign = fc.record({
  deals: fc.subarray(['d1', 'd2', 'd3']),
  openAuction: fc.boolean(),
  multiplier: fc.constantFrom(0.37, 1, 1.9),
  maxCpmMicros: fc.constantFrom(3 * CPM, 5 * CPM + 1, 50 * CPM),
});

it('promise 1, promise 5 and promise 8: a price keeps to its deal and ceiling and is the product of its factors', () => {
  let bids = 0;
  fc.assert(
    fc.property(
      fc.array(arbCampaign, { minLength: 1, maxLength: 8 }),
      fc.uniqueArray(arbDeal, { selector: ({ id }) => id, maxLength: 3 }),
      fc.boolean(),
      (drawn, deals, multiBid) => {
        const campaigns = drawn.map((each, i) => campaign(`c${i}`, each));
        const imps = [ofDeals(...deals.map((of) => deal(of.id, of)))];
        const asked = { campaigns, imps, multiBid };
        const out = emptyDecision();
        decide(snapshotOf(campaigns), inputOf(asked), out);
        const trace = explainDecision(snapshotOf(campaigns), inputOf(asked));
        const winners = trace.candidates.filter(({ rejectedBy }) => rejectedBy === null);
        expect(winners).toHaveLength(out.bidCount);
        expect(out.bidCount).toBeLessThanOrEqual(multiBid ? deals.length + 2 : 1);
        for (let i = 0; i < out.bidCount; i++) {
          const bid = out.bids[i]!;
          checkTerms(bid, campaigns[bid.campaign]!);
          const { factors, priceCpmMicros } = trace.bids[i]!;
          expect(priceCpmMicros).toBe(bid.priceCpmMicros);
          expect(Math.round(factors.reduce((all, { x }) => all * x, 1))).toBe(priceCpmMicros);
          bids++;
        }
      },
    ),
    { numRuns: 100 },
  );
  expect(bids).toBeGreaterThan(30);
});

function checkTerms({ deal: of, priceCpmMicros, reservedNanos }: DecidedBid, by: Campaign): void {
  expect(priceCpmMicros).toBeLessThanOrEqual(by.maxCpmMicros);
  expect(reservedNanos).toBeGreaterThanOrEqual(priceCpmMicros);
  expect(of === null ? by.openAuction : by.deals.includes(of.id)).toBe(true);
  if (of === null) return;
  const floor = of.floorCpmMicros * (of.floorCurrency === 'EUR' ? 2 : 1);
  expect(priceCpmMicros).toBeGreaterThanOrEqual(floor);
  if (of.fixed && floor > 0) expect(priceCpmMicros).toBe(floor);
}
