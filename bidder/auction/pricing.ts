import type { Selection } from '../../creative/select-items.ts';
import type { Deal, Placement } from './bid-request.ts';
import type { Decision, DecisionInput } from './decision.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** One placement of an imp and one shop, under way, with what all campaigns of the shop have in common. */
export interface Pricing {
  readonly shopSnapshot: ShopSnapshot;
  readonly input: DecisionInput;
  readonly imp: number;
  readonly placement: number;
  /** What is auctioned: the deal, or null for the open auction. */
  readonly deal: Deal | null;
  readonly shop: number;
  /** In the currency of the bid, rounded up; of an ad that lasts floorFor has it. */
  readonly floorCpmMicros: number;
  /** Of the floor's currency to the bid's. */
  readonly floorRate: number;
  /** For a native ad, best first; of other placements they mean nothing. */
  readonly items: Selection;
  readonly out: Decision;
  /** Product of the person's factors. */
  readonly personProduct: number;
  /** The shop's currency to the bid's. */
  readonly currencyRate: number;
  /** Ceiling of the segment that shapes the bid, infinite without one. */
  readonly segmentMaxCpmMicros: number;
}

/** What the imp offers. */
export function placementOf({ input, imp, placement }: Pricing): Placement {
  return input.request.imps[imp]!.placements[placement]!;
}

export interface Candidate {
  imp: number;
  shop: number;
  /** Ordinal in the shop's campaigns. */
  campaign: number;
  /** Index into the imp's placements. */
  placement: number;
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
