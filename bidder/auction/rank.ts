/** Judges one campaign for one imp: is it on, what is it worth here, and is there money for it. */
import type { Deal, Offer } from './bid-request.ts';
import { dealPrice } from './deal-terms.ts';
import type { Decision, DecisionInput } from './decision.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import {
  type CampaignTerms,
  shopPrice,
  writeCampaignFactors,
  writeDealFactor,
} from './price-bid.ts';
import type { ShopSnapshot } from './snapshot.ts';

export interface Candidate {
  imp: number;
  shop: number;
  /** Ordinal in the shop's campaigns. */
  campaign: number;
  /** Index into the imp's offers. */
  offer: number;
  deal: Deal | null;
  /**
   * What the impression is worth, in the currency of the bid: candidates are ranked by it. Set also
   * when the candidate is refused for its price or money.
   */
  valueCpmMicros: number;
  /** What is bid: the same, but where a deal says otherwise. */
  priceCpmMicros: number;
  /** The price in the shop's currency: what its budget pays, nanos for one impression. */
  shopCpmMicros: number;
  /** Null when it may bid. */
  reason: NoBidReason | null;
}

/** One offer of an imp and one shop, under way, with what all campaigns of the shop have in common. */
export interface Pricing {
  readonly shopSnapshot: ShopSnapshot;
  readonly input: DecisionInput;
  readonly imp: number;
  readonly offer: number;
  /** What is auctioned: the deal, or null for the open auction. */
  readonly deal: Deal | null;
  readonly shop: number;
  /** In the currency of the bid, rounded up. */
  readonly floorCpmMicros: number;
  readonly out: Decision;
  /** Product of the person's factors. */
  readonly personProduct: number;
  /** The shop's currency to the bid's. */
  readonly currencyRate: number;
  /** Ceiling of the segment that shapes the bid, infinite without one. */
  readonly segmentMaxCpmMicros: number;
}

const terms: CampaignTerms = {
  multiplier: 1,
  seen: 0,
  pacing: 1,
  ceilingCpmMicros: 0,
  currencyRate: 1,
};

/** Fills `candidate` with the campaign at that place. */
export function judgeCandidate(candidate: Candidate, pricing: Pricing, place: number): void {
  const ordinal = pricing.shopSnapshot.index.bestFirst[place]!;
  candidate.imp = pricing.imp;
  candidate.shop = pricing.shop;
  candidate.campaign = ordinal;
  candidate.offer = pricing.offer;
  candidate.deal = pricing.deal;
  candidate.valueCpmMicros = 0;
  candidate.priceCpmMicros = 0;
  candidate.shopCpmMicros = 0;
  candidate.reason = unavailable(pricing, place, ordinal);
  if (candidate.reason !== null) return;
  setTerms(pricing, place, ordinal);
  const price = shopPrice(pricing.personProduct, terms);
  candidate.shopCpmMicros = Math.round(price);
  candidate.valueCpmMicros = Math.round(price * terms.currencyRate);
  candidate.priceCpmMicros = candidate.valueCpmMicros;
  if (pricing.deal !== null) keepToDeal(candidate, pricing, pricing.deal);
  candidate.reason = unaffordable(candidate, pricing);
}

function keepToDeal(candidate: Candidate, pricing: Pricing, deal: Deal): void {
  const worth = candidate.valueCpmMicros;
  const ceiling = Math.floor(terms.ceilingCpmMicros * terms.currencyRate);
  const price = dealPrice(deal, worth, { floor: pricing.floorCpmMicros, ceiling });
  if (price === worth) return;
  candidate.priceCpmMicros = price;
  candidate.shopCpmMicros = Math.ceil(price / terms.currencyRate);
}

/**
 * No less than the candidate's price in the currency of the bid, and falling from place to place:
 * fatigue, pacing and the ceiling are factors of at most 1, and rounding keeps the order.
 */
export function priceBound(pricing: Pricing, place: number): number {
  const shopBound = pricing.personProduct * pricing.shopSnapshot.terms.multiplier[place]!;
  return Math.round(shopBound * pricing.currencyRate);
}

/** To be clipped to a ceiling is to be divided and multiplied: that may end a few bits above it. */
const CLIPPED_AT_MOST = 1 + 1e-12;

/** No less than the candidate's price either: closer, but it does not fall from place to place. */
export function ceilingBound(pricing: Pricing, place: number): number {
  const ceiling = ceilingOf(pricing, place) * CLIPPED_AT_MOST;
  return Math.round(ceiling * pricing.currencyRate);
}

/** Writes the factors of the candidate's price into those of its shop. */
export function factorsOf(candidate: Candidate, pricing: Pricing): Float64Array {
  const factors = pricing.out.scratch.factors[candidate.shop]!;
  const place = pricing.shopSnapshot.index.placeOf[candidate.campaign]!;
  setTerms(pricing, place, candidate.campaign);
  writeCampaignFactors(factors, pricing.personProduct, terms);
  if (candidate.priceCpmMicros !== candidate.valueCpmMicros) {
    writeDealFactor(factors, candidate.priceCpmMicros);
  }
  return factors;
}

function unavailable(pricing: Pricing, place: number, ordinal: number): NoBidReason | null {
  const { terms: all } = pricing.shopSnapshot;
  const { nowMs } = pricing.input;
  if (nowMs < all.startMs[place]! || nowMs >= all.endMs[place]!) return 'outside-flight';
  const { out } = pricing;
  for (let i = 0; i < out.bidCount; i++) {
    const bid = out.bids[i]!;
    if (bid.campaign !== ordinal || bid.shop !== pricing.shop) continue;
    if (bid.imp !== pricing.imp) return 'used-on-another-imp';
    // Of the bids on one imp one wins: a campaign may bid for several deals of it.
    if (bid.deal === pricing.deal) return 'outbid';
  }
  return null;
}

function setTerms(pricing: Pricing, place: number, ordinal: number): void {
  const { shop, input, out } = pricing;
  terms.multiplier = pricing.shopSnapshot.terms.multiplier[place]!;
  terms.seen = out.scratch.seen[shop]!.counts[ordinal]!;
  terms.pacing = input.money[shop]!.pacing[ordinal]!;
  terms.ceilingCpmMicros = ceilingOf(pricing, place);
  terms.currencyRate = pricing.currencyRate;
}

function ceilingOf(pricing: Pricing, place: number): number {
  return Math.min(pricing.segmentMaxCpmMicros, pricing.shopSnapshot.terms.maxCpmMicros[place]!);
}

/** What the imp offers. */
export function offerOf({ input, imp, offer }: Pricing): Offer {
  return input.request.imps[imp]!.offers[offer]!;
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
