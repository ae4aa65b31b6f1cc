/** Conditions on orders and events in SQL: aggregate-value.ts for the whole base. */
import { type Aggregate, emptyIsZero, type Quantifier, type RowTest } from './aggregate.ts';
import { attributeSql } from './attribute-sql.ts';
import { COMPARES, SQL_OPERATORS } from './comparison.ts';
import { type AsOf, STATUS } from './customer.ts';
import { ratioSql } from './ratio-sql.ts';
import { quoted } from './sql-text.ts';
import { windowedRows } from './window-sql.ts';

/** Names in the tables that rule-sql.ts lists. */
const TABLES = {
  orders: {
    as: 'o',
    key: 'order_no',
    amount: 'o.revenue_micros',
    attributes: { table: 'order_attributes', owner: 'order_no', of: 'o.order_no' },
  },
  events: {
    as: 'e',
    key: 'event_no',
    amount: 'e.value_micros',
    attributes: { table: 'event_attributes', owner: 'event_no', of: 'e.event_no' },
  },
} as const;

/**
 * A person of whom no row matches is in no group, yet has a count of 0: where 0 matches, the rule
 * excludes those who do not match instead.
 */
export function aggregateSql(aggregate: Aggregate, asOf: AsOf): string {
  const { rows, measure, where, window, op, value } = aggregate;
  const { as } = TABLES[rows];
  const windowed =
    window === null
      ? { from: `${rows} ${as}`, where: 'TRUE' }
      : windowedRows({ table: rows, as }, window, asOf);
  const emptyMatches = emptyIsZero(measure) && COMPARES[op](0, value);
  const matches = havingSql(aggregate, asOf);
  const conditions = [windowed.where, ...where.map((test) => testSql(test, rows, asOf))];
  const groups =
    `SELECT ${as}.person FROM ${windowed.from} WHERE ${conditions.join(' AND ')} ` +
    `GROUP BY ${as}.person HAVING ${emptyMatches ? `NOT ${matches}` : matches}`;
  const matching = `c.person ${emptyMatches ? 'NOT IN' : 'IN'} (${groups})`;
  return window?.kind === 'since_last_order'
    ? `(c.last_day IS NOT NULL AND ${matching})`
    : `(${matching})`;
}

/** A comparison over one person's rows. */
function havingSql({ rows, measure, op, value }: Aggregate, asOf: AsOf): string {
  const { as, amount } = TABLES[rows];
  const compared = (sql: string) => `(${sql} ${SQL_OPERATORS[op]} ${value})`;
  switch (measure) {
    case 'count':
      return compared('COUNT(*)');
    case 'distinct_days':
      return compared(`COUNT(DISTINCT ${as}.day)`);
    case 'days_since_last':
      return compared(`${asOf.day} - MAX(${as}.day)`);
    case 'revenue':
    case 'value':
      return compared(`SUM(COALESCE(${amount}, 0))`);
    case 'aov':
      return ratioSql(op, value, { dividend: `SUM(${amount})`, divisor: 'COUNT(*)' });
    case 'margin': {
      const isValid = `o.status IN (${STATUS.paid}, ${STATUS.inProgress})`;
      const margin = compared(`SUM(CASE WHEN ${isValid} THEN o.margin_micros END)`);
      return `COALESCE(${margin}, FALSE)`;
    }
    case 'max':
      return compared(`MAX(${amount})`);
    case 'min':
      return compared(`MIN(${amount})`);
  }
}

/** May be NULL of a row that lacks what is asked; a WHERE leaves that out. */
function testSql(test: RowTest, rows: Aggregate['rows'], asOf: AsOf): string {
  const { as, amount, attributes } = TABLES[rows];
  switch (test.on) {
    case 'status':
      return `${as}.status IN (${test.statuses.join(', ')})`;
    case 'kind':
    case 'name':
      return `${as}.${test.on} IN (${listOf(test.texts)})`;
    case 'product':
    case 'category':
    case 'brand':
      return rows === 'orders' ? linesSql(test) : subjectSql(test);
    case 'amount':
      return `${amount} ${SQL_OPERATORS[test.op]} ${test.micros}`;
    case 'attribute':
      return attributeSql(test, attributes, asOf);
  }
}

type GoodsTest = Extract<RowTest, { readonly quantifier: Quantifier }>;

/** Orders `o` by the goods of their lines. */
function linesSql({ on, quantifier, texts }: GoodsTest): string {
  const orders = (condition: string) =>
    `SELECT l.order_no FROM order_lines l WHERE l.${on} ${condition}`;
  const holders = orders(`IN (${listOf(texts)})`);
  switch (quantifier) {
    case 'any_of':
      return `o.order_no IN (${holders})`;
    case 'all_of': {
      const wanted = new Set(texts).size;
      const all = `GROUP BY l.order_no HAVING COUNT(DISTINCT l.${on}) = ${wanted}`;
      return `o.order_no IN (${holders} ${all})`;
    }
    case 'none_of':
      return `o.order_no IN (${orders('IS NOT NULL')}) AND o.order_no NOT IN (${holders})`;
  }
}

/** Events `e` by the one thing that they are about. */
function subjectSql({ on, quantifier, texts }: GoodsTest): string {
  const wanted = new Set(texts).size;
  switch (quantifier) {
    case 'any_of':
      return `e.${on} IN (${listOf(texts)})`;
    case 'all_of':
      return wanted === 1 ? `e.${on} IN (${listOf(texts)})` : 'FALSE';
    case 'none_of':
      return `e.${on} NOT IN (${listOf(texts)})`;
  }
}

function listOf(texts: readonly string[]): string {
  return [...new Set(texts)].map(quoted).join(', ');
}
