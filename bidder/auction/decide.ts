/**
 * The decision: pure and synchronous. The same snapshot and input give the same answer, byte for
 * byte (promise 6). It reads top to bottom as the business says it: which shops may advertise here,
 * which of their campaigns, for each imp the best priced of those that fit, with items to show.
 */
import { needsErid } from './ad-marking.ts';
import { auctionImp, type Run } from './auction-imp.ts';
import { currencyRate } from './convert-currency.ts';
import { type Decision, type DecisionInput, fitScratch, furthest } from './decision.ts';
import type { DecisionWatch } from './decision-watch.ts';
import { refusesShop, selectEligible } from './eligibility.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { personFactors } from './price-bid.ts';
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
  const run: Run = { snapshot, input, out, watch };
  let left = false;
  for (let s = 0; s < snapshot.shops.length; s++) {
    const reason = admitShop(run, s);
    if (reason === null) left = true;
    else out.reason = furthest(out.reason, reason);
  }
  if (!left) return;
  const { limits } = input.terms;
  for (let i = 0; i < input.request.imps.length && out.bidCount < limits.bids; i++) {
    const reason = auctionImp(run, i);
    if (reason !== null) out.reason = furthest(out.reason, reason);
  }
  if (out.bidCount > 0) out.reason = null;
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
function admitShop({ snapshot, input, out, watch }: Run, s: number): NoBidReason | null {
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
    : refusesShop(shop, input.request, input.terms.taxonomy);
  if (refusal !== null) {
    base.fill(0);
    if (watch !== null) watch.shopRefused(s, refusal);
    return refusal;
  }
  const seen = scratch.seen[s]!;
  forgetSeen(seen, shop.campaigns.length);
  const { request, exchange, nowMs } = input;
  const marked = needsErid(input.terms.marking.required, request.country);
  const reason = selectEligible(
    base,
    { shop, request, exchange, marked, view, seen, nowMs },
    watch === null ? null : watch.eligibility(s),
  );
  if (reason !== null) return reason;
  scratch.personProducts[s] = personFactors(scratch.factors[s]!, shop.settings.economics, view);
  return null;
}
