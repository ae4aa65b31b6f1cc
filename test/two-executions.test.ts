import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type AsOf,
  type Customer,
  type CustomerOrder,
  STATUS,
  STATUS_GROUPS,
} from '../rules/customer.ts';
import { compileRule } from '../rules/evaluate.ts';
import { ownCycleHalfDays } from '../rules/facts.ts';
import {
  COUNT_FIELDS,
  type Comparison,
  DAY_FIELDS,
  MONEY_FIELDS,
  type Rule,
  SET_FIELDS,
  SHARE_FIELDS,
} from '../rules/rule.ts';
import { ruleSql } from '../rules/rule-sql.ts';

const TODAY = 20_779;
const CUSTOMERS_PER_RUN = 40;
const SEED = 20_261_122;

let db: DuckDBConnection;
beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run(`CREATE TABLE customers (person VARCHAR, valid_orders BIGINT, paid_orders BIGINT,
    in_progress_orders BIGINT, cancelled_orders BIGINT, returned_orders BIGINT, revenue_micros BIGINT,
    first_day INTEGER, last_day INTEGER, cycle_half_days INTEGER)`);
  await db.run(`CREATE TABLE orders (person VARCHAR, order_key VARCHAR, day INTEGER, status INTEGER,
    revenue_micros BIGINT)`);
  await db.run('CREATE TABLE bought (person VARCHAR, kind VARCHAR, name VARCHAR)');
});
afterAll(() => db.closeSync());

const NAMES = ['tea', "o'clock", '100 % "wool"', '', 'чай', '; DROP TABLE orders --'];
const comparison = fc.constantFrom<Comparison>('gt', 'gte', 'lt', 'lte', 'eq', 'ne');
const at = { file: 'segments/generated.yaml', line: 1, column: 1 };
const micros = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((units) => units * 1_000_000),
  fc.integer({ min: -3_000_000, max: 5_000_000 }),
  fc.constantFrom(999_999_999_999_999, 1_000_000_000_000_000),
);

const compareCount = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...COUNT_FIELDS),
  withinDays: fc.option(fc.integer({ min: 1, max: 40 })),
  op: comparison,
  operand: fc.integer({ min: 0, max: 5 }).map(literal),
  at: fc.constant(at),
});
const compareMoney = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...MONEY_FIELDS),
  withinDays: fc.option(fc.integer({ min: 1, max: 40 })),
  op: comparison,
  operand: micros.map(literal),
  at: fc.constant(at),
});
const compareShare = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...SHARE_FIELDS),
  withinDays: fc.constant(null),
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
  withinDays: fc.constant(null),
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
const anyRule = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    compareCount,
    compareMoney,
    compareShare,
    compareDays,
    has,
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const, 'none' as const),
      of: fc.array(tie('rule'), { maxLength: 4 }),
      at: fc.constant(at),
    }),
  ),
})).rule;

const order = fc.record<CustomerOrder>({
  day: fc.integer({ min: TODAY - 45, max: TODAY }),
  status: fc.constantFrom(...STATUS_GROUPS.keys()),
  revenueMicros: micros,
});
const customer = fc
  .record({
    orders: fc.array(order, { maxLength: 7 }),
    products: fc.uniqueArray(fc.constantFrom(...NAMES)),
    categories: fc.uniqueArray(fc.constantFrom(...NAMES)),
  })
  .map((facts): Customer => ({ ...facts, cycleHalfDays: ownCycleHalfDays(facts.orders) }));

it('gives the same members as SQL over the base and as a closure for one person', async () => {
  let compared = 0;
  let members = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(customer, { minLength: CUSTOMERS_PER_RUN, maxLength: CUSTOMERS_PER_RUN }),
      fc.array(anyRule, { minLength: 10, maxLength: 10 }),
      fc.integer({ min: 0, max: 120 }),
      async (customers, rules, shopCycleHalfDays) => {
        await fill(customers);
        const asOf = { day: TODAY, shopCycleHalfDays };
        for (const rule of rules) {
          const bySql = await membersBySql(rule, asOf);
          const matches = compileRule(rule);
          const byClosure = customers.map((person) => matches(person, asOf));
          expect(bySql, ruleSql(rule, asOf)).toEqual(byClosure);
          compared += customers.length;
          members += byClosure.filter(Boolean).length;
        }
      },
    ),
    { seed: SEED, numRuns: 60, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
  );
  process.stdout.write(`two executions: seed ${SEED}, ${compared} compared, ${members} members\n`);
  // A generator that only makes rules nobody matches would prove nothing.
  expect(members).toBeGreaterThan(compared / 10);
  expect(members).toBeLessThan((compared * 9) / 10);
}, 90_000);

it('agrees on an average order value whose product would outgrow 64 bits', async () => {
  const orders = Array.from({ length: 20 }, () => ({
    day: TODAY,
    status: STATUS.paid,
    revenueMicros: 400_000_000_000_000,
  }));
  const rich: Customer = { orders, cycleHalfDays: null, products: [], categories: [] };
  await fill([rich]);
  for (const withinDays of [null, 30]) {
    for (const value of [400_000_000_000_000, 400_000_000_000_001]) {
      const rule: Rule = {
        kind: 'compare',
        field: 'orders.aov',
        withinDays,
        op: 'gte',
        operand: literal(value),
        at,
      };
      const asOf = { day: TODAY, shopCycleHalfDays: 60 };
      expect(await membersBySql(rule, asOf)).toEqual([compileRule(rule)(rich, asOf)]);
    }
  }
});

it('refuses to write a name that an engine could read as an escape', () => {
  const rule: Rule = {
    kind: 'has',
    field: 'products.bought',
    quantifier: 'any_of',
    names: ["\\' OR 1"],
    at,
  };
  expect(() => ruleSql(rule, { day: TODAY, shopCycleHalfDays: 60 })).toThrow('cannot be written');
});

function literal(value: number) {
  return { kind: 'literal' as const, value };
}

/** Also says so when the expression is NULL for somebody: it must be true or false. */
async function membersBySql(rule: Rule, asOf: AsOf): Promise<unknown[]> {
  const rows = await db.runAndReadAll(
    `SELECT ${ruleSql(rule, asOf)} FROM customers c ORDER BY c.person`,
  );
  return rows.getRows().map(([matched]) => matched);
}

async function fill(customers: readonly Customer[]): Promise<void> {
  await db.run('DELETE FROM customers; DELETE FROM orders; DELETE FROM bought');
  const tables = { customers: [] as string[], orders: [] as string[], bought: [] as string[] };
  customers.forEach((person, i) => {
    const name = `p${String(i).padStart(4, '0')}`;
    tables.customers.push(customerRow(name, person));
    person.orders.forEach(({ day, status, revenueMicros }, n) => {
      tables.orders.push(`('${name}', 'o${n}', ${day}, ${status}, ${revenueMicros})`);
    });
    for (const product of person.products)
      tables.bought.push(`('${name}', 'product', ${text(product)})`);
    for (const category of person.categories) {
      tables.bought.push(`('${name}', 'category', ${text(category)})`);
    }
  });
  for (const [table, rows] of Object.entries(tables)) {
    if (rows.length > 0) await db.run(`INSERT INTO ${table} VALUES ${rows.join(', ')}`);
  }
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
  const nullable = [days[0], days.at(-1), cycleHalfDays].map((value) => value ?? 'NULL');
  return `('${name}', ${[...counts, revenue, ...nullable].join(', ')})`;
}

function text(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}
