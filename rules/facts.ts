/**
 * What the conditions of a rule read, computed from one customer. Null means that the question has
 * no answer (no order, no denominator), and every comparison with it is false.
 */
import type { Affinity } from './affinity.ts';
import type { AttributeValue } from './attribute.ts';
import {
  type AsOf,
  type Customer,
  type CustomerEvent,
  type CustomerOrder,
  isValid,
  STATUS,
  STATUS_GROUPS,
} from './customer.ts';
import { cycleHalfDays } from './cycle.ts';
import type { EarlierMembership } from './earlier-membership.ts';
import {
  COUNT_FIELDS,
  DAY_FIELDS,
  MONEY_FIELDS,
  type NumberField,
  type SetField,
  SHARE_FIELDS,
} from './rule.ts';
import type { Scores } from './score.ts';
import { type DayBounds, type PersonDays, type Window, windowBounds } from './window.ts';

/** Day of the last valid order, and the cycle that a relative condition measures against. */
export interface Facts extends PersonDays {
  /** In the field's own unit (rules/rule.ts); `window` null is all time. */
  number(field: NumberField, window: Window | null): number | null;
  names(field: SetField): readonly string[];
  readonly orders: readonly CustomerOrder[];
  readonly events: readonly CustomerEvent[];
  readonly attributes: readonly AttributeValue[];
  /** Null where they are not known. */
  readonly scores: Scores | null;
  readonly affinities: readonly Affinity[] | null;
  readonly earlier: readonly EarlierMembership[];
  /** As in Customer. */
  readonly built: readonly number[] | null;
  /** The as-of day. */
  readonly today: number;
  /** Names of the segments that the person matches, as far as they are evaluated. */
  readonly segments: ReadonlySet<string>;
}

/** Sums over the orders of a period. */
interface OrderSums {
  readonly byStatus: readonly number[];
  readonly paidRevenueMicros: number;
  /** Over paid orders whose cost is known; null without any. */
  readonly marginMicros: number | null;
  readonly firstDay: number | null;
  readonly lastDay: number | null;
}

const PPM = 1_000_000;
const ALL_DAYS: DayBounds = { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY };

const NO_ATTRIBUTES: readonly AttributeValue[] = [];
const NO_EVENTS: readonly CustomerEvent[] = [];
const NO_EARLIER: readonly EarlierMembership[] = [];
const NO_SEGMENTS: ReadonlySet<string> = new Set();

/** The facts of one customer at one moment; the sums over all orders are made once, here. */
export function customerFacts(
  customer: Customer,
  asOf: AsOf,
  segments: ReadonlySet<string> = NO_SEGMENTS,
): Facts {
  const all = sumOrders(customer, ALL_DAYS);
  const facts: Facts = {
    number(field, window) {
      if (window === null) return numberOf(field, all, customer, asOf);
      const bounds = windowBounds(window, asOf.day, facts);
      if (bounds === null) return null;
      return numberOf(field, sumOrders(customer, bounds), customer, asOf);
    },
    names: (field) => (field === 'products.bought' ? customer.products : customer.categories),
    orders: customer.orders,
    events: customer.events ?? NO_EVENTS,
    attributes: customer.attributes ?? NO_ATTRIBUTES,
    scores: customer.scores ?? null,
    affinities: customer.affinities ?? null,
    earlier: customer.earlier ?? NO_EARLIER,
    built: customer.built ?? null,
    today: asOf.day,
    segments,
    lastOrderDay: all.lastDay,
    effectiveCycleHalfDays: customer.cycleHalfDays ?? asOf.shopCycleHalfDays,
  };
  return facts;
}

/** All-time numbers by field, for people and for reports. */
export function factNumbers(facts: Facts): Readonly<Record<NumberField, number | null>> {
  const fields = [...COUNT_FIELDS, ...MONEY_FIELDS, ...DAY_FIELDS, ...SHARE_FIELDS];
  const numbers = fields.map((field) => [field, facts.number(field, null)] as const);
  return Object.fromEntries(numbers) as Record<NumberField, number | null>;
}

/** The customer's own cycle from the days of valid orders, for a person whose orders came live. */
export function ownCycleHalfDays(orders: Customer['orders']): number | null {
  const valid = orders.filter(({ status }) => isValid(status));
  return cycleHalfDays(valid.map(({ day }) => day));
}

function sumOrders(customer: Customer, { first, last }: DayBounds): OrderSums {
  const byStatus = new Array<number>(STATUS_GROUPS.length).fill(0);
  let paidRevenueMicros = 0;
  let marginMicros: number | null = null;
  let firstDay = Number.POSITIVE_INFINITY;
  let lastDay = Number.NEGATIVE_INFINITY;
  for (const { day, status, revenueMicros, marginMicros: margin = null } of customer.orders) {
    if (day < first || day > last) continue;
    byStatus[status]!++;
    if (status === STATUS.paid) {
      paidRevenueMicros += revenueMicros;
      marginMicros = sumOfKnown(marginMicros, margin);
    }
    if (!isValid(status)) continue;
    firstDay = Math.min(firstDay, day);
    lastDay = Math.max(lastDay, day);
  }
  const none = lastDay < firstDay;
  return {
    byStatus,
    paidRevenueMicros,
    marginMicros,
    firstDay: none ? null : firstDay,
    lastDay: none ? null : lastDay,
  };
}

/** Null is unknown, and adds nothing; of nothing but unknowns the sum is unknown too. */
export function sumOfKnown(sum: number | null, more: number | null): number | null {
  return more === null ? sum : (sum ?? 0) + more;
}

function numberOf(
  field: NumberField,
  sums: OrderSums,
  customer: Customer,
  asOf: AsOf,
): number | null {
  const count = sums.byStatus;
  const valid = count[STATUS.paid]! + count[STATUS.inProgress]!;
  const refused = count[STATUS.cancelled]! + count[STATUS.returned]!;
  switch (field) {
    case 'orders.count':
      return valid;
    case 'orders.paid':
      return count[STATUS.paid]!;
    case 'orders.in_progress':
      return count[STATUS.inProgress]!;
    case 'orders.cancelled':
      return count[STATUS.cancelled]!;
    case 'orders.returned':
      return count[STATUS.returned]!;
    case 'orders.revenue':
      return sums.paidRevenueMicros;
    case 'orders.aov':
      return floorRatio(sums.paidRevenueMicros, count[STATUS.paid]!);
    case 'orders.margin':
      return sums.marginMicros;
    case 'orders.last_days':
      return sums.lastDay === null ? null : (asOf.day - sums.lastDay) * 2;
    case 'orders.first_days':
      return sums.firstDay === null ? null : (asOf.day - sums.firstDay) * 2;
    case 'orders.cycle_days':
      return customer.cycleHalfDays;
    case 'orders.refusal_share':
      return floorRatio(refused * PPM, valid + refused);
  }
}

/** Exact for safe integers: the remainder is taken off before the division. */
export function floorRatio(dividend: number, divisor: number): number | null {
  if (divisor === 0) return null;
  const remainder = ((dividend % divisor) + divisor) % divisor;
  return (dividend - remainder) / divisor;
}
