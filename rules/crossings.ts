/**
 * On which later days time alone may change what rules say of a person: the one description that
 * due.ts reads for one person and due-sql.ts for the whole base. Whatever a rule asks of time it asks of
 * dates (of orders, of events, of attributes), and its answer can turn on certain days alone: so many days after
 * such a date, or when the calendar turns. A day too many costs a look; a day too few would leave
 * somebody where they no longer belong.
 */
import type { Aggregate } from './aggregate.ts';
import { anniversaryTurns, type DateRange } from './anniversary-turns.ts';
import type { AttributeTest } from './attribute.ts';
import type { Comparison } from './comparison.ts';
import { STATUS } from './customer.ts';
import type { NumberField, Operand, Rule } from './rule.ts';
import { staysCrossings } from './stays.ts';
import { nextPeriods, type Window } from './window.ts';

/** Dates of a person. Orders: the days of those whose status is one of these, ordinals in STATUS_GROUPS. */
export type Dates =
  | { readonly kind: 'orders'; readonly statuses: readonly number[] }
  /** Of valid orders. */
  | { readonly kind: 'first_order' | 'last_order' }
  | { readonly kind: 'events' }
  /** Of customers, of orders, of events. */
  | {
      readonly kind: 'attribute';
      readonly of: 'customers' | 'orders' | 'events';
      readonly name: string;
    }
  | { readonly kind: 'earlier'; readonly segment: string };

/** The first day on which the age of a date is a bound, or is more than it. */
type Edge = 'reached' | 'passed';

/** When one of the dates matters; days that are not later than today mean nothing. */
export type Crossing =
  /** So many days after the date; negative for before. */
  | { readonly kind: 'after'; readonly days: number }
  /** On this day, for dates not before `since`. */
  | { readonly kind: 'on'; readonly day: number; readonly since: number }
  /** When the date is so many thousandths of the person's cycle old, at least `minHalfDays`. */
  | {
      readonly kind: 'cycles';
      readonly timesThousandths: number;
      readonly minHalfDays: number;
      readonly edge: Edge;
    }
  /** Another number of days after for dates of other ranges, which ascend and do not overlap. */
  | { readonly kind: 'ranges'; readonly ranges: readonly DateRange[] };

export interface DateCrossings {
  readonly dates: Dates;
  readonly crossings: readonly Crossing[];
}

/** Of all the rules together, each once, as of a day. */
export function crossingsOf(rules: readonly Rule[], today: number): readonly DateCrossings[] {
  const byDates = new Map<string, { dates: Dates; crossings: Map<string, Crossing> }>();
  for (const { dates, crossings } of rules.flatMap((rule) => ruleCrossings(rule, today))) {
    const key = JSON.stringify(dates);
    const known = byDates.get(key) ?? { dates, crossings: new Map<string, Crossing>() };
    byDates.set(key, known);
    for (const crossing of crossings) known.crossings.set(JSON.stringify(crossing), crossing);
  }
  return [...byDates.values()].map(({ dates, crossings }) => ({
    dates,
    crossings: [...crossings.values()],
  }));
}

function ruleCrossings(rule: Rule, today: number): readonly DateCrossings[] {
  switch (rule.kind) {
    case 'all':
    case 'any':
    case 'none':
    case 'stays':
      return [...rule.of.flatMap((inner) => ruleCrossings(inner, today)), ...staysCrossings(rule)];
    case 'compare':
      return compareCrossings(rule, today);
    case 'attribute': {
      const crossings = attributeCrossings(rule.test, today);
      return crossings.length === 0
        ? []
        : [{ dates: { kind: 'attribute', of: 'customers', name: rule.name }, crossings }];
    }
    case 'aggregate':
      return aggregateCrossings(rule, today);
    // The segment that it refers to is among the rules itself.
    case 'segment':
    case 'has':
    // A score changes with the build that computes it of everybody, not with time.
    case 'score':
    case 'affinity':
      return [];
  }
}

function compareCrossings(
  { field, window, op, operand }: Rule & { kind: 'compare' },
  today: number,
): readonly DateCrossings[] {
  if (window !== null) {
    const crossings = windowCrossings(window, today);
    return [{ dates: { kind: 'orders', statuses: countedStatuses(field) }, crossings }];
  }
  if (field !== 'orders.last_days' && field !== 'orders.first_days') return [];
  const kind = field === 'orders.last_days' ? 'last_order' : 'first_order';
  return [{ dates: { kind }, crossings: edgesOf(op).map((edge) => ageCrossing(operand, edge)) }];
}

