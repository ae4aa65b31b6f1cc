/** What a decision is made from and what comes out: plain values, reused from bid to bid. */
import type { MediaChoice } from '../../creative/media-fit.ts';
import { emptySelection, type Selection } from '../../creative/select-items.ts';
import type { Exchange } from '../../settings/exchange.ts';
import type { BidRequest, Deal, Placement } from './bid-request.ts';
import { NO_BID_REASONS, type NoBidReason } from './no-bid-reason.ts';
import type { PersonView } from './person-view.ts';
import { FACTOR_COUNT } from './price-bid.ts';
import { emptySeen, type SeenCampaigns } from './seen-campaigns.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** What a shop's campaigns may spend now, by ordinal. Written by the leases, read here. */
export interface MoneyView {
  /** Nanos of the shop's currency that a lease holds for bids; 0 is no money. */
  readonly availableNanos: Float64Array;
  /** Factor on the price, 0..1. */
  readonly pacing: Float64Array;
}

export interface DecisionInput {
  readonly request: BidRequest;
  readonly exchange: string;
  /** What else the exchange asks of bids. */
  readonly terms: Pick<Exchange, 'seat' | 'multiBid' | 'taxonomy' | 'limits' | 'marking'>;
  /** Currencies we bid in on this exchange, best first. */
  readonly currencies: readonly string[];
  /** By shop, as in the snapshot. */
  readonly persons: readonly PersonView[];
  readonly money: readonly MoneyView[];
  /** Ids of creatives that the exchange has refused of late. */
  readonly pausedCreatives: ReadonlySet<string>;
  readonly nowMs: number;
}

/** One bid decided on: indexes into the input and the snapshot. */
export interface DecidedBid {
  imp: number;
  /** The one of the imp's placements that it answers. */
  placement: Placement;
  /** Null in the open auction. */
  deal: Deal | null;
  shop: number;
  campaign: number;
  /** Of the creative, as `crid`. */
  creative: string;
  /** `WxH` of a banner, else ''. */
  size: string;
  /** Of a video or audio, else null. */
  media: MediaChoice | null;
  /** What is bid, in `currency` of the decision. */
  priceCpmMicros: number;
  /** The same in the shop's currency, of all impressions it counts as: nanos that the budget promises. */
  reservedNanos: number;
  readonly selection: Selection;
}

export interface Decision {
  /** Null when there is a bid. */
  reason: NoBidReason | null;
  currency: string;
  /** The first `bidCount` are meant. */
  bidCount: number;
  readonly bids: DecidedBid[];
  readonly scratch: Scratch;
}

/** Working memory of one decision. */
export interface Scratch {
  /** Eligible campaigns by shop. */
  readonly bases: Int32Array[];
  imp: Int32Array;
  readonly seen: SeenCampaigns[];
  readonly factors: Float64Array[];
  readonly personProducts: number[];
  /** Of each shop to the bid's currency; NaN when the table has none. */
  readonly rates: number[];
}

export function emptyDecision(): Decision {
  return {
    reason: 'no-shop',
    currency: '',
    bidCount: 0,
    bids: [],
    scratch: {
      bases: [],
      imp: new Int32Array(0),
      seen: [],
      factors: [],
      personProducts: [],
      rates: [],
    },
  };
}

/** Makes room for the rows of each shop. */
export function fitScratch(scratch: Scratch, shops: readonly ShopSnapshot[]): void {
  for (let i = 0; i < shops.length; i++) {
    const { words } = shops[i]!.index;
    if (scratch.bases[i]?.length !== words) scratch.bases[i] = new Int32Array(words);
    scratch.seen[i] ??= emptySeen();
    scratch.factors[i] ??= new Float64Array(FACTOR_COUNT);
  }
}

const NO_PLACEMENT: Placement = {
  kind: 'banner',
  sizes: [],
  shapes: [],
  screen: null,
  blockedAttributes: [],
};

/** The next free slot of the decision's bids. */
export function nextBid(decision: Decision): DecidedBid {
  const at = decision.bidCount++;
  const slot = decision.bids[at];
  if (slot !== undefined) return slot;
  const made: DecidedBid = {
    imp: 0,
    placement: NO_PLACEMENT,
    deal: null,
    shop: 0,
    campaign: 0,
    creative: '',
    size: '',
    media: null,
    priceCpmMicros: 0,
    reservedNanos: 0,
    selection: emptySelection(),
  };
  decision.bids.push(made);
  return made;
}

const STAGE = new Map<NoBidReason, number>(NO_BID_REASONS.map((reason, i) => [reason, i]));

/** The reason of the two that was met later on the way to a bid: it says more. */
export function furthest(a: NoBidReason, b: NoBidReason): NoBidReason {
  if (a === b) return a;
  return STAGE.get(a)! >= STAGE.get(b)! ? a : b;
}
