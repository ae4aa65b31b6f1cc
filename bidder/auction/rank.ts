/** Judges one campaign for one imp: is it on, what is it worth here, and is there money for it. */
import type { Decision, DecisionInput } from './decision.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { type CampaignTerms, campaignFactors, shopPriceCpmMicros } from './price-bid.ts';
import type { Snapshot } from './snapshot.ts';

export interface Candidate {
  imp: number;
  shop: number;
  /** Ordinal in the shop's index. */
  campaign: number;
  /** In the currency of the bid; set also when the candidate is refused for its price or money. */
  priceCpmMicros: number;
  /** Null when it may bid. */
  reason: NoBidReason | null;
}

/** One imp and one shop, under way. */
export interface Pricing {
  readonly snapshot: Snapshot;
  readonly input: DecisionInput;
  readonly imp: number;
  readonly shop: number;
  /** In the currency of the bid, rounded up. */
  readonly floorCpmMicros: number;
  readonly out: Decision;
}

const terms: CampaignTerms = {
  multiplier: 1,
  seen: 0,
  pacing: 1,
  ceilingCpmMicros: 0,
  currencyRate: 1,
};

/** Fills `candidate`, and the shop's factors with this candidate's. */
export function judgeCandidate(candidate: Candidate, pricing: Pricing, ordinal: number): void {
  candidate.imp = pricing.imp;
  candidate.shop = pricing.shop;
  candidate.campaign = ordinal;
  candidate.priceCpmMicros = 0;
  candidate.reason = unavailable(pricing, ordinal);
  if (candidate.reason !== null) return;
  candidate.priceCpmMicros = price(pricing, ordinal);
  candidate.reason = unaffordable(candidate.priceCpmMicros, pricing, ordinal);
}

function unavailable(pricing: Pricing, ordinal: number): NoBidReason | null {
  const { campaign } = pricing.snapshot.shops[pricing.shop]!.campaigns[ordinal]!;
  const { nowMs } = pricing.input;
  if (nowMs < campaign.startMs || nowMs >= campaign.endMs) return 'outside-flight';
  const { out } = pricing;
  for (let i = 0; i < out.bidCount; i++) {
    const bid = out.bids[i]!;
    if (bid.campaign === ordinal && bid.shop === pricing.shop) return 'used-on-another-imp';
  }
  return null;
}

function price(pricing: Pricing, ordinal: number): number {
  const { shop: s, input } = pricing;
  const { scratch } = pricing.out;
  const { campaign } = pricing.snapshot.shops[s]!.campaigns[ordinal]!;
  terms.multiplier = campaign.multiplier;
  terms.seen = scratch.seen[s]!.counts[ordinal]!;
  terms.pacing = input.money[s]!.pacing[ordinal]!;
  const segmentMax = input.persons[s]!.shaping?.effect.maxCpmMicros ?? null;
  terms.ceilingCpmMicros =
    segmentMax === null ? campaign.maxCpmMicros : Math.min(campaign.maxCpmMicros, segmentMax);
  terms.currencyRate = scratch.rates[s]!;
  return campaignFactors(scratch.factors[s]!, scratch.personProducts[s]!, terms);
}

/**
 * A price under the floor is not raised to it: the impression is not worth that. Nor is a price
 * lowered to what the lease still holds.
 */
function unaffordable(
  priceCpmMicros: number,
  pricing: Pricing,
  ordinal: number,
): NoBidReason | null {
  const { shop: s, floorCpmMicros, input } = pricing;
  if (!(priceCpmMicros > 0)) return 'worthless';
  if (priceCpmMicros < floorCpmMicros) return 'below-floor';
  const nanos = shopPriceCpmMicros(pricing.out.scratch.factors[s]!);
  if (nanos <= 0) return 'worthless';
  return input.money[s]!.availableNanos[ordinal]! < nanos ? 'budget' : null;
}
