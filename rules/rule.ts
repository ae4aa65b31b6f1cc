/**
 * A segment rule as one typed tree. It has two executions that must always agree: rule-sql.ts for
 * the whole base, evaluate.ts for one person; explain.ts walks the same tree for people.
 */
import type { CapRule } from '../proto/exposure-log.ts';
import type { AffinityKind, AffinityTest } from './affinity.ts';
import type { Aggregate } from './aggregate.ts';
import type { AttributeTest } from './attribute.ts';
import type { Comparison } from './comparison.ts';
import type { ControlGroup } from './control-group.ts';
import type { ScoreField, ScoreTest } from './score.ts';
import type { Stale } from './stale.ts';
import type { Window } from './window.ts';

export interface SourcePosition {
  /** Relative to the shop's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Whole numbers that a comparison may be made on. */
export const COUNT_FIELDS = [
  'orders.count', // valid: paid or in progress
  'orders.paid',
  'orders.in_progress',
  'orders.cancelled',
  'orders.returned',
] as const;
/**
 * Micros of the shop's currency. `orders.margin` is of paid orders whose cost is known, null (and so
 * never true) without any; `orders.aov` is null without a paid order.
 */
export const MONEY_FIELDS = ['orders.revenue', 'orders.aov', 'orders.margin'] as const;
/**
 * Days; null (and so never true, not even under a comparison's complement) without a valid order.
 * `orders.cycle_days` is the own cycle, null under three distinct days; only an operand falls back
 * to the shop's.
 */
export const DAY_FIELDS = ['orders.last_days', 'orders.first_days', 'orders.cycle_days'] as const;
/** 0..1, in parts per million: (cancelled + returned) / (valid + cancelled + returned); null without any. */
export const SHARE_FIELDS = ['orders.refusal_share'] as const;
/** Sets of names. */
export const SET_FIELDS = ['products.bought', 'categories.bought'] as const;

export type NumberField =
  | (typeof COUNT_FIELDS)[number]
  | (typeof MONEY_FIELDS)[number]
  | (typeof DAY_FIELDS)[number]
  | (typeof SHARE_FIELDS)[number];
export type SetField = (typeof SET_FIELDS)[number];

/**
 * What a field is compared with, always an integer in the field's unit: a count, micros, parts per
 * million, or half days for DAY_FIELDS (so that a median between two days stays whole).
 */
export type Operand =
  | { readonly kind: 'literal'; readonly value: number }
  /** `times` thousandths of the customer's cycle (own, else the shop's), but at least `min` half days. */
  | { readonly kind: 'cycle'; readonly timesThousandths: number; readonly minHalfDays: number };

export type Rule =
  | {
      readonly kind: 'all' | 'any' | 'none';
      readonly of: readonly Rule[];
      readonly at: SourcePosition;
    }
  | {
      readonly kind: 'compare';
      readonly field: NumberField;
      /** Only orders of these days; null is all time. COUNT and MONEY fields only. */
      readonly window: Window | null;
      readonly op: Comparison;
      readonly operand: Operand;
      readonly at: SourcePosition;
    }
  | {
      readonly kind: 'has';
      readonly field: SetField;
      /** True when the person has any, respectively all, of the names. */
      readonly quantifier: 'any_of' | 'all_of';
      readonly names: readonly string[];
      readonly at: SourcePosition;
    }
  | {
      readonly kind: 'attribute';
      readonly name: string;
      readonly test: AttributeTest;
      readonly at: SourcePosition;
    }
  /** Of single orders or events, those that meet every test. */
  | (Aggregate & { readonly kind: 'aggregate'; readonly at: SourcePosition })
  | {
      readonly kind: 'score';
      readonly field: ScoreField;
      readonly expects: ScoreTest;
      readonly at: SourcePosition;
    }
  | {
      readonly kind: 'affinity';
      readonly by: AffinityKind;
      readonly expects: AffinityTest;
      readonly at: SourcePosition;
    }
  /**
   * That the rule, the one of `of`, holds, or held within so many days (rules/stays.ts). Without days and
   * without a rule: that the person was a member at the build before.
   */
  | {
      readonly kind: 'stays';
      /** The segment itself. */
      readonly segment: string;
      readonly days: number | null;
      readonly of: readonly Rule[];
      readonly at: SourcePosition;
    }
  /** Whether the person matches another segment of the shop, those held out for control included. */
  | { readonly kind: 'segment'; readonly segment: string; readonly at: SourcePosition };

/** What belonging to a segment does to a bid. */
interface SegmentEffect {
  /** Factor on the price, 0.01..100. */
  readonly multiplier: number;
  /** Ceiling for people in this segment, CPM micros in the shop's currency; null is no ceiling. */
  readonly maxCpmMicros: number | null;
  readonly offer: string | null;
  readonly caps: readonly CapRule[];
}

export interface Segment {
  readonly segment: string;
  readonly title: string;
  /** With what the segment excludes, and the segments of its group that come before it. */
  readonly rule: Rule;
  /** The rule as its file has it, where `rule` is made of it (rules/groups.ts). */
  readonly written?: Rule;
  /** Absent from one that was made from its file. */
  readonly stale?: Stale;
  /** Of the segments a person is in, the one with the highest priority shapes the bid. */
  readonly priority: number;
  /** Of the segments of a group a person is in the first by priority alone; null is no group. */
  readonly group: string | null;
  /** Where that is written. */
  readonly groupAt?: SourcePosition;
  /** Who of it is not bid for; null is nobody. */
  readonly control: ControlGroup | null;
  readonly effect: SegmentEffect;
  readonly at: SourcePosition;
}
