/** A base of customers as SQL that every engine reads, and who of it matches what by either execution. */
import { type AsOf, type Customer, STATUS } from '../rules/customer.ts';
import { customerFacts } from '../rules/facts.ts';
import { compileSegments, matchSegments } from '../rules/memberships.ts';
import type { Segment } from '../rules/rule.ts';
import { segmentSql, segmentsSql } from '../rules/segments-sql.ts';

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

/** Columns as rules/rule-sql.ts reads them. */
export const CREATE_TABLES = [
  `CREATE TABLE customers (person VARCHAR, valid_orders BIGINT, paid_orders BIGINT,
    in_progress_orders BIGINT, cancelled_orders BIGINT, returned_orders BIGINT, revenue_micros BIGINT,
    margin_micros BIGINT, first_day INTEGER, last_day INTEGER, cycle_half_days INTEGER)`,
  `CREATE TABLE orders (person VARCHAR, order_key VARCHAR, day INTEGER, status INTEGER,
    revenue_micros BIGINT, margin_micros BIGINT)`,
  'CREATE TABLE bought (person VARCHAR, kind VARCHAR, name VARCHAR)',
  `CREATE TABLE customer_attributes (person VARCHAR, name VARCHAR, text VARCHAR,
    number_micros BIGINT, day INTEGER)`,
];

/** Statements that put these customers, and nobody else, into the tables; persons ascend. */
export function fillTables(customers: readonly Customer[]): readonly string[] {
  const tables = {
    customers: [] as string[],
    orders: [] as string[],
    bought: [] as string[],
    customer_attributes: [] as string[],
  };
  customers.forEach((person, i) => {
    const name = personOf(i);
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
  customers.forEach((person, i) => {
    for (const { name, text: own, numberMicros, day: ownDay } of person.attributes ?? []) {
      const values = [own === null ? null : text(own), numberMicros, ownDay];
      const cells = values.map((value) => value ?? 'NULL').join(', ');
      tables.customer_attributes.push(`('${personOf(i)}', ${text(name)}, ${cells})`);
    }
  });
  return Object.entries(tables).flatMap(([table, rows]) => [
    `DELETE FROM ${table}`,
    ...(rows.length > 0 ? [`INSERT INTO ${table} VALUES ${rows.join(', ')}`] : []),
  ]);
}

function personOf(ordinal: number): string {
  return `p${String(ordinal).padStart(4, '0')}`;
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
