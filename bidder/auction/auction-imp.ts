/**
 * The bids on one imp: for each of its deals and for the open auction the best candidate of all
 * shops, over every format that the imp offers. Where an exchange takes one bid on an imp, a deal
 * goes before the open auction, whatever either would pay (OpenRTB 2.6, 7.3).
 */
import { chooseMedia } from '../../creative/media-fit.ts';
import { emptySelection, type Selection, selectItems } from '../../creative/select-items.ts';
import type { Deal } from './bid-request.ts';
import { nextBit } from './bitmap.ts';
import { currencyRate } from './convert-currency.ts';
import { isDisapproved, nativeItem } from './creative-fit.ts';
import { refusesDeal } from './deal-terms.ts';
import {
  type DecidedBid,
  type Decision,
  type DecisionInput,
  furthest,
  nextBid,
} from './decision.ts';
import type { DecisionWatch } from './decision-watch.ts';
import { rowsOfImp, sizeFor } from './imp-rows.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { NO_INTERESTS } from './person-view.ts';
import { type Candidate, type Pricing, placementOf } from './pricing.ts';
import { ceilingBound, costNanos, factorsOf, judgeCandidate, priceBound } from './rank.ts';
import type { ServedCampaign } from './served-campaign.ts';
import type { Snapshot } from './snapshot.ts';

/** A decision under way. */
export interface Run {
  readonly snapshot: Snapshot;
  readonly input: DecisionInput;
  readonly out: Decision;
  readonly watch: DecisionWatch | null;
}

/** Bids without a deal beside those for deals, so that the open auction has a price of ours too. */
const OPEN_BIDS_BESIDE_DEALS = 2;

/** Adds the bids on the imp to the decision; null when there is one, else how far the furthest came. */
export function auctionImp(run: Run, i: number): NoBidReason | null {
  const imp = run.input.request.imps[i]!;
  if (imp.secure && !run.snapshot.secureUrls) {
    if (run.watch !== null) run.watch.impRefused(i, null, 'secure-required');
    return 'secure-required';
  }
  const before = run.out.bidCount;
  const dealReason = auctionDeals(run, i);
  const hasBid = run.out.bidCount > before;
  if (imp.dealsOnly || (hasBid && !run.input.terms.multiBid)) return hasBid ? null : dealReason;
  const openReason = auctionOpen(run, i);
  if (run.out.bidCount > before) return null;
  return furthest(dealReason, openReason);
}

/** Where one bid is taken, the first deal that somebody bids for has it. */
function auctionDeals(run: Run, i: number): NoBidReason {
  const { deals } = run.input.request.imps[i]!;
  let reason: NoBidReason = 'no-shop';
  for (let d = 0; d < deals.length && mayBidMore(run); d++) {
    const lost = auctionLot(run, i, deals[d]!);
    if (lost !== null) reason = furthest(reason, lost);
    else if (!run.input.terms.multiBid) break;
  }
  return reason;
}

/** The reason why there is no bid, or not one more. */
function auctionOpen(run: Run, i: number): NoBidReason {
  const besideDeals = run.input.terms.multiBid && run.input.request.imps[i]!.deals.length > 0;
  const bids = besideDeals ? OPEN_BIDS_BESIDE_DEALS : 1;
  let reason: NoBidReason = 'outbid';
  for (let n = 0; n < bids && mayBidMore(run); n++) {
    const lost = auctionLot(run, i, null);
    if (lost === null) continue;
    reason = lost;
    break;
  }
  return reason;
}

/** Whether the exchange takes one more bid in this answer. */
function mayBidMore({ input, out }: Run): boolean {
  return out.bidCount < input.terms.limits.bids;
}

/** One bid for the deal, or without one; null when there is a bid. */
function auctionLot(run: Run, i: number, deal: Deal | null): NoBidReason | null {
  const { snapshot, input, out, watch } = run;
  const { placements } = input.request.imps[i]!;
  const refusal = openLot(run, i, deal);
  if (refusal !== null) {
    if (watch !== null) watch.impRefused(i, deal, refusal);
    return refusal;
  }
  best.valueCpmMicros = 0;
  let reason: NoBidReason = 'no-shop';
  for (let o = 0; o < placements.length; o++) {
    for (let s = 0; s < snapshot.shops.length; s++) {
      // A shop that was refused as a whole has not come as far as to be refused here.
      if (nextBit(out.scratch.bases[s]!, 0) < 0) continue;
      reason = furthest(reason, bestOfShop(pricingOf(run, o, s), watch));
    }
  }
  if (best.valueCpmMicros === 0) return reason;
  placeBid(run);
  return null;
}

