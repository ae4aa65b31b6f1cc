import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AsOf, type Customer, STATUS } from '../rules/customer.ts';
import { compileRule } from '../rules/evaluate.ts';
import type { Rule } from '../rules/rule.ts';
import { ruleSql } from '../rules/rule-sql.ts';
import type { Window } from '../rules/window.ts';
import { at, TODAY } from './any-parts.contract.ts';
import {
  anyCustomer,
  anyRule,
  anySegments,
  CUSTOMERS_PER_RUN,
  literal,
} from './any-rule.contract.ts';
import { CREATE_TABLES, fillTables, matchesOf, membershipsSql } from './rule-base.contract.ts';

const SEED = 20_261_122;

let db: DuckDBConnection;
beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
  for (const statement of CREATE_TABLES) await db.run(statement);
});
afterAll(() => db.closeSync());

it('gives the same members as SQL over the base and as a closure for one person', async () => {
  let compared = 0;
  let members = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyCustomer, { minLength: CUSTOMERS_PER_RUN, maxLength: CUSTOMERS_PER_RUN }),
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

it('agrees on segments that refer to each other', async () => {
  let compared = 0;
  let members = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyCustomer, { minLength: CUSTOMERS_PER_RUN, maxLength: CUSTOMERS_PER_RUN }),
      anySegments,
      async (customers, segments) => {
        await fill(customers);
        const asOf = { day: TODAY, shopCycleHalfDays: 60 };
        const sql = membershipsSql(segments, asOf);
        const byClosure = matchesOf(segments, customers, asOf);
        expect((await db.runAndReadAll(sql)).getRows(), sql).toEqual(byClosure);
        compared += byClosure.flat().length;
        members += byClosure.flat().filter(Boolean).length;
      },
    ),
    { seed: SEED, numRuns: 100 },
  );
  process.stdout.write(`segments: seed ${SEED}, ${compared} compared, ${members} members\n`);
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
  const last: Window = { kind: 'last', days: 30, today: 'included', timeZone: 'UTC' };
  for (const window of [null, last]) {
    for (const value of [400_000_000_000_000, 400_000_000_000_001]) {
      const rule: Rule = {
        kind: 'compare',
        field: 'orders.aov',
        window,
        op: 'gte',
        operand: literal(value),
        at,
      };
      const asOf = { day: TODAY, shopCycleHalfDays: 60 };
      expect(await membersBySql(rule, asOf)).toEqual([compileRule(rule)(rich, asOf)]);
    }
  }
});

it('agrees on multiples of a cycle that would outgrow 32 bits', async () => {
  const orders = [{ day: TODAY - 9, status: STATUS.paid, revenueMicros: 1 }];
  const rare: Customer = { orders, cycleHalfDays: 60_000, products: [], categories: [] };
  await fill([rare]);
  const cycles = { timesThousandths: 100_000, minHalfDays: 0 };
  const age = { field: 'orders.last_days', window: null, op: 'lt' } as const;
  const window: Window = { kind: 'cycles', ...cycles, today: 'included', timeZone: 'UTC' };
  const rules: Rule[] = [
    { kind: 'compare', ...age, operand: { kind: 'cycle', ...cycles }, at },
    { kind: 'compare', field: 'orders.paid', window, op: 'eq', operand: literal(1), at },
  ];
  const asOf = { day: TODAY, shopCycleHalfDays: 60 };
  for (const rule of rules) {
    expect(compileRule(rule)(rare, asOf)).toBe(true);
    expect(await membersBySql(rule, asOf)).toEqual([true]);
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

/** Also says so when the expression is NULL for somebody: it must be true or false. */
async function membersBySql(rule: Rule, asOf: AsOf): Promise<unknown[]> {
  const rows = await db.runAndReadAll(
    `SELECT ${ruleSql(rule, asOf)} FROM customers c ORDER BY c.person`,
  );
  return rows.getRows().map(([matched]) => matched);
}

async function fill(customers: readonly Customer[]): Promise<void> {
  for (const statement of fillTables(customers)) await db.run(statement);
}
