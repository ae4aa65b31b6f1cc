/**
 * Any rule over any base, for suites that hold an execution of rules against another one; and the
 * base as SQL that every engine reads.
 */
import fc from 'fast-check';
import {
  type AsOf,
  type Customer,
  type CustomerOrder,
  STATUS,
  STATUS_GROUPS,
} from '../rules/customer.ts';
import { customerFacts, ownCycleHalfDays } from '../rules/facts.ts';
import { compileSegments, matchSegments } from '../rules/memberships.ts';
import {
  COUNT_FIELDS,
  type Comparison,
  DAY_FIELDS,
  MONEY_FIELDS,
  type Rule,
  SET_FIELDS,
  type Segment,
  SHARE_FIELDS,
} from '../rules/rule.ts';
import { segmentSql, segmentsSql } from '../rules/rule-sql.ts';
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
const anyWindow: fc.Arbitrary<Window> = fc.oneof(
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
const compareDays = fc.record({
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
const LEAVES: readonly fc.Arbitrary<Rule>[] = [
  compareCount,
  compareMoney,
  compareShare,
  compareDays,
  has,
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
  .map((rules) => rules.map((rule, i) => segmentOf(`s-${i}`, linked(rule, i))).reverse());

function linked(rule: Rule, ordinal: number): Rule {
  if (rule.kind === 'segment') {
    if (ordinal === 0) return { kind: 'any', of: [], at };
    return { ...rule, segment: `s-${Number(rule.segment) % ordinal}` };
  }
  return 'of' in rule ? { ...rule, of: rule.of.map((inner) => linked(inner, ordinal)) } : rule;
}

function segmentOf(name: string, rule: Rule): Segment {
  const effect = { multiplier: 1, maxCpmMicros: null, offer: null, caps: [] };
  return { segment: name, title: name, rule, priority: 0, group: null, control: null, effect, at };
}

/** Who matches which segment as the closures say: by customer, then by segment. */
export function matchesOf(
  segments: readonly Segment[],
  customers: readonly Customer[],
  asOf: AsOf,
): boolean[][] {
  const rules = compileSegments(segments);
  return customers.map((customer) => {
    const matched = new Set<string>();
    matchSegments(rules, customerFacts(customer, asOf, matched), matched);
    return segments.map(({ segment }) => matched.has(segment));
  });
}

/** The same in SQL: a row a customer, a column a segment. */
export function membershipsSql(segments: readonly Segment[], asOf: AsOf): string {
  const columns = segments.map((segment) => segmentSql(segment, segments, asOf));
  return `SELECT ${columns.join(', ')} FROM ${segmentsSql(segments, asOf)} ORDER BY c.person`;
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
  })
  .map((facts): Customer => ({ ...facts, cycleHalfDays: ownCycleHalfDays(facts.orders) }));

/** Columns as rules/rule-sql.ts reads them. */
export const CREATE_TABLES = [
  `CREATE TABLE customers (person VARCHAR, valid_orders BIGINT, paid_orders BIGINT,
    in_progress_orders BIGINT, cancelled_orders BIGINT, returned_orders BIGINT, revenue_micros BIGINT,
    margin_micros BIGINT, first_day INTEGER, last_day INTEGER, cycle_half_days INTEGER)`,
  `CREATE TABLE orders (person VARCHAR, order_key VARCHAR, day INTEGER, status INTEGER,
    revenue_micros BIGINT, margin_micros BIGINT)`,
  'CREATE TABLE bought (person VARCHAR, kind VARCHAR, name VARCHAR)',
];

/** Statements that put these customers, and nobody else, into the tables; persons ascend. */
export function fillTables(customers: readonly Customer[]): readonly string[] {
  const tables = { customers: [] as string[], orders: [] as string[], bought: [] as string[] };
  customers.forEach((person, i) => {
    const name = `p${String(i).padStart(4, '0')}`;
    tables.customers.push(customerRow(name, person));
    person.orders.forEach(({ day, status, revenueMicros, marginMicros }, n) => {
      const money = `${revenueMicros}, ${marginMicros ?? 'NULL'}`;
      tables.orders.push(`('${name}', 'o${n}', ${day}, ${status}, ${money})`);
    });
    for (const product of person.products)
      tables.bought.push(`('${name}', 'product', ${text(product)})`);
    for (const category of person.categories) {
      tables.bought.push(`('${name}', 'category', ${text(category)})`);
    }
  });
  return Object.entries(tables).flatMap(([table, rows]) => [
    `DELETE FROM ${table}`,
    ...(rows.length > 0 ? [`INSERT INTO ${table} VALUES ${rows.join(', ')}`] : []),
  ]);
}

function customerRow(name: string, { orders, cycleHalfDays }: Customer): string {
  const count = (...statuses: number[]) =>
    orders.filter(({ status }) => statuses.includes(status)).length;
  const revenue = orders
    .filter(({ status }) => status === STATUS.paid)
    .reduce((sum, { revenueMicros }) => sum + revenueMicros, 0);
  const days = orders
    .filter(({ status }) => status === STATUS.paid || status === STATUS.inProgress)
    .map(({ day }) => day)
    .sort((a, b) => a - b);
  const counts = [
    count(STATUS.paid, STATUS.inProgress),
    count(STATUS.paid),
    count(STATUS.inProgress),
    count(STATUS.cancelled),
    count(STATUS.returned),
  ];
  const margins = orders
    .filter(({ status }) => status === STATUS.paid)
    .flatMap(({ marginMicros }) => marginMicros ?? []);
  const margin = margins.length === 0 ? null : margins.reduce((sum, micros) => sum + micros, 0);
  const nullable = [margin, days[0], days.at(-1), cycleHalfDays].map((value) => value ?? 'NULL');
  return `('${name}', ${[...counts, revenue, ...nullable].join(', ')})`;
}

function text(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}

export function literal(value: number): { readonly kind: 'literal'; readonly value: number } {
  return { kind: 'literal', value };
}
