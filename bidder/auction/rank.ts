/** Judges one campaign for one imp: is it on, what is it worth here, and is there money for it. */
import { type Deal, isMedia } from './bid-request.ts';
import { unfit } from './creative-fit.ts';
import { dealPrice } from './deal-terms.ts';
import { durationFloorCpmMicros } from './media-floor.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import {
  type CampaignTerms,
  shopPrice,
  writeCampaignFactors,
  writeDealFactor,
} from './price-bid.ts';
import { type Candidate, type Pricing, placementOf } from './pricing.ts';

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
  candidate.placement = pricing.placement;
  candidate.deal = pricing.deal;
  candidate.valueCpmMicros = 0;
  candidate.priceCpmMicros = 0;
  candidate.shopCpmMicros = 0;
  candidate.reason = unavailable(pricing, place, ordinal) ?? unfit(pricing, ordinal);
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
  const floor = floorFor(pricing, candidate.campaign);
  const price = dealPrice(deal, worth, { floor, ceiling });
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

/** What the ad has to earn at least, in the currency of the bid. The longer one lasts, the more. */
function floorFor(pricing: Pricing, ordinal: number): number {
  const placement = placementOf(pricing);
  if (!isMedia(placement)) return pricing.floorCpmMicros;
  const { durationS } = pricing.shopSnapshot.campaigns[ordinal]![placement.kind]!.media;
  const floor = durationFloorCpmMicros(pricing.deal?.floors ?? placement.floors, durationS);
  return floor === null ? pricing.floorCpmMicros : Math.ceil(floor * pricing.floorRate);
}

/** Of one showing at a CPM: its micros are the nanos of one impression. */
export function costNanos(cpmMicros: number, impressions: number): number {
  return impressions === 1 ? cpmMicros : Math.ceil(cpmMicros * impressions);
}

/**
 * A price under the floor is not raised to it: the impression is not worth that. Nor is a price
 * lowered to what the lease still holds.
 */
function unaffordable(candidate: Candidate, pricing: Pricing): NoBidReason | null {
  const { priceCpmMicros, shopCpmMicros } = candidate;
  if (!(priceCpmMicros > 0 && shopCpmMicros > 0)) return 'worthless';
  const floor = floorFor(pricing, candidate.campaign);
  if (Number.isNaN(floor)) return 'floor-currency-unknown';
  if (priceCpmMicros < floor) return 'below-floor';
  const { availableNanos } = pricing.input.money[candidate.shop]!;
  const nanos = costNanos(shopCpmMicros, pricing.input.request.imps[pricing.imp]!.impressions);
  return availableNanos[candidate.campaign]! < nanos ? 'budget' : null;
}
