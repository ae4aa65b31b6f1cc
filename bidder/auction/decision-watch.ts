import type { Deal } from './bid-request.ts';
import type { DecidedBid } from './decision.ts';
import type { EligibilityWatch } from './eligibility.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import type { Candidate, Pricing } from './pricing.ts';

/** Told of everything on the way to a decision, for explain; null on the hot path. */
export interface DecisionWatch {
  shopRefused(shop: number, reason: NoBidReason): void;
  eligibility(shop: number): EligibilityWatch;
  /** The imp, or its deal, was refused before any campaign was looked at. */
  impRefused(imp: number, deal: Deal | null, reason: NoBidReason): void;
  /** `left` are the shop's campaigns that survived the imp's rules so far; borrowed. */
  imp(at: Pricing, reason: NoBidReason, left: Int32Array): void;
  /** Borrowed, as are the others. */
  candidate(candidate: Candidate): void;
  won(bid: DecidedBid, factors: Float64Array): void;
}
