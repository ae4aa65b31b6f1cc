/**
 * When a person is due: the first later day on which a rule may say something else of them although
 * nothing new is known. The same for the whole base: due-sql.ts.
 */
import type { AttributeValue } from './attribute.ts';
import { type Crossing, crossingsOf, type DateCrossings, type Dates } from './crossings.ts';
import { type AsOf, type Customer, isValid } from './customer.ts';
import { customerFacts } from './facts.ts';
import type { Rule } from './rule.ts';

const HALF_DAY_THOUSANDTHS_PER_DAY = 2000;

/** Of people at one moment; null for whom no day will come. */
export function compileDue(
  rules: readonly Rule[],
  asOf: AsOf,
): (customer: Customer) => number | null {
  const crossings = crossingsOf(rules, asOf.day);
  return (customer) => changeDays(crossings, customer, asOf)[0] ?? null;
}

/** The days after the as-of day on which time alone may change what the rules say, ascending. */
export function changeDays(
  crossings: readonly DateCrossings[],
  customer: Customer,
  asOf: AsOf,
): readonly number[] {
  const { effectiveCycleHalfDays } = customerFacts(customer, asOf);
  const days = crossings.flatMap(({ dates, crossings: each }) =>
    datesOf(dates, customer).flatMap((date) =>
      each.flatMap((crossing) => crossingDay(crossing, date, effectiveCycleHalfDays) ?? []),
    ),
  );
  return [...new Set(days)].filter((day) => day > asOf.day).sort((a, b) => a - b);
}

function datesOf(dates: Dates, customer: Customer): readonly number[] {
  const valid = () => customer.orders.filter(({ status }) => isValid(status));
  const daysOf = (orders: Customer['orders']) => orders.map(({ day }) => day);
  switch (dates.kind) {
    case 'orders':
      return daysOf(customer.orders.filter(({ status }) => dates.statuses.includes(status)));
    case 'first_order':
      return daysOf(valid())
        .sort((a, b) => a - b)
        .slice(0, 1);
    case 'last_order':
      return daysOf(valid())
        .sort((a, b) => b - a)
        .slice(0, 1);
    case 'events':
      return (customer.events ?? []).map(({ day }) => day);
    case 'earlier':
      return (customer.earlier ?? []).flatMap(({ segment, day }) =>
        segment === dates.segment ? day : [],
      );
    case 'attribute':
      return attributesOf(dates.of, customer).flatMap(({ name, day }) =>
        name === dates.name ? (day ?? []) : [],
      );
  }
}

function attributesOf(
  of: (Dates & { kind: 'attribute' })['of'],
  customer: Customer,
): readonly AttributeValue[] {
  if (of === 'customers') return customer.attributes ?? [];
  const rows: readonly { readonly attributes?: readonly AttributeValue[] }[] =
    of === 'orders' ? customer.orders : (customer.events ?? []);
  return rows.flatMap(({ attributes }) => attributes ?? []);
}

/** Null for a date that the crossing is not about. */
function crossingDay(crossing: Crossing, date: number, cycleHalfDays: number): number | null {
  switch (crossing.kind) {
    case 'after':
      return date + crossing.days;
    case 'on':
      return date >= crossing.since ? crossing.day : null;
    case 'cycles': {
      const { timesThousandths, minHalfDays, edge } = crossing;
      const bound = Math.max(timesThousandths * cycleHalfDays, minHalfDays * 1000);
      const days = bound / HALF_DAY_THOUSANDTHS_PER_DAY;
      return date + (edge === 'reached' ? Math.ceil(days) : Math.floor(days) + 1);
    }
    case 'ranges': {
      const range = crossing.ranges.find(({ first, last }) => date >= first && date <= last);
      return range === undefined ? null : date + range.days;
    }
  }
}
