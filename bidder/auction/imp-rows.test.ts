import { expect, it } from 'vitest';
import type { Campaign } from '../../settings/workspace.ts';
import type { Imp } from './bid-request.ts';
import { decide } from './decide.ts';
import { type Decision, emptyDecision } from './decision.ts';
import { banner, campaign, decisionInput, imp, request, snapshotOf } from './shop.contract.ts';

const sized = (w: number, h: number): Imp =>
  imp(`${w}x${h}`, { placements: [banner({ sizes: [{ w, h }] })] });

function bidsOf(all: readonly Campaign[], imps: readonly Imp[], out: Decision): unknown[] {
  decide(snapshotOf(all), decisionInput(request(imps), all.length), out);
  return out.bids.slice(0, out.bidCount).map((bid) => [bid.imp, bid.campaign, bid.size]);
}

const square = { sizes: ['300x250'], multiplier: 2 };
const all = [
  campaign('a', square),
  campaign('b', square),
  campaign('c', { sizes: ['728x90'] }),
  campaign('d', { sizes: ['728x90'] }),
];

it('forget for each imp what the one before took', () => {
  expect(bidsOf(all, [sized(300, 250), sized(728, 90), sized(1, 1)], emptyDecision())).toEqual([
    [0, 0, '300x250'],
    [1, 2, '728x90'],
  ]);
});

it('forget which campaigns were active before', () => {
  const out = emptyDecision();
  const imps = [sized(300, 250)];
  expect(bidsOf(all, imps, out)).toHaveLength(1);
  const paused = all.map((each) => (each.campaign < 'c' ? { ...each, active: false } : each));
  expect(bidsOf(paused, imps, out)).toEqual([]);
});
