/**
 * One bid request, explained: decoded, gated, recognised, decided and encoded by the code that
 * bids, with nothing reserved. Off the hot path.
 */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Exchange } from '../settings/exchange.ts';
import type { Store } from '../store/ports.ts';
import type { BidRequest, DroppedImp } from './auction/bid-request.ts';
import { decide } from './auction/decide.ts';
import {
  type Decision,
  type DecisionInput,
  emptyDecision,
  type MoneyView,
} from './auction/decision.ts';
import { type ExplainedDecision, explainDecision } from './auction/explain-decision.ts';
import type { NoBidReason } from './auction/no-bid-reason.ts';
import { offerText, shownOffer } from './auction/shown-offer.ts';
import type { ShopSnapshot, Snapshot } from './auction/snapshot.ts';
import { BID_EXP_MAX_S } from './budget-leases.ts';
import { pausedCreatives } from './exchange-lessons.ts';
import { bidMarkup } from './openrtb/bid-markup.ts';
import { browserLinksOf } from './openrtb/browser-links.ts';
import { nbrOf } from './openrtb/nbr.ts';
import { FORMATS } from './openrtb/wire-format.ts';
import { budgetPeriod, elapsedShare, pacingCeilingNanos, pacingFactor } from './pacing.ts';
import { recognisePerson } from './recognise-person.ts';
import { mayBeSeated } from './seats.ts';
import { type Lap, Stopwatch } from './stopwatch.ts';
import type { SupplyIndex } from './supply/supply-index.ts';
import { supplyCheck, supplyRefusal } from './supply/supply-refusal.ts';
import { WantedDomains } from './supply/wanted-domains.ts';

