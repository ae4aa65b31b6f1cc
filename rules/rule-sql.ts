/**
 * A rule as a boolean SQL expression over the whole base: the first execution beside evaluate.ts.
 *
 * The tables it reads, which whoever runs it provides under these aliases. `person` is never NULL,
 * nothing lies after the as-of day, and days are the shop's local days (rules/local-day.ts):
 *
 *   customers c, one row a customer
 *     person VARCHAR (key)
 *     valid_orders, paid_orders, in_progress_orders, cancelled_orders, returned_orders BIGINT
 *     revenue_micros BIGINT        sum over paid orders
 *     margin_micros BIGINT         sum over paid orders whose cost is known; NULL without any
 *     first_day, last_day INTEGER  over valid (paid or in progress) orders; NULL without any
 *     cycle_half_days INTEGER      rules/cycle.ts over valid orders; NULL under three distinct days
 *   orders o: person VARCHAR, order_no INTEGER (key), day INTEGER, status INTEGER (ordinal in
 *     STATUS_GROUPS), revenue_micros BIGINT, margin_micros BIGINT (NULL where the cost is not known)
 *   bought b: person VARCHAR, kind VARCHAR ('product' or 'category'), name VARCHAR
 *   customer_attributes a: person VARCHAR, name VARCHAR, text VARCHAR, number_micros BIGINT, day
 *     INTEGER; of the last three the one that the value is, the others NULL; a list has a row a value
 *   order_lines l: order_no INTEGER, product VARCHAR, category VARCHAR, brand VARCHAR (NULL where nobody
 *     knows them)
 *   order_attributes a: order_no INTEGER, and as customer_attributes
 *   events e: person VARCHAR, event_no INTEGER (key), day INTEGER, kind VARCHAR (of EVENT_KINDS), name
 *     VARCHAR, product VARCHAR, category VARCHAR, brand VARCHAR, value_micros BIGINT; the last four NULL
 *     where it has none
 *   event_attributes a: event_no INTEGER, and as customer_attributes; a value may be text and number at once
 *   scores s, one row a customer who has any: person VARCHAR, and SCORE_COLUMNS of rules/score.ts BIGINT
 *   affinities f: person VARCHAR, kind VARCHAR ('category' or 'brand'), name VARCHAR, share_ppm
 *     INTEGER, place INTEGER (rules/affinity.ts)
 *
 * Beside them where somebody stays in a segment: rules/stays.ts.
 *
 * Where a rule refers to another segment, customers has a BOOLEAN column for it:
 * rules/segments-sql.ts.
 *
 * The expression goes behind `SELECT … FROM customers c WHERE`. It is a portable subset: no
 * function but COALESCE, CAST, SUM, COUNT, MIN and MAX, no division, no correlated subquery, no clock. It is
 * never NULL. The same text runs on PostgreSQL: test/postgres-rules.system.test.ts.
 */
import { affinitySql } from './affinity.ts';
import { aggregateSql } from './aggregate-sql.ts';
import { attributeSql, CUSTOMER_ATTRIBUTES } from './attribute-sql.ts';
import { conditionKey, isBuilt } from './built-conditions.ts';
import { COMPARES, SQL_OPERATORS } from './comparison.ts';
import { type AsOf, STATUS } from './customer.ts';
import { ratioSql } from './ratio-sql.ts';
import type { NumberField, Operand, Rule } from './rule.ts';
import { scoreSql } from './score.ts';
import { quoted } from './sql-text.ts';
import { stableHash } from './stable-hash.ts';
import { staysThroughSql } from './stays.ts';
import type { Window } from './window.ts';
import { cycleBound, THOUSANDTHS, windowedRows } from './window-sql.ts';

const PPM = 1_000_000;

/** SQL that has the answers to built conditions, by conditionKey. */
type AnsweredConditions = ReadonlyMap<string, string>;

const NOTHING_ANSWERED: AnsweredConditions = new Map();

/**
 * The rule's SQL, with conditions that are `answered` already read from there. Throws when a name is not isSqlSafe:
 * the file loader refuses such names.
 */
