import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../settings/workspace.ts';
import type { BidRequest, Size } from './bid-request.ts';
import { decide } from './decide.ts';
import { emptyDecision } from './decision.ts';
import { explainDecision } from './explain-decision.ts';
import { banner, campaign, decisionInput, imp, request, snapshotOf } from './shop.contract.ts';

const SIZES = ['300x250', '728x90', '160x600'];
const sizesOf = (names: readonly string[]) =>
  names.map((name) => {
    const [w = 0, h = 0] = name.split('x').map(Number);
    return { w, h };
  });
const asking = (imps: readonly { sizes: readonly string[]; screen?: Size | null }[]) =>
  request(
    imps.map(({ sizes, screen = null }, i) =>
      imp(`${i}`, { placements: [banner({ sizes: sizesOf(sizes), screen })] }),
    ),
  );
const inputOf = (asked: BidRequest, campaigns: number, pausedCreatives: ReadonlySet<string>) =>
  decisionInput(asked, campaigns, { pausedCreatives });

function bidsOf(all: readonly Campaign[], asked: BidRequest, pausedSizes: readonly string[] = []) {
  const snapshot = snapshotOf(all);
  const banners = snapshot.shops[0]!.campaigns[0]!.banners;
  const paused = new Set(pausedSizes.map((size) => banners.get(size)?.creative ?? 'none'));
  const input = inputOf(asked, all.length, paused);
  const out = emptyDecision();
  decide(snapshot, input, out);
  return {
    input,
    snapshot,
    reason: out.reason,
    bids: out.bids.slice(0, out.bidCount).map((bid) => [bid.imp, bid.campaign, bid.size]),
  };
}

describe('a creative that the exchange has refused', () => {
  const all = [campaign('a', { sizes: ['300x250', '728x90'], multiplier: 2 }), campaign('b')];

  it('gives way to another size of its campaign', () => {
    const asked = asking([{ sizes: ['300x250', '728x90'] }]);
    expect(bidsOf(all, asked).bids).toEqual([[0, 0, '300x250']]);
    expect(bidsOf(all, asked, ['300x250']).bids).toEqual([[0, 0, '728x90']]);
  });

  it('is why there is no bid, and explain says so of each campaign', () => {
    const asked = asking([{ sizes: ['300x250'] }]);
    const { reason, input, snapshot } = bidsOf(all, asked, ['300x250']);
    expect(reason).toBe('creative-disapproved');
    const { candidates } = explainDecision(snapshot, input);
    expect(candidates.map(({ rejectedBy }) => rejectedBy)).toEqual([
      'creative-disapproved',
      'creative-disapproved',
    ]);
  });

  it('law: is the same as if no campaign had its size', () => {
    const sizes = fc.subarray(SIZES, { minLength: 1 });
    const screen = fc.constantFrom(null, { w: 320, h: 480 }, { w: 1000, h: 1000 });
    const world = fc.record({
      campaigns: fc.array(fc.record({ sizes, multiplier: fc.integer({ min: 1, max: 3 }) }), {
        minLength: 1,
        maxLength: 5,
      }),
      imps: fc.array(fc.record({ sizes: fc.subarray(SIZES), screen }), {
        minLength: 1,
        maxLength: 3,
      }),
      paused: fc.subarray(SIZES),
    });
    fc.assert(
      fc.property(world, ({ campaigns, imps, paused }) => {
        const made = campaigns.map((each, i) => campaign(`c${i}`, each));
        const left = made.map((each) => ({
          ...each,
          sizes: each.sizes.filter((size) => !paused.includes(size)),
        }));
        const asked = asking(imps);
        expect(bidsOf(made, asked, paused).bids).toEqual(bidsOf(left, asked).bids);
      }),
    );
  });
});
