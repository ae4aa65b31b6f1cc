/** The money of one snapshot as it is at hand. BudgetLeases fills and renews it. */
import type { BudgetRef } from '../store/ports.ts';
import type { MoneyView } from './auction/decision.ts';
import type { ShopSnapshot } from './auction/snapshot.ts';

/** What one bid was promised from. */
export interface Promised {
  leaseId: string;
  period: string;
}

/** A bid with the money for it. */
export interface Placed extends Promised {
  bidId: string;
  granted: boolean;
  /** Holds an impression in the person's exposure log. */
  capped: boolean;
}

/** Shop and campaign are ordinals in the book's snapshot. */
export interface PromisedBid {
  readonly shop: number;
  readonly campaign: number;
  readonly reservedNanos: number;
}

export interface Purse {
  readonly shop: ShopSnapshot;
  readonly money: MoneyView;
  readonly ordinal: number;
  budget: BudgetRef;
  /** Until then the budget's period is known to hold, Unix ms. */
  periodUntilMs: number;
  leaseId: string;
  usableUntilMs: number;
  grantedNanos: number;
  wantedNanos: number;
  asking: boolean;
  retryAtMs: number;
}

/** The money of one snapshot: what its decisions read and its bids are promised from. */
export interface LeaseBook {
  /** By shop and campaign ordinal. */
  readonly money: readonly MoneyView[];
  readonly purses: readonly (readonly Purse[])[];
}