export function ruleSql(rule: Rule, asOf: AsOf, answered = NOTHING_ANSWERED): string {
  const answer = isBuilt(rule) ? answered.get(conditionKey(rule)) : undefined;
  if (answer !== undefined) return answer;
  const either = (of: readonly Rule[]) => joined(of, asOf, OR, answered);
  switch (rule.kind) {
    case 'all':
      return joined(rule.of, asOf, AND, answered);
    case 'any':
      return either(rule.of);
    case 'none':
      return `(NOT ${either(rule.of)})`;
    case 'compare':
      return rule.window === null ? compareSql(rule, asOf) : windowSql(rule, rule.window, asOf);
    case 'has':
      return hasSql(rule);
    case 'attribute':
      return attributeSql(rule, CUSTOMER_ATTRIBUTES, asOf);
    case 'aggregate':
      return aggregateSql(rule, asOf);
    case 'score':
      return scoreSql(rule.field, rule.expects);
    case 'affinity':
      return affinitySql(rule.by, rule.expects);
    case 'stays':
      return `(${either(rule.of)} OR ${staysThroughSql(rule, asOf.day)})`;
    case 'segment':
      return `c.${segmentColumn(rule.segment)}`;
  }
}

/** Bytes: a longer identifier is cut by PostgreSQL, and two that differ beyond are one. */
const IDENTIFIER_MAX = 63;

/**
 * Segments are named [a-z0-9_-]: inert between quotes. Of a name that is too long the end gives way to 64
 * bits of hash behind a sign that no name has.
 */
export function segmentColumn(segment: string): string {
  const column = `segment ${segment}`;
  if (column.length <= IDENTIFIER_MAX) return `"${column}"`;
  const halves = [segment, [...segment].reverse().join('')].map((text) => stableHash(text));
  const hash = halves.map((half) => half.toString(16).padStart(8, '0')).join('');
  return `"${column.slice(0, IDENTIFIER_MAX - 1 - hash.length)}~${hash}"`;
}

const AND = { word: 'AND', empty: 'TRUE' } as const;
const OR = { word: 'OR', empty: 'FALSE' } as const;

function joined(
  of: readonly Rule[],
  asOf: AsOf,
  glue: typeof AND | typeof OR,
  answered: AnsweredConditions,
): string {
  if (of.length === 0) return glue.empty;
  return `(${of.map((rule) => ruleSql(rule, asOf, answered)).join(` ${glue.word} `)})`;
}

type CompareRule = Rule & { kind: 'compare' };

/** Columns, or aggregates over a window, that hold the sums a condition needs. */
interface Sums {
  readonly valid: string;
  readonly paid: string;
  readonly inProgress: string;
  readonly cancelled: string;
  readonly returned: string;
  readonly revenue: string;
  /** NULL without a paid order whose cost is known. */
  readonly margin: string;
}

const COLUMNS: Sums = {
  valid: 'c.valid_orders',
  paid: 'c.paid_orders',
  inProgress: 'c.in_progress_orders',
  cancelled: 'c.cancelled_orders',
  returned: 'c.returned_orders',
  revenue: 'c.revenue_micros',
  margin: 'c.margin_micros',
};

