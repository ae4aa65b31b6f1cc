/**
 * Any rule over any base, for suites that hold an execution of rules against another one; and the
 * base as SQL that every engine reads.
 */
import fc from 'fast-check';
import type { AttributeTest, AttributeValue } from '../rules/attribute.ts';
import type { Comparison } from '../rules/comparison.ts';
import { type Customer, type CustomerOrder, STATUS_GROUPS } from '../rules/customer.ts';
import { ownCycleHalfDays } from '../rules/facts.ts';
import {
  COUNT_FIELDS,
  DAY_FIELDS,
  MONEY_FIELDS,
  type Rule,
  SET_FIELDS,
  type Segment,
  SHARE_FIELDS,
} from '../rules/rule.ts';
import { plainSegment } from '../rules/segment.contract.ts';
import { CALENDAR_PERIODS, WEEKDAYS, type Window } from '../rules/window.ts';

/** 2026-11-22, a Sunday. */
export const TODAY = 20_779;
export const CUSTOMERS_PER_RUN = 40;

const NAMES = ['tea', "o'clock", '100 % "wool"', '', 'чай', '; DROP TABLE orders --'];
const comparison = fc.constantFrom<Comparison>('gt', 'gte', 'lt', 'lte', 'eq', 'ne');
export const at = { file: 'segments/generated.yaml', line: 1, column: 1 };
const micros = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((units) => units * 1_000_000),
  fc.integer({ min: -3_000_000, max: 5_000_000 }),
  fc.constantFrom(999_999_999_999_999, 1_000_000_000_000_000),
);

const timeZone = 'Europe/Sofia';
const today = fc.constantFrom('included' as const, 'excluded' as const);
/** Two numbers of days ago, the nearer one first. */
const daysAgo = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
export const anyWindow: fc.Arbitrary<Window> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), today)
    .map(([days, day]): Window => ({ kind: 'last', days, today: day, timeZone })),
  daysAgo.map(([fromDays, toDays]): Window => ({ kind: 'ago', fromDays, toDays, timeZone })),
  daysAgo.map(
    ([to, from]): Window => ({
      kind: 'between',
      firstDay: TODAY - from,
      lastDay: TODAY - to,
      timeZone,
    }),
  ),
  fc
    .tuple(fc.constantFrom(...CALENDAR_PERIODS), fc.constantFrom(...WEEKDAYS), today)
    .map(([period, weekStart, day]): Window => {
      const reaches = period.startsWith('this') ? day : 'excluded';
      return { kind: 'calendar', period, weekStart, today: reaches, timeZone };
    }),
  today.map((day): Window => ({ kind: 'since_last_order', today: day, timeZone })),
  fc
    .tuple(fc.constantFrom(1, 500, 1000, 1333, 100_000), fc.integer({ min: 0, max: 60 }), today)
    .map(
      ([timesThousandths, minHalfDays, day]): Window => ({
        kind: 'cycles',
        timesThousandths,
        minHalfDays,
        today: day,
        timeZone,
      }),
    ),
);