export interface ExplainDeps {
  readonly snapshot: Snapshot;
  readonly exchange: Exchange;
  readonly store: Pick<Store, 'hot' | 'budgets' | 'learned'>;
  /** What is known of those who sell. */
  readonly supply: SupplyIndex;
  /** Of identifiers and tokens. */
  readonly key: KeyObject;
  /** Base of our URLs, without a trailing slash. */
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** In this order; a request ends at the step that refuses it. */
type StepName = 'decode' | 'recognise' | 'budgets' | 'decide' | 'creative' | 'encode';

export interface Trace {
  readonly v: 1;
  readonly exchange: string;
  readonly request: string;
  readonly decision: {
    readonly kind: 'bid' | 'no-bid';
    readonly reason: NoBidReason | null;
    /** OpenRTB no-bid reason code; null for a bid. */
    readonly nbr: number | null;
  };
  readonly privacy: BidRequest['privacy'] | null;
  readonly droppedImps: readonly DroppedImp[];
  /** By shop: which kind of identifier led to a customer, null when none did. */
  readonly recognisedBy: readonly { readonly shop: string; readonly space: string | null }[];
  /**
   * How long each step took, once and cold: a worker that has answered a thousand requests needs a
   * fraction. `encode` renders the banners once more, as it does when it bids.
   */
  readonly steps: readonly Lap<StepName>[];
  readonly explained: ExplainedDecision | null;
}

/** The request's way through the steps. */
interface Walk {
  readonly deps: ExplainDeps;
  readonly watch: Stopwatch<StepName>;
  readonly nowMs: number;
}

/**
 * `format` is what the body is in; it is answered as the exchange is. Rejects with StoreUnavailable when the store cannot be asked for budgets.
 */
export async function explainRequest(
  deps: ExplainDeps,
  body: Uint8Array,
  format: Exchange['format'] = deps.exchange.format,
): Promise<Trace> {
  const { exchange, snapshot, clock } = deps;
  const nowMs = clock.nowMs();
  const walk: Walk = { deps, watch: new Stopwatch(clock), nowMs };
  const supply =
    exchange.supply === undefined
      ? null
      : supplyCheck(exchange.supply, deps.supply, new WantedDomains());
  const { consentVendors } = snapshot;
  const readsSupply = supply !== null;
  const decoded = FORMATS[format].decode(body, exchange.exchange, consentVendors, readsSupply);
  walk.watch.lap('decode');
  if (decoded.kind === 'rejected') {
    return { ...silent(walk, null, decoded.reason), request: decoded.id };
  }
  const { request } = decoded;
  if (!mayBeSeated(exchange.seat, request)) return silent(walk, request, 'seat-not-allowed');
  const refusal = supply === null ? null : supplyRefusal(supply, request);
  if (refusal !== null) return silent(walk, request, refusal);
  const people = await Promise.all(
    snapshot.shops.map((shop) => recognisePerson(deps, shop, { request, nowMs })),
  );
  walk.watch.lap('recognise');
  const money = await Promise.all(snapshot.shops.map((shop) => readMoney(walk, shop)));
  const paused = await pausedCreatives(deps.store.learned, exchange.exchange, nowMs);
  walk.watch.lap('budgets');
  const input: DecisionInput = {
    request,
    exchange: exchange.exchange,
    terms: exchange,
    currencies: exchange.currencies,
    persons: people.map(({ view }) => view),
    money,
    pausedCreatives: paused,
    nowMs,
  };
  const leaves = answer(walk, input);
  const explained = explainDecision(snapshot, input);
  return {
    ...silent(walk, request, leaves ? explained.reason : 'markup-too-large'),
    recognisedBy: people.map(({ space }, s) => ({
      shop: snapshot.shops[s]!.settings.shop,
      space,
    })),
    explained,
  };
}

/**
 * Decides and encodes as for a bid, for the time it takes: the answer has a name that books nothing.
 * False when every bid is larger than the exchange takes.
 */
function answer({ deps, watch, nowMs }: Walk, input: DecisionInput): boolean {
  const decision = emptyDecision();
  decide(deps.snapshot, input, decision);
  watch.lap('decide');
  if (decision.bidCount === 0) return true;
  renderMarkup(deps, input, decision);
  watch.lap('creative');
  const { exchange, publicUrl, key } = deps;
  const { request } = input;
  const { currency } = decision;
  const context = { exchange, request, publicUrl, tokenKey: key, currency, nowMs };
  const unbooked = { bidId: 'explained', leaseId: '', period: '', expS: BID_EXP_MAX_S };
  const wire = FORMATS[exchange.format];
  const bids = decision.bids.slice(0, decision.bidCount).map((bid) => {
    const shop = deps.snapshot.shops[bid.shop]!;
    return wire.encodeBid(context, { bid, shop, view: input.persons[bid.shop]!, ...unbooked });
  });
  wire.encodeResponse(context, bids.join(wire.separator), unbooked.bidId);
  watch.lap('encode');
  return bids.some((bid) => bid !== '');
}

function renderMarkup(
  { snapshot, publicUrl, exchange }: ExplainDeps,
  input: DecisionInput,
  decision: Decision,
): void {
  const links = browserLinksOf(publicUrl, exchange.click);
  for (let i = 0; i < decision.bidCount; i++) {
    const bid = decision.bids[i]!;
    const shop = snapshot.shops[bid.shop]!;
    const served = shop.campaigns[bid.campaign]!;
    const text = offerText(shop, shownOffer(served, input.persons[bid.shop]!));
    const shown = { bid, served, bidId: '', offerText: text };
    bidMarkup(shown, { exchange, links, token: '', form: 'json' });
  }
}

function silent(
  { deps, watch }: Walk,
  request: BidRequest | null,
  reason: NoBidReason | null,
): Trace {
  return {
    v: 1,
    exchange: deps.exchange.exchange,
    request: request?.id ?? '',
    decision: {
      kind: reason === null ? 'bid' : 'no-bid',
      reason,
      nbr: reason === null ? null : nbrOf(reason),
    },
    privacy: request?.privacy ?? null,
    droppedImps: request?.dropped ?? [],
    recognisedBy: [],
    steps: watch.laps,
    explained: null,
  };
}

/** What a lease could get now: free money under the pacing ceiling, and what leases hold already. */
async function readMoney({ deps, nowMs }: Walk, shop: ShopSnapshot): Promise<MoneyView> {
  const availableNanos = new Float64Array(shop.campaigns.length);
  const pacing = new Float64Array(shop.campaigns.length);
  for (const [i, { campaign }] of shop.campaigns.entries()) {
    const period = budgetPeriod(campaign, shop.zone, nowMs);
    const budget = { campaign: `${shop.settings.shop}/${campaign.campaign}`, period };
    const state = await deps.store.budgets.read(budget);
    const settledNanos = state?.settledNanos ?? 0;
    const usedNanos = settledNanos + (state?.leasedNanos ?? 0);
    const ceilingNanos = pacingCeilingNanos(campaign, shop.zone, nowMs);
    availableNanos[i] = Math.max(0, ceilingNanos - settledNanos);
    pacing[i] = pacingFactor(campaign, usedNanos, elapsedShare(campaign, shop.zone, nowMs));
  }
  return { availableNanos, pacing };
}