function countOf(condition: string): string {
  return `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
}

const AGGREGATES: Sums = {
  valid: countOf(`o.status IN (${STATUS.paid}, ${STATUS.inProgress})`),
  paid: countOf(`o.status = ${STATUS.paid}`),
  inProgress: countOf(`o.status = ${STATUS.inProgress}`),
  cancelled: countOf(`o.status = ${STATUS.cancelled}`),
  returned: countOf(`o.status = ${STATUS.returned}`),
  revenue: `SUM(CASE WHEN o.status = ${STATUS.paid} THEN o.revenue_micros ELSE 0 END)`,
  margin: `SUM(CASE WHEN o.status = ${STATUS.paid} THEN o.margin_micros END)`,
};

function compareSql(rule: CompareRule, asOf: AsOf): string {
  switch (rule.field) {
    case 'orders.last_days':
      return daysSql(`(${asOf.day} - c.last_day) * 2`, rule, asOf);
    case 'orders.first_days':
      return daysSql(`(${asOf.day} - c.first_day) * 2`, rule, asOf);
    case 'orders.cycle_days':
      return daysSql('c.cycle_half_days', rule, asOf);
    default:
      return sumsSql(rule, COLUMNS);
  }
}

function daysSql(value: string, rule: CompareRule, asOf: AsOf): string {
  const { op, operand } = rule;
  if (operand.kind === 'literal') {
    return `COALESCE(${value} ${SQL_OPERATORS[op]} ${operand.value}, FALSE)`;
  }
  const bound = cycleBound(operand, 'c', asOf);
  return `COALESCE(${value} * ${THOUSANDTHS} ${SQL_OPERATORS[op]} ${bound}, FALSE)`;
}

function sumsSql(rule: CompareRule, sums: Sums): string {
  const value = literal(rule.operand);
  switch (rule.field) {
    case 'orders.aov':
      return ratioSql(rule.op, value, { dividend: sums.revenue, divisor: sums.paid });
    case 'orders.margin':
      return `COALESCE(${sums.margin} ${SQL_OPERATORS[rule.op]} ${value}, FALSE)`;
    case 'orders.refusal_share': {
      const refused = `(${sums.cancelled} + ${sums.returned})`;
      return ratioSql(rule.op, value, {
        dividend: `${refused} * ${PPM}`,
        divisor: `(${sums.valid} + ${sums.cancelled} + ${sums.returned})`,
      });
    }
    default:
      return `(${plainSum(rule.field, sums)} ${SQL_OPERATORS[rule.op]} ${value})`;
  }
}

function literal(operand: Operand): number {
  if (operand.kind === 'literal') return operand.value;
  throw new Error('only day fields are compared with a cycle');
}

function plainSum(field: NumberField, sums: Sums): string {
  switch (field) {
    case 'orders.count':
      return sums.valid;
    case 'orders.paid':
      return sums.paid;
    case 'orders.in_progress':
      return sums.inProgress;
    case 'orders.cancelled':
      return sums.cancelled;
    case 'orders.returned':
      return sums.returned;
    case 'orders.revenue':
      return sums.revenue;
    default:
      throw new Error(`${field} is no sum over orders`);
  }
}

/**
 * A person without an order in the window is in no group, yet has a count of 0: where 0 matches,
 * the rule excludes those who do not match instead.
 */
function windowSql(rule: CompareRule, window: Window, asOf: AsOf): string {
  const matches = sumsSql(rule, AGGREGATES);
  const hasNoZero = rule.field === 'orders.aov' || rule.field === 'orders.margin';
  const emptyMatches = !hasNoZero && COMPARES[rule.op](0, literal(rule.operand));
  const having = emptyMatches ? `NOT ${matches}` : matches;
  const { from, where } = windowedRows({ table: 'orders', as: 'o' }, window, asOf);
  const group = `SELECT o.person FROM ${from} WHERE ${where} GROUP BY o.person HAVING ${having}`;
  const matching = `c.person ${emptyMatches ? 'NOT IN' : 'IN'} (${group})`;
  return window.kind === 'since_last_order'
    ? `(c.last_day IS NOT NULL AND ${matching})`
    : `(${matching})`;
}

function hasSql(rule: Rule & { kind: 'has' }): string {
  const names = [...new Set(rule.names)];
  if (names.length === 0) return rule.quantifier === 'any_of' ? 'FALSE' : 'TRUE';
  const kind = rule.field === 'products.bought' ? 'product' : 'category';
  const list = names.map(quoted).join(', ');
  const holders = `SELECT b.person FROM bought b WHERE b.kind = '${kind}' AND b.name IN (${list})`;
  if (rule.quantifier === 'any_of') return `(c.person IN (${holders}))`;
  const all = `GROUP BY b.person HAVING COUNT(DISTINCT b.name) = ${names.length}`;
  return `(c.person IN (${holders} ${all}))`;
}
