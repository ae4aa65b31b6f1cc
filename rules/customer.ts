/**
 * What a segment rule may ask about a person: the facts of one customer at one as-of moment. The
 * same record is built by the segmenter's SQL for the whole base and by the bidder from a profile
 * and live facts for one person; rules see no other input.
 */

import type { Affinity } from './affinity.ts';
import type { EVENT_KINDS } from './aggregate.ts';
import type { AttributeValue } from './attribute.ts';
import type { EarlierMembership } from './earlier-membership.ts';
import type { Scores } from './score.ts';

/** What a CRM order status means. The order is part of the wire format: append only. */
export const STATUS_GROUPS = [
  'in_progress',
  'paid',
  'cancelled',
  'returned',
  'spam',
  'other',
] as const;
export type StatusGroup = (typeof STATUS_GROUPS)[number];

/** Ordinals in STATUS_GROUPS. */
export const STATUS = {
  inProgress: 0,
  paid: 1,
  cancelled: 2,
  returned: 3,
  spam: 4,
  other: 5,
} as const;

/** Whether an order of this status counts as one: paid or in progress. */
export function isValid(status: number): boolean {
  return status === STATUS.paid || status === STATUS.inProgress;
}

export interface CustomerOrder {
  /** Local calendar day in the shop's zone, days since 1970-01-01. See rules/local-day.ts. */
  readonly day: number;
  /** Ordinal in STATUS_GROUPS. */
  readonly status: number;
  /** Micros of the shop's currency. */
  readonly revenueMicros: number;
  /** Revenue less cost of a valid order; null, or not there, where the cost is not known. */
  readonly marginMicros?: number | null;
  /** Of its lines, those kept where it is valid; none, as in a profile, where it is not said. */
  readonly products?: readonly string[];
  readonly categories?: readonly string[];
  readonly brands?: readonly string[];
  readonly attributes?: readonly AttributeValue[];
}

/** Something that a customer did, or that was done for them; no profile carries it. */
export interface CustomerEvent {
  /** As in CustomerOrder. */
  readonly day: number;
  readonly kind: (typeof EVENT_KINDS)[number];
  readonly name: string;
  /** Micros of the shop's currency; null where it has none, or in another currency. */
  readonly valueMicros: number | null;
  /** What it was about, and of which category and brand; one each at most. */
  readonly products: readonly string[];
  readonly categories: readonly string[];
  readonly brands?: readonly string[];
  readonly attributes?: readonly AttributeValue[];
}

export interface Customer {
  readonly orders: readonly CustomerOrder[];
  /** Own median interval between distinct days of valid orders, in half days; null under three days. */
  readonly cycleHalfDays: number | null;
  /** Item ids bought in valid orders. */
  readonly products: readonly string[];
  /** Category names bought from in valid orders. */
  readonly categories: readonly string[];
  /** None where it is not said. */
  readonly attributes?: readonly AttributeValue[];
  /** None where it is not said. */
  readonly events?: readonly CustomerEvent[];
  /** As of the last build; null or absent where they are not known. */
  readonly scores?: Scores | null;
  readonly affinities?: readonly Affinity[] | null;
  /** As builds before have it; none where it is not said. */
  readonly earlier?: readonly EarlierMembership[];
  /**
   * Ordinals of the conditions that hold as of the last build (rules/built-conditions.ts), instead of
   * what they ask about; null or absent where that itself is known.
   */
  readonly built?: readonly number[] | null;
}

/** The moment a rule is evaluated at, and what the base as a whole lends to a single customer. */
export interface AsOf {
  /** Local calendar day in the shop's zone. */
  readonly day: number;
  /** Median of own intervals over the base, in half days: stands in where a customer has none. */
  readonly shopCycleHalfDays: number;
}
