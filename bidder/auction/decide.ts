/**
 * The decision: pure and synchronous. The same snapshot and input give the same answer, byte for
 * byte (promise 6). It reads top to bottom as the business says it: which shops may advertise here,
 * which of their campaigns, for each imp the best priced of those that fit, with items to show.
 */
import { selectItems } from '../../creative/select-items.ts';
import { nextBit } from './bitmap.ts';
import { currencyRate } from './convert-currency.ts';
import { type Decision, type DecisionInput, fitScratch, furthest, nextBid } from './decision.ts';
import type { DecisionWatch } from './decision-watch.ts';
import { refusesShop, selectEligible } from './eligibility.ts';
import { rowsOfImp, sizeFor } from './imp-rows.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { NO_INTERESTS } from './person-view.ts';
import { personFactors } from './price-bid.ts';
import {
  type Candidate,
  ceilingBound,
  factorsOf,
  judgeCandidate,
  type Pricing,
  priceBound,
} from './rank.ts';
import { forgetSeen } from './seen-campaigns.ts';
import type { Snapshot } from './snapshot.ts';

/** Writes the answer into `out`, which belongs to the caller and is reused. */
export function decide(
  snapshot: Snapshot,
  input: DecisionInput,
  out: Decision,
  watch: DecisionWatch | null = null,
): void {
  out.bidCount = 0;
  out.reason = 'no-shop';
  out.currency = bidCurrency(input);
  if (out.currency === '') {
    out.reason = 'bid-currency-not-allowed';
    return;
  }
  fitScratch(out.scratch, snapshot.shops);
  let left = false;
  for (let s = 0; s < snapshot.shops.length; s++) {
    const reason = admitShop(snapshot, input, s, { out, watch });
    if (reason === null) left = true;
    else out.reason = furthest(out.reason, reason);
  }
  if (!left) return;
  for (let i = 0; i < input.request.imps.length; i++) {
    const reason = auctionImp(snapshot, input, i, { out, watch });
    if (reason !== null) out.reason = furthest(out.reason, reason);
  }
  if (out.bidCount > 0) out.reason = null;
}

interface Run {
  readonly out: Decision;
  readonly watch: DecisionWatch | null;
}

/** The first of our currencies that the request allows, '' when there is none. */
function bidCurrency(input: DecisionInput): string {
  const { currencies: allowed } = input.request;
  for (let i = 0; i < input.currencies.length; i++) {
    for (let k = 0; k < allowed.length; k++) {
      if (allowed[k] === input.currencies[i]) return input.currencies[i]!;
    }
  }
  return '';
}

/** Prepares one shop for all imps; the reason when none of its campaigns may bid. */
function admitShop(
  snapshot: Snapshot,
  input: DecisionInput,
  s: number,
  { out, watch }: Run,
): NoBidReason | null {
  const shop = snapshot.shops[s]!;
  const view = input.persons[s]!;
  const { scratch } = out;
  const base = scratch.bases[s]!;
  scratch.rates[s] = currencyRate(
    snapshot.rates,
    shop.settings.currency,
    out.currency,
    input.nowMs,
  );
  const refusal = Number.isNaN(scratch.rates[s])
    ? 'bid-currency-not-allowed'
    : refusesShop(shop, input.request);
  if (refusal !== null) {
    base.fill(0);
    if (watch !== null) watch.shopRefused(s, refusal);
    return refusal;
  }
  const seen = scratch.seen[s]!;
  forgetSeen(seen, shop.campaigns.length);
  const { request, exchange, nowMs } = input;
  const reason = selectEligible(
    base,
    { shop, request, exchange, view, seen, nowMs },
    watch === null ? null : watch.eligibility(s),
  );
  if (reason !== null) return reason;
  scratch.personProducts[s] = personFactors(scratch.factors[s]!, shop.settings.economics, view);
  return null;
}

/** Bids on one imp with the best candidate of all shops, or says why not. */
function auctionImp(
  snapshot: Snapshot,
  input: DecisionInput,
  i: number,
  run: Run,
): NoBidReason | null {
  const { out, watch } = run;
  const imp = input.request.imps[i]!;
  const floorRate = currencyRate(snapshot.rates, imp.floorCurrency, out.currency, input.nowMs);
  const refusal = refusesImp(imp.secure && !snapshot.secureUrls, floorRate);
  if (refusal !== null) {
    if (watch !== null) watch.impRefused(i, refusal);
    return refusal;
  }
  const floorCpmMicros = Math.ceil(imp.floorCpmMicros * floorRate);
  best.priceCpmMicros = 0;
  let reason: NoBidReason = 'size-not-offered';
  for (let s = 0; s < snapshot.shops.length; s++) {
    const pricing = pricingOf(snapshot, input, out, { imp: i, shop: s, floorCpmMicros });
    reason = furthest(reason, bestOfShop(pricing, watch));
  }
  if (best.priceCpmMicros === 0) return reason;
  placeBid(snapshot, input, i, run);
  return null;
}