/** Which orders or events there are, how old the last of them is, and what their own dates say of each. */
function aggregateCrossings(
  { rows, where, window, measure, op, value }: Aggregate,
  today: number,
): readonly DateCrossings[] {
  const enterOrLeave = window === null ? [] : windowCrossings(window, today);
  // Whichever is the last one of those that remain.
  const ages =
    measure === 'days_since_last'
      ? edgesOf(op).map((edge) => ageCrossing(literal(value), edge))
      : [];
  const dates: Dates =
    rows === 'orders' ? { kind: 'orders', statuses: statusesOf(where) } : { kind: 'events' };
  return [
    { dates, crossings: [...enterOrLeave, ...ages] },
    ...where.flatMap((test): DateCrossings[] =>
      test.on === 'attribute'
        ? [
            {
              dates: { kind: 'attribute', of: rows, name: test.name },
              crossings: attributeCrossings(test.test, today),
            },
          ]
        : [],
    ),
  ].filter(({ crossings }) => crossings.length > 0);
}

/** All where none is asked for; of several tests the first is met by all who meet them all. */
function statusesOf(where: Aggregate['where']): readonly number[] {
  for (const test of where) if (test.on === 'status') return test.statuses;
  return Object.values(STATUS);
}

/** What a field is a sum over. */
function countedStatuses(field: NumberField): readonly number[] {
  const { inProgress, paid, cancelled, returned } = STATUS;
  switch (field) {
    case 'orders.count':
    case 'orders.first_days':
    case 'orders.last_days':
    case 'orders.cycle_days':
      return [inProgress, paid];
    case 'orders.paid':
    case 'orders.revenue':
    case 'orders.aov':
    case 'orders.margin':
      return [paid];
    case 'orders.in_progress':
      return [inProgress];
    case 'orders.cancelled':
      return [cancelled];
    case 'orders.returned':
      return [returned];
    case 'orders.refusal_share':
      return [inProgress, paid, cancelled, returned];
  }
}

/** Where a comparison with a bound turns, as the value grows day by day. */
function edgesOf(op: Comparison): readonly Edge[] {
  switch (op) {
    case 'gte':
    case 'lt':
      return ['reached'];
    case 'gt':
    case 'lte':
      return ['passed'];
    case 'eq':
    case 'ne':
      return ['reached', 'passed'];
  }
}

function ageCrossing(operand: Operand, edge: Edge): Crossing {
  if (operand.kind === 'cycle') {
    const { timesThousandths, minHalfDays } = operand;
    return { kind: 'cycles', timesThousandths, minHalfDays, edge };
  }
  const halfDays = operand.value;
  const days = edge === 'reached' ? Math.ceil(halfDays / 2) : Math.floor(halfDays / 2) + 1;
  return { kind: 'after', days };
}

/** For dates that do not lie after today: when one enters the window, and when it leaves it. */
function windowCrossings(window: Window, today: number): readonly Crossing[] {
  switch (window.kind) {
    case 'last':
      return [enters(window), after(enters(window).days + window.days)];
    case 'ago':
      return [after(window.fromDays), after(window.toDays + 1)];
    case 'between':
      return [];
    case 'calendar':
      return calendarCrossings(window, today);
    case 'since_last_order':
      return [enters(window)];
    case 'cycles': {
      const { timesThousandths, minHalfDays } = window;
      const edge = window.today === 'included' ? 'reached' : 'passed';
      return [enters(window), { kind: 'cycles', timesThousandths, minHalfDays, edge }];
    }
  }
}

function after(days: number): Crossing & { kind: 'after' } {
  return { kind: 'after', days };
}

/** A window without today has the date tomorrow. */
function enters({ today }: { readonly today: 'included' | 'excluded' }): Crossing & {
  kind: 'after';
} {
  return after(today === 'included' ? 0 : 1);
}

/** Dates of a period are in it, and then in the last one, and then in neither. */
function calendarCrossings(
  window: Window & { kind: 'calendar' },
  today: number,
): readonly Crossing[] {
  const { lastFirst, first, next, afterNext } = nextPeriods(window, today);
  if (window.period.startsWith('this')) {
    return [enters(window), { kind: 'on', day: next, since: first }];
  }
  return [
    { kind: 'on', day: next, since: lastFirst },
    { kind: 'on', day: afterNext, since: first },
  ];
}

function attributeCrossings(test: AttributeTest, today: number): readonly Crossing[] {
  switch (test.kind) {
    case 'missing':
    case 'number':
    case 'text':
    case 'date':
      return [];
    case 'days_since':
      return [after(0), ...edgesOf(test.op).map((edge) => ageCrossing(literal(test.days), edge))];
    // The days that are left become fewer: where an age passes a bound, they are not yet below it.
    case 'days_until':
      return [
        after(1),
        ...edgesOf(test.op).map((edge) => after((edge === 'reached' ? 1 : 0) - test.days)),
      ];
    case 'anniversary': {
      const { ranges, lookAgain } = anniversaryTurns(test.withinDays, today);
      return [
        { kind: 'ranges', ranges },
        { kind: 'on', ...lookAgain },
      ];
    }
  }
}

function literal(days: number): Operand {
  return { kind: 'literal', value: days * 2 };
}
