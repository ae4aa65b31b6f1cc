/** Judges one campaign for one imp: is it on, what is it worth here, and is there money for it. */
import type { Decision, DecisionInput } from './decision.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { type CampaignTerms, shopPrice, writeCampaignFactors } from './price-bid.ts';
import type { Snapshot } from './snapshot.ts';

export interface Candidate {
  imp: number;
  shop: number;
  /** Ordinal in the shop's index. */
  campaign: number;
  /** In the currency of the bid; set also when the candidate is refused for its price or money. */
  priceCpmMicros: number;
  /** The same in the shop's currency: what its budget pays, nanos for one impression. */
  shopCpmMicros: number;
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

/** Fills `candidate`. */
export function judgeCandidate(candidate: Candidate, pricing: Pricing, ordinal: number): void {
  candidate.imp = pricing.imp;
  candidate.shop = pricing.shop;
  candidate.campaign = ordinal;
  candidate.priceCpmMicros = 0;
  candidate.shopCpmMicros = 0;
  candidate.reason = unavailable(pricing, ordinal);
  if (candidate.reason !== null) return;
  setTerms(pricing, ordinal);
  const price = shopPrice(pricing.out.scratch.personProducts[pricing.shop]!, terms);
  candidate.shopCpmMicros = Math.round(price);
  candidate.priceCpmMicros = Math.round(price * terms.currencyRate);
  candidate.reason = unaffordable(candidate, pricing);
}

/**
 * No less than the candidate's price in the currency of the bid, and falling with the multiplier:
 * fatigue, pacing and the ceiling are factors of at most 1, and rounding keeps the order.
 */
export function priceBound(pricing: Pricing, ordinal: number): number {
  const { scratch } = pricing.out;
  const { multiplier } = pricing.snapshot.shops[pricing.shop]!.terms;
  const shopBound = scratch.personProducts[pricing.shop]! * multiplier[ordinal]!;
  return Math.round(shopBound * scratch.rates[pricing.shop]!);
}

/** Writes the factors of the candidate's price into those of its shop. */
export function factorsOf(candidate: Candidate, pricing: Pricing): Float64Array {
  const { scratch } = pricing.out;
  const factors = scratch.factors[candidate.shop]!;
  setTerms(pricing, candidate.campaign);
  writeCampaignFactors(factors, scratch.personProducts[candidate.shop]!, terms);
  return factors;
}

function unavailable(pricing: Pricing, ordinal: number): NoBidReason | null {
  const { terms: all } = pricing.snapshot.shops[pricing.shop]!;
  const { nowMs } = pricing.input;
  if (nowMs < all.startMs[ordinal]! || nowMs >= all.endMs[ordinal]!) return 'outside-flight';
  const { out } = pricing;
  for (let i = 0; i < out.bidCount; i++) {
    const bid = out.bids[i]!;
    if (bid.campaign === ordinal && bid.shop === pricing.shop) return 'used-on-another-imp';
  }
  return null;
}

function setTerms(pricing: Pricing, ordinal: number): void {
  const { shop: s, input } = pricing;
  const { scratch } = pricing.out;
  const { terms: all } = pricing.snapshot.shops[s]!;
  terms.multiplier = all.multiplier[ordinal]!;
  terms.seen = scratch.seen[s]!.counts[ordinal]!;
  terms.pacing = input.money[s]!.pacing[ordinal]!;
  const ceiling = all.maxCpmMicros[ordinal]!;
  const segmentMax = input.persons[s]!.shaping?.effect.maxCpmMicros ?? ceiling;
  terms.ceilingCpmMicros = Math.min(segmentMax, ceiling);
  terms.currencyRate = scratch.rates[s]!;
}

/**
 * A price under the floor is not raised to it: the impression is not worth that. Nor is a price
 * lowered to what the lease still holds.
 */
function unaffordable(candidate: Candidate, pricing: Pricing): NoBidReason | null {
  const { priceCpmMicros, shopCpmMicros } = candidate;
  if (!(priceCpmMicros > 0 && shopCpmMicros > 0)) return 'worthless';
  if (priceCpmMicros < pricing.floorCpmMicros) return 'below-floor';
  const { availableNanos } = pricing.input.money[candidate.shop]!;
  return availableNanos[candidate.campaign]! < shopCpmMicros ? 'budget' : null;
}