function pricingOf(
  snapshot: Snapshot,
  input: DecisionInput,
  out: Decision,
  at: { readonly imp: number; readonly shop: number; readonly floorCpmMicros: number },
): Pricing {
  const { imp, shop, floorCpmMicros } = at;
  return {
    shopSnapshot: snapshot.shops[shop]!,
    input,
    imp,
    shop,
    floorCpmMicros,
    out,
    personProduct: out.scratch.personProducts[shop]!,
    currencyRate: out.scratch.rates[shop]!,
    segmentMaxCpmMicros:
      input.persons[shop]!.shaping?.effect.maxCpmMicros ?? Number.POSITIVE_INFINITY,
  };
}

function refusesImp(insecure: boolean, floorRate: number): NoBidReason | null {
  if (insecure) return 'secure-required';
  return Number.isNaN(floorRate) ? 'floor-currency-unknown' : null;
}

const best: Candidate = {
  imp: 0,
  shop: 0,
  campaign: 0,
  priceCpmMicros: 0,
  shopCpmMicros: 0,
  reason: null,
};
const challenger: Candidate = {
  imp: 0,
  shop: 0,
  campaign: 0,
  priceCpmMicros: 0,
  shopCpmMicros: 0,
  reason: null,
};

/**
 * Sets `best` to the shop's best candidate if it outbids; returns how far the shop's others came,
 * complete when none of them bids. Judges from the highest bound down and stops where nobody who is
 * left can reach the best price.
 */
function bestOfShop(pricing: Pricing, watch: DecisionWatch | null): NoBidReason {
  const { out, shop: s } = pricing;
  const base = out.scratch.bases[s]!;
  if (out.scratch.imp.length !== base.length) out.scratch.imp = new Int32Array(base.length);
  const rows = out.scratch.imp;
  let reason = rowsOfImp(rows, base, { pricing, watch });
  if (reason !== null) return reason;
  reason = 'outside-flight';
  for (let place = nextBit(rows, 0); place >= 0; place = nextBit(rows, place + 1)) {
    // Whoever is bound to lose is not judged; only explain wants to know by what it lost.
    if (watch === null && best.priceCpmMicros > 0) {
      if (priceBound(pricing, place) < best.priceCpmMicros) break;
      if (losesByCeiling(pricing, place)) continue;
    }
    reason = furthest(reason, challenge(pricing, place, watch));
  }
  return reason;
}

/** Whether `best` is at least what the campaign's ceiling allows, and before it among equals. */
function losesByCeiling(pricing: Pricing, place: number): boolean {
  const bound = ceilingBound(pricing, place);
  if (bound !== best.priceCpmMicros) return bound < best.priceCpmMicros;
  // Shops come in their order: another one's best came before.
  return best.shop !== pricing.shop || best.campaign < pricing.shopSnapshot.index.bestFirst[place]!;
}

/** Sets `best` to the campaign if it outbids; returns how far the loser came. */
function challenge(pricing: Pricing, place: number, watch: DecisionWatch | null): NoBidReason {
  judgeCandidate(challenger, pricing, place);
  if (watch !== null) watch.candidate(challenger);
  if (challenger.reason !== null) return challenger.reason;
  if (outranks(challenger, best)) copyCandidate(challenger, best);
  return 'outbid';
}

/** The higher price; of equal ones the shop and campaign that come first, whatever order they came in. */
function outranks(a: Candidate, b: Candidate): boolean {
  if (a.priceCpmMicros !== b.priceCpmMicros) return a.priceCpmMicros > b.priceCpmMicros;
  if (a.shop !== b.shop) return a.shop < b.shop;
  return a.campaign < b.campaign;
}

function copyCandidate(from: Candidate, to: Candidate): void {
  to.imp = from.imp;
  to.shop = from.shop;
  to.campaign = from.campaign;
  to.priceCpmMicros = from.priceCpmMicros;
  to.shopCpmMicros = from.shopCpmMicros;
  to.reason = from.reason;
}

/** Turns `best` into a bid: its size, its money and its items. */
function placeBid(snapshot: Snapshot, input: DecisionInput, i: number, { out, watch }: Run): void {
  const { shop: s, campaign } = best;
  const shop = snapshot.shops[s]!;
  const imp = input.request.imps[i]!;
  const bid = nextBid(out);
  bid.imp = i;
  bid.shop = s;
  bid.campaign = campaign;
  bid.size = sizeFor(shop, imp, campaign);
  bid.priceCpmMicros = best.priceCpmMicros;
  bid.reservedNanos = best.shopCpmMicros;
  const { banner } = shop.campaigns[campaign]!.banners.get(bid.size)!;
  const catalogue = imp.secure ? shop.secureCatalogue : shop.catalogue;
  const count = banner.layout.cards;
  selectItems({ interests: input.persons[s]!.interests, catalogue, count }, bid.selection);
  // Who bought everything that sells best is shown it again rather than nothing.
  if (bid.selection.items.length === 0) {
    selectItems({ interests: NO_INTERESTS, catalogue, count }, bid.selection);
  }
  if (watch !== null) {
    const pricing = pricingOf(snapshot, input, out, { imp: i, shop: s, floorCpmMicros: 0 });
    watch.won(bid, factorsOf(best, pricing));
  }
}
