import { expect, it } from 'vitest';
import { mediaPlacement, SPOT } from '../../creative/media.contract.ts';
import { asset, CREATIVE, nativePlacement } from '../../creative/native.contract.ts';
import type { Campaign } from '../../settings/workspace.ts';
import type { BidRequest, Imp } from './bid-request.ts';
import { decide } from './decide.ts';
import { type DecisionInput, emptyDecision } from './decision.ts';
import { explainDecision } from './explain-decision.ts';
import { nobody } from './person-view.ts';
import { banner, campaign, decisionInput, imp, request, snapshotOf } from './shop.contract.ts';
import type { Snapshot } from './snapshot.ts';

function shops(first: Campaign, second: Campaign): Snapshot {
  return {
    ...snapshotOf([first]),
    shops: [first, second].flatMap((one) => snapshotOf([one]).shops),
  };
}

function inputOf(imps: readonly Imp[], more: Partial<BidRequest> = {}): DecisionInput {
  const one = decisionInput(request(imps, more), 1);
  return { ...one, persons: [nobody(), nobody()], money: [one.money[0]!, one.money[0]!] };
}

const film = (more: Partial<Campaign> = {}) =>
  campaign('film', { template: '', sizes: [], video: SPOT, ...more });

it('promise 6: of two shops that get the same the first has it, in whichever format it bids', () => {
  const both = [imp('1', { placements: [banner(), mediaPlacement()] })];
  // Worth more than both may pay, so each bids its ceiling.
  const snapshot = shops(
    film({ maxCpmMicros: 1_000_000 }),
    campaign('b', { maxCpmMicros: 1_000_000 }),
  );
  const out = emptyDecision();
  decide(snapshot, inputOf(both), out);
  expect(out.bids[0]).toMatchObject({ shop: 0, placement: { kind: 'video' } });
  expect(explainDecision(snapshot, inputOf(both)).bids).toMatchObject([{ format: 'video' }]);
});

it('promise 1: in a break that has one ad of each advertiser, another shop has its own', () => {
  const pod = { id: 'p', sequence: 0, slot: 0, durationS: 0, adsMax: 0, dedupe: [1] };
  const place = (id: string) => imp(id, { placements: [mediaPlacement({ pod })] });
  const out = emptyDecision();
  decide(shops(film(), film()), inputOf([place('1'), place('2')]), out);
  expect(out.bids.slice(0, out.bidCount).map(({ shop }) => shop)).toEqual([0, 1]);
});

it('a native ad shows an item of its own shop, whoever was asked last', () => {
  const native = () => campaign('n', { template: '', sizes: [], native: CREATIVE });
  const snapshot = shops(native(), native());
  const placements = [nativePlacement([asset('title')])];
  const out = emptyDecision();
  decide(snapshot, inputOf([imp('1', { placements })]), out);
  expect(out.bids[0]!.shop).toBe(0);
  expect(out.bids[0]!.selection.items[0]).toBe(snapshot.shops[0]!.catalogue.byId.get('i0'));
});

it('says why the shop that was looked at does not bid, not what one that was refused lacks', () => {
  const reasonOf = (first: Campaign, second: Campaign) => {
    const out = emptyDecision();
    decide(shops(first, second), inputOf([imp('1')]), out);
    return out.reason;
  };
  const refused = campaign('refused', { countries: ['DEU'] });
  const buying = campaign('buying', { deals: ['d'], openAuction: false });
  expect(reasonOf(refused, buying)).toBe('deals-only-campaign');
  expect(reasonOf(buying, refused)).toBe('deals-only-campaign');
});
