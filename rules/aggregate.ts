/**
 * Conditions on single orders or events of a person: those of a window that meet every test are
 * counted or added up, and what comes out is compared with a number. A test on what an order or event
 * does not have is false, its complement too.
 */
import type { AttributeTest } from './attribute.ts';
import type { Comparison } from './comparison.ts';
import type { Window } from './window.ts';

/**
 * What is compared. Counts and days are plain numbers, amounts micros of the shop's currency.
 *
 *   count             how many; 0 of none
 *   distinct_days     on how many days; 0 of none
 *   days_since_last   days from the last one to today; no answer of none
 *   revenue, value    their sum, of orders and of events; 0 of none, an unknown value adds nothing
 *   margin            the sum over valid orders whose cost is known; no answer of none
 *   aov               revenue / count, rounded down; no answer of none
 *   max, min          the largest and the smallest revenue of one; no answer of none
 */
export const ORDER_MEASURES = [
  'count',
  'revenue',
  'margin',
  'aov',
  'max',
  'min',
  'days_since_last',
  'distinct_days',
] as const;
export const EVENT_MEASURES = ['count', 'value', 'days_since_last', 'distinct_days'] as const;
export type Measure = (typeof ORDER_MEASURES)[number] | (typeof EVENT_MEASURES)[number];

export const EVENT_KINDS = ['event', 'conversion', 'call'] as const;

/** By which goods are told: the product itself, and what the feed says of it. */
export const GOODS = ['product', 'category', 'brand'] as const;

/** Any, respectively all, of the texts; or some text, but none of these. */
export type Quantifier = 'any_of' | 'all_of' | 'none_of';

export type RowTest =
  /** Of orders; ordinals in STATUS_GROUPS. */
  | { readonly on: 'status'; readonly statuses: readonly number[] }
  /** Of events. */
  | { readonly on: 'kind' | 'name'; readonly texts: readonly string[] }
  /** Of the lines of an order, or of what an event was about. Two tests may be met by two lines. */
  | {
      readonly on: (typeof GOODS)[number];
      readonly quantifier: Quantifier;
      readonly texts: readonly string[];
    }
  /** Revenue of an order, value of an event. */
  | { readonly on: 'amount'; readonly op: Comparison; readonly micros: number }
  | { readonly on: 'attribute'; readonly name: string; readonly test: AttributeTest };

export interface Aggregate {
  readonly rows: 'orders' | 'events';
  readonly measure: Measure;
  /** All must hold. Of orders one is always on the status. */
  readonly where: readonly RowTest[];
  /** Only those of these days; null is all time. */
  readonly window: Window | null;
  readonly op: Comparison;
  /** In the measure's unit. */
  readonly value: number;
}

/** Whether an empty set of orders or events has a number, which is 0 then. */
export function emptyIsZero(measure: Measure): boolean {
  return ['count', 'distinct_days', 'revenue', 'value'].includes(measure);
}

/** Whether a profile, which has status, day and revenue of each order, answers it at every moment. */
export function isLive({ rows, where }: Aggregate): boolean {
  return rows === 'orders' && where.every(({ on }) => on === 'status' || on === 'amount');
}
