/** A base of customers as SQL that every engine reads, and who of it matches what by either execution. */
import type { AttributeValue } from '../rules/attribute.ts';
import {
  type AsOf,
  type Customer,
  type CustomerEvent,
  type CustomerOrder,
  STATUS,
} from '../rules/customer.ts';
import { customerFacts } from '../rules/facts.ts';
import { compileSegments, matchSegments } from '../rules/memberships.ts';
import type { Segment } from '../rules/rule.ts';
import { SCORE_COLUMNS, SCORE_FIELDS } from '../rules/score.ts';
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
  `CREATE TABLE orders (person VARCHAR, order_no INTEGER, day INTEGER, status INTEGER,
    revenue_micros BIGINT, margin_micros BIGINT)`,
  'CREATE TABLE bought (person VARCHAR, kind VARCHAR, name VARCHAR)',
  `CREATE TABLE customer_attributes (person VARCHAR, name VARCHAR, text VARCHAR,
    number_micros BIGINT, day INTEGER)`,
  `CREATE TABLE order_lines (order_no INTEGER, product VARCHAR, category VARCHAR,
    brand VARCHAR)`,
  `CREATE TABLE order_attributes (order_no INTEGER, name VARCHAR, text VARCHAR,
    number_micros BIGINT, day INTEGER)`,
  `CREATE TABLE events (person VARCHAR, event_no INTEGER, day INTEGER, kind VARCHAR, name VARCHAR,
    product VARCHAR, category VARCHAR, brand VARCHAR, value_micros BIGINT)`,
  `CREATE TABLE event_attributes (event_no INTEGER, name VARCHAR, text VARCHAR,
    number_micros BIGINT, day INTEGER)`,
  `CREATE TABLE scores (person VARCHAR, ${SCORE_FIELDS.map((field) => `${SCORE_COLUMNS[field]} BIGINT`).join(', ')})`,
  `CREATE TABLE affinities (person VARCHAR, kind VARCHAR, name VARCHAR, share_ppm INTEGER,
    place INTEGER)`,
  'CREATE TABLE earlier (person VARCHAR, segment VARCHAR, day INTEGER)',
];

type Tables = Record<(typeof TABLES)[number], string[]>;
const TABLES = [
  'customers',
  'orders',
  'bought',
  'customer_attributes',
  'order_lines',
  'order_attributes',
  'events',
  'event_attributes',
  'scores',
  'affinities',
  'earlier',
] as const;

/** Statements that put these customers, and nobody else, into the tables; persons ascend. */
export function fillTables(customers: readonly Customer[]): readonly string[] {
  const tables = Object.fromEntries(TABLES.map((table) => [table, [] as string[]])) as Tables;
  customers.forEach((person, i) => {
    const name = personOf(i);
    tables.customers.push(customerRow(name, person));
    for (const order of person.orders) addOrder(tables, name, order);
    for (const event of person.events ?? []) addEvent(tables, name, event);
    for (const product of person.products) {
      tables.bought.push(`('${name}', 'product', ${text(product)})`);
    }
    for (const category of person.categories) {
      tables.bought.push(`('${name}', 'category', ${text(category)})`);
    }
    for (const { segment, day } of person.earlier ?? [])
      tables.earlier.push(`('${name}', ${text(segment)}, ${day})`);
    tables.customer_attributes.push(...attributeRows(`'${name}'`, person.attributes));
    addScores(tables, name, person);
  });
  return Object.entries(tables).flatMap(([table, rows]) => [
    `DELETE FROM ${table}`,
    ...(rows.length > 0 ? [`INSERT INTO ${table} VALUES ${rows.join(', ')}`] : []),
  ]);
}

function addScores(tables: Tables, person: string, { scores, affinities }: Customer): void {
  if (scores) {
    const values = SCORE_FIELDS.map((field) => scores[field] ?? 'NULL');
    tables.scores.push(`('${person}', ${values.join(', ')})`);
  }
  for (const { by, name, sharePpm, place } of affinities ?? []) {
    tables.affinities.push(`('${person}', '${by}', ${text(name)}, ${sharePpm}, ${place})`);
  }
}

function addOrder(tables: Tables, person: string, order: CustomerOrder): void {
  const number = tables.orders.length;
  const { day, status, revenueMicros, marginMicros } = order;
  const money = `${revenueMicros}, ${marginMicros ?? 'NULL'}`;
  tables.orders.push(`('${person}', ${number}, ${day}, ${status}, ${money})`);
  for (const product of order.products ?? []) {
    tables.order_lines.push(`(${number}, ${text(product)}, NULL, NULL)`);
  }
  for (const category of order.categories ?? []) {
    tables.order_lines.push(`(${number}, NULL, ${text(category)}, NULL)`);
  }
  for (const brand of order.brands ?? []) {
    tables.order_lines.push(`(${number}, NULL, NULL, ${text(brand)})`);
  }
  tables.order_attributes.push(...attributeRows(number, order.attributes));
}

function addEvent(tables: Tables, person: string, event: CustomerEvent): void {
  const number = tables.events.length;
  const { day, kind, name, valueMicros } = event;
  const goods = [event.products, event.categories, event.brands ?? []].map(([one]) => orNull(one));
  const about = [...goods, valueMicros];
  const cells = about.map((value) => value ?? 'NULL').join(', ');
  tables.events.push(`('${person}', ${number}, ${day}, '${kind}', ${text(name)}, ${cells})`);
  tables.event_attributes.push(...attributeRows(number, event.attributes));
}

function attributeRows(
  owner: string | number,
  attributes: readonly AttributeValue[] = [],
): readonly string[] {
  return attributes.map(({ name, text: own, numberMicros, day }) => {
    const values = [orNull(own), numberMicros, day].map((value) => value ?? 'NULL');
    return `(${owner}, ${text(name)}, ${values.join(', ')})`;
  });
}

function orNull(name: string | null | undefined): string | null {
  return name === null || name === undefined ? null : text(name);
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