/** Sets what is auctioned; the reason when we may not bid for it. */
function openLot({ snapshot, input, out }: Run, i: number, deal: Deal | null): NoBidReason | null {
  const { floorCpmMicros, floorCurrency } = deal ?? input.request.imps[i]!;
  lot.imp = i;
  lot.deal = deal;
  lot.floorRate = currencyRate(snapshot.rates, floorCurrency, out.currency, input.nowMs);
  // No floor is none in every currency.
  lot.floorCpmMicros = floorCpmMicros === 0 ? 0 : Math.ceil(floorCpmMicros * lot.floorRate);
  if (Number.isNaN(lot.floorCpmMicros)) return 'floor-currency-unknown';
  return refusesDeal(deal, input.terms.seat);
}

/** What is auctioned now. */
const lot: { imp: number; deal: Deal | null; floorCpmMicros: number; floorRate: number } = {
  imp: 0,
  deal: null,
  floorCpmMicros: 0,
  floorRate: 1,
};

/** A native ad shows one item: the first of so many with which it can be filled. */
const NATIVE_ITEMS = 8;
/** Of the shop whose turn it is. */
const nativeItems = emptySelection();

function pricingOf({ snapshot, input, out }: Run, placement: number, shop: number): Pricing {
  return {
    shopSnapshot: snapshot.shops[shop]!,
    input,
    imp: lot.imp,
    placement,
    deal: lot.deal,
    shop,
    floorCpmMicros: lot.floorCpmMicros,
    floorRate: lot.floorRate,
    items: nativeItems,
    out,
    personProduct: out.scratch.personProducts[shop]!,
    currencyRate: out.scratch.rates[shop]!,
    segmentMaxCpmMicros:
      input.persons[shop]!.shaping?.effect.maxCpmMicros ?? Number.POSITIVE_INFINITY,
  };
}

function noCandidate(): Candidate {
  return {
    imp: 0,
    placement: 0,
    deal: null,
    shop: 0,
    campaign: 0,
    valueCpmMicros: 0,
    priceCpmMicros: 0,
    shopCpmMicros: 0,
    reason: null,
  };
}

const best = noCandidate();
const challenger = noCandidate();

/**
 * Sets `best` to the shop's best candidate if it outbids; returns how far the shop's others came,
 * complete when none of them bids. Judges from the highest bound down and stops where nobody who is
 * left can reach the best value.
 */
function bestOfShop(pricing: Pricing, watch: DecisionWatch | null): NoBidReason {
  const { out, shop: s } = pricing;
  const base = out.scratch.bases[s]!;
  if (out.scratch.imp.length !== base.length) out.scratch.imp = new Int32Array(base.length);
  const rows = out.scratch.imp;
  let reason = rowsOfImp(rows, base, { pricing, watch });
  if (reason !== null) return reason;
  prepareItems(pricing);
  reason = 'no-shop';
  for (let place = nextBit(rows, 0); place >= 0; place = nextBit(rows, place + 1)) {
    // Whoever is bound to lose is not judged; only explain wants to know by what it lost.
    if (watch === null && best.valueCpmMicros > 0) {
      if (priceBound(pricing, place) < best.valueCpmMicros) break;
      if (losesByCeiling(pricing, place)) continue;
    }
    reason = furthest(reason, challenge(pricing, place, watch));
  }
  return reason;
}

function prepareItems(pricing: Pricing): void {
  if (placementOf(pricing).kind === 'native') chooseItems(pricing, NATIVE_ITEMS, nativeItems);
}

/** Whether `best` is at least what the campaign's ceiling allows, and before it among equals. */
function losesByCeiling(pricing: Pricing, place: number): boolean {
  const bound = ceilingBound(pricing, place);
  if (bound !== best.valueCpmMicros) return bound < best.valueCpmMicros;
  // In an earlier format also a shop that comes behind may have set it.
  if (best.shop !== pricing.shop) return best.shop < pricing.shop;
  return best.campaign < pricing.shopSnapshot.index.bestFirst[place]!;
}