const compareCount = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...COUNT_FIELDS),
  window: fc.option(anyWindow),
  op: comparison,
  operand: fc.integer({ min: 0, max: 5 }).map(literal),
  at: fc.constant(at),
});
const compareMoney = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...MONEY_FIELDS),
  window: fc.option(anyWindow),
  op: comparison,
  operand: micros.map(literal),
  at: fc.constant(at),
});
const compareShare = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...SHARE_FIELDS),
  window: fc.constant(null),
  op: comparison,
  operand: fc
    .constantFrom(0, 1, 250_000, 333_333, 333_334, 500_000, 666_666, 999_999, 1_000_000)
    .map(literal),
  at: fc.constant(at),
});
const cycle = fc.record({
  kind: fc.constant('cycle' as const),
  timesThousandths: fc.constantFrom(1, 500, 1000, 1333, 1500, 2000, 100_000),
  minHalfDays: fc.integer({ min: 0, max: 60 }),
});
export const compareDays = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...DAY_FIELDS),
  window: fc.constant(null),
  op: comparison,
  operand: fc.oneof(fc.integer({ min: 0, max: 90 }).map(literal), cycle),
  at: fc.constant(at),
});
const has = fc.record({
  kind: fc.constant('has' as const),
  field: fc.constantFrom(...SET_FIELDS),
  quantifier: fc.constantFrom('any_of' as const, 'all_of' as const),
  names: fc.array(fc.constantFrom(...NAMES), { maxLength: 4 }),
  at: fc.constant(at),
});
const ATTRIBUTES = ['size', "o'clock", 'birthday'];
const day = fc.oneof(
  fc.integer({ min: TODAY - 45, max: TODAY + 45 }),
  // Around today in earlier years, leap days among them.
  fc.integer({ min: 0, max: 40 }).map((years) => TODAY - Math.round(years * 365.25)),
);
const days = fc.integer({ min: 0, max: 40 });
const attributeTest: fc.Arbitrary<AttributeTest> = fc.oneof(
  fc.boolean().map((missing) => ({ kind: 'missing' as const, missing })),
  fc.record({ kind: fc.constant('number' as const), op: comparison, valueMicros: micros }),
  fc.record({ kind: fc.constant('date' as const), op: comparison, day }),
  fc.record({
    kind: fc.constantFrom('days_until' as const, 'days_since' as const),
    op: comparison,
    days,
  }),
  fc.record({ kind: fc.constant('anniversary' as const), withinDays: days }),
  fc.record({
    kind: fc.constant('text' as const),
    quantifier: fc.constantFrom('any_of' as const, 'all_of' as const, 'none_of' as const),
    texts: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
  }),
);
export const attribute = fc.record({
  kind: fc.constant('attribute' as const),
  name: fc.constantFrom(...ATTRIBUTES),
  test: attributeTest,
  at: fc.constant(at),
});
const nothing = { text: null, numberMicros: null, day: null };
const attributeValue: fc.Arbitrary<AttributeValue> = fc
  .tuple(
    fc.constantFrom(...ATTRIBUTES),
    fc.oneof(
      fc.constantFrom(...NAMES).map((text) => ({ ...nothing, text })),
      micros.map((numberMicros) => ({ ...nothing, numberMicros })),
      day.map((one) => ({ ...nothing, day: one })),
      fc.constant(nothing),
    ),
  )
  .map(([name, value]) => ({ name, ...value }));

const LEAVES: readonly fc.Arbitrary<Rule>[] = [
  compareCount,
  compareMoney,
  compareShare,
  compareDays,
  has,
  attribute,
];

function ruleOf(leaves: readonly fc.Arbitrary<Rule>[]): fc.Arbitrary<Rule> {
  return fc.letrec<{ rule: Rule }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      ...leaves,
      fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const, 'none' as const),
        of: fc.array(tie('rule'), { maxLength: 4 }),
        at: fc.constant(at),
      }),
    ),
  })).rule;
}

/** A rule that refers to no other segment. */
export const anyRule = ruleOf(LEAVES);

/** Which of the segments before its own a reference means is settled by linked(). */
const reference = fc
  .nat({ max: 99 })
  .map((nth): Rule => ({ kind: 'segment', segment: String(nth), at }));

/** Segments of one shop that refer to each other, in no order that would help. */
export const anySegments: fc.Arbitrary<readonly Segment[]> = fc
  .array(ruleOf([...LEAVES, reference, reference, reference]), { minLength: 2, maxLength: 8 })
  .map((rules) => rules.map((rule, i) => plainSegment(`s-${i}`, linked(rule, i))).reverse());

function linked(rule: Rule, ordinal: number): Rule {
  if (rule.kind === 'segment') {
    if (ordinal === 0) return { kind: 'any', of: [], at };
    return { ...rule, segment: `s-${Number(rule.segment) % ordinal}` };
  }
  return 'of' in rule ? { ...rule, of: rule.of.map((inner) => linked(inner, ordinal)) } : rule;
}

const order = fc.record<CustomerOrder>({
  day: fc.integer({ min: TODAY - 45, max: TODAY }),
  status: fc.constantFrom(...STATUS_GROUPS.keys()),
  revenueMicros: micros,
  marginMicros: fc.option(fc.integer({ min: -3_000_000, max: 5_000_000 })),
});
export const anyCustomer = fc
  .record({
    orders: fc.array(order, { maxLength: 7 }),
    products: fc.uniqueArray(fc.constantFrom(...NAMES)),
    categories: fc.uniqueArray(fc.constantFrom(...NAMES)),
    attributes: fc.array(attributeValue, { maxLength: 5 }),
  })
  .map((facts): Customer => ({ ...facts, cycleHalfDays: ownCycleHalfDays(facts.orders) }));

export function literal(value: number): { readonly kind: 'literal'; readonly value: number } {
  return { kind: 'literal', value };
}