/** Sets `best` to the campaign if it outbids; returns how far the loser came. */
function challenge(pricing: Pricing, place: number, watch: DecisionWatch | null): NoBidReason {
  judgeCandidate(challenger, pricing, place);
  if (challenger.reason === null && isDisapproved(pricing, challenger.campaign)) {
    challenger.reason = 'creative-disapproved';
  }
  if (watch !== null) watch.candidate(challenger);
  if (challenger.reason !== null) return challenger.reason;
  if (outranks(challenger, best)) copyCandidate(challenger, best);
  return 'outbid';
}

/**
 * Who gets more from the impression; of equals the shop and campaign that come first, whatever order
 * they came in, and of one campaign's formats the one that the imp offers first.
 */
function outranks(a: Candidate, b: Candidate): boolean {
  if (a.valueCpmMicros !== b.valueCpmMicros) return a.valueCpmMicros > b.valueCpmMicros;
  if (a.shop !== b.shop) return a.shop < b.shop;
  return a.campaign < b.campaign;
}

function copyCandidate(from: Candidate, to: Candidate): void {
  to.imp = from.imp;
  to.placement = from.placement;
  to.deal = from.deal;
  to.shop = from.shop;
  to.campaign = from.campaign;
  to.valueCpmMicros = from.valueCpmMicros;
  to.priceCpmMicros = from.priceCpmMicros;
  to.shopCpmMicros = from.shopCpmMicros;
  to.reason = from.reason;
}

/** Turns `best` into a bid: its creative, its money and its items. */
function placeBid(run: Run): void {
  const { snapshot, input, out, watch } = run;
  const { shop: s, campaign } = best;
  const pricing = pricingOf(run, best.placement, s);
  const bid = nextBid(out);
  bid.imp = best.imp;
  bid.placement = placementOf(pricing);
  bid.deal = best.deal;
  bid.shop = s;
  bid.campaign = campaign;
  bid.priceCpmMicros = best.priceCpmMicros;
  bid.reservedNanos = costNanos(best.shopCpmMicros, input.request.imps[best.imp]!.impressions);
  bid.size = '';
  bid.media = null;
  fillPlacement(bid, snapshot.shops[s]!.campaigns[campaign]!, pricing);
  if (watch !== null) watch.won(bid, factorsOf(best, pricing));
}

/** Sets what is shown: the creative, and its items or files. */
function fillPlacement(bid: DecidedBid, served: ServedCampaign, pricing: Pricing): void {
  const { placement, selection } = bid;
  if (placement.kind === 'banner') {
    const { shopSnapshot, input } = pricing;
    bid.size = sizeFor(shopSnapshot, placement, bid.campaign, input.pausedCreatives);
    const { banner, creative } = served.banners.get(bid.size)!;
    bid.creative = creative;
    chooseItems(pricing, banner.layout.cards, selection);
  } else if (placement.kind === 'native') {
    bid.creative = served.native!.creative;
    chooseItems(pricing, NATIVE_ITEMS, nativeItems);
    keepOnly(selection, nativeItems, nativeItem(pricing, placement, bid.campaign));
  } else {
    const { media, creative } = served[placement.kind]!;
    bid.creative = creative;
    bid.media = chooseMedia(media, placement);
    selection.items.length = 0;
    selection.rungs.length = 0;
  }
}

function chooseItems(pricing: Pricing, count: number, into: Selection): void {
  const { input, shopSnapshot } = pricing;
  const { secure } = input.request.imps[pricing.imp]!;
  const catalogue = secure ? shopSnapshot.secureCatalogue : shopSnapshot.catalogue;
  const { interests } = input.persons[pricing.shop]!;
  selectItems({ interests, catalogue, count }, into);
  // Who bought everything that sells best is shown it again rather than nothing.
  if (into.items.length === 0) selectItems({ interests: NO_INTERESTS, catalogue, count }, into);
}

function keepOnly(into: Selection, from: Selection, at: number): void {
  into.items.length = 0;
  into.rungs.length = 0;
  into.items.push(from.items[at]!);
  into.rungs.push(from.rungs[at]!);
}
