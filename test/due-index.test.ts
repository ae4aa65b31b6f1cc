import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AttributeTest, anniversaryRanges } from '../rules/attribute.ts';
import { type AsOf, type Customer, STATUS } from '../rules/customer.ts';
import { compileDue } from '../rules/due.ts';
import { dueSql } from '../rules/due-sql.ts';
import { ownCycleHalfDays } from '../rules/facts.ts';
import { dayOfDate } from '../rules/local-day.ts';
import { COUNT_FIELDS, type Rule, type Segment } from '../rules/rule.ts';
import { compareWith, plainSegment } from '../rules/segment.contract.ts';
import type { Window } from '../rules/window.ts';
import { anyAggregate } from './any-aggregate.contract.ts';
import { anyWindow, at, TODAY } from './any-parts.contract.ts';
import {
  anyCustomer,
  anySegments,
  attribute,
  CUSTOMERS_PER_RUN,
  compareDays,
} from './any-rule.contract.ts';
import { CREATE_TABLES, fillTables, matchesOf } from './rule-base.contract.ts';

const SEED = 20_261_130;
const DAYS_LOOKED_AHEAD = 35;

let db: DuckDBConnection;
beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
  for (const statement of CREATE_TABLES) await db.run(statement);
});
afterAll(() => db.closeSync());

/** Rules that look at time, most of them true of some. */
const datedRule: fc.Arbitrary<Rule> = fc.oneof(
  fc
    .tuple(anyWindow, fc.constantFrom(...COUNT_FIELDS), fc.integer({ min: 0, max: 2 }))
    .map(([window, field, count]) => compareWith(field, 'eq', count, window)),
  compareDays,
  // Anniversaries have a suite of their own.
  attribute.filter(({ test }) => test.kind !== 'anniversary'),
  anyAggregate,
);
const customersOfRun = fc.array(anyCustomer, {
  minLength: CUSTOMERS_PER_RUN,
  maxLength: CUSTOMERS_PER_RUN,
});
const shopCycle = fc.integer({ min: 0, max: 120 });
const seen = { same: 0, due: 0, changed: 0 };

it('leaves everybody where they are until they are due, by either execution', async () => {
  const rulesOfRun = fc.array(datedRule, { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(customersOfRun, rulesOfRun, shopCycle, async (customers, rules, cycle) => {
      for (const rule of rules) await checkDue(customers, [plainSegment('one', rule)], cycle);
    }),
    { seed: SEED, numRuns: 12 },
  );
  process.stdout.write(`due: seed ${SEED}, ${JSON.stringify(seen)}\n`);
  // An index that always says tomorrow, or has nobody due, would prove nothing.
  expect(seen.same).toBeGreaterThan(50_000);
  expect(seen.changed).toBeGreaterThan(seen.due / 5);
}, 60_000);

it('has a person due when the first of several segments is, by either execution', async () => {
  await fc.assert(fc.asyncProperty(customersOfRun, anySegments, shopCycle, checkDue), {
    seed: SEED,
    numRuns: 15,
  });
}, 60_000);

async function checkDue(
  customers: readonly Customer[],
  segments: readonly Segment[],
  shopCycleHalfDays: number,
): Promise<void> {
  const asOf = { day: TODAY, shopCycleHalfDays };
  const rules = segments.map(({ rule }) => rule);
  const due = customers.map(compileDue(rules, asOf));
  expect(await dueBySql(customers, rules, asOf)).toEqual(due);
  const now = matchesOf(segments, customers, asOf);
  for (let day = TODAY + 1; day <= TODAY + DAYS_LOOKED_AHEAD; day++) {
    const then = matchesOf(segments, customers, { ...asOf, day });
    const changed = then.map((row, i) => `${row}` !== `${now[i]}`);
    const early = due.filter((first, i) => changed[i] && (first === null || day < first));
    expect(early, `${JSON.stringify(rules)}: changed by ${day}`).toEqual([]);
    seen.same += due.filter((first) => first === null || day < first).length;
    seen.due += due.filter((first) => day === first).length;
    seen.changed += due.filter((first, i) => day === first && changed[i]).length;
  }
}

it('knows the days before and after a date by every comparison', async () => {
  const people = Array.from({ length: 17 }, (_, i) => withDate(TODAY - 8 + i));
  for (const kind of ['days_until', 'days_since'] as const) {
    for (const op of ['gt', 'gte', 'lt', 'lte', 'eq', 'ne'] as const) {
      await checkDue(people, [attributeSegment('trip', { kind, op, days: 3 })], 60);
    }
  }
});

it('finds the turn of every anniversary through the years, leap days among them', async () => {
  for (const day of [TODAY, dayOfDate(2028, 2, 27), dayOfDate(2028, 2, 29)]) {
    for (const withinDays of day === TODAY ? [0, 7] : [3]) {
      const { rule } = attributeSegment('birthday', { kind: 'anniversary', withinDays });
      const dates = Array.from({ length: 75 }, (_, i) => day + 60 - i * 29);
      dates.push(dayOfDate(2024, 2, 29), dayOfDate(1960, 2, 29));
      const born = dates.map(withDate);
      const asOf = { day, shopCycleHalfDays: 60 };
      const due = born.map(compileDue([rule], asOf));
      expect(await dueBySql(born, [rule], asOf)).toEqual(due);
      const nearAt = (at: number) => {
        const ranges = anniversaryRanges(at, withinDays);
        return dates.map((date) => ranges.some(({ first, last }) => first <= date && date <= last));
      };
      const now = nearAt(day);
      const changes = dates.map((): number | null => null);
      for (let later = day + 1; later <= day + 366; later++) {
        nearAt(later).forEach((near, i) => {
          if (near !== now[i]) changes[i] ??= later;
        });
      }
      // Dates whose first anniversary is further off are looked at again after a year.
      expect(due).toEqual(changes.map((change) => change ?? day + 366));
    }
  }
});

it('has few of a shop due tomorrow', () => {
  const timeZone = 'Europe/Moscow';
  const last = (days: number): Window => ({ kind: 'last', days, today: 'included', timeZone });
  const thisMonth: Window = {
    ...{ kind: 'calendar', period: 'this_month', weekStart: 'monday' },
    ...{ today: 'included', timeZone },
  };
  const relative = { kind: 'cycle', timesThousandths: 1500, minHalfDays: 60 } as const;
  const lapsed: Rule = {
    ...{ kind: 'compare', field: 'orders.last_days', window: null, op: 'gt', at },
    operand: relative,
  };
  const rules = [
    compareWith('orders.count', 'gte', 2, last(90)),
    compareWith('orders.count', 'eq', 0, last(365)),
    compareWith('orders.revenue', 'gte', 500_000_000, thisMonth),
    compareWith('orders.last_days', 'gt', 360),
    compareWith('orders.first_days', 'lte', 60),
    compareWith('orders.refusal_share', 'gt', 300_000),
    lapsed,
    attributeSegment('birthday', { kind: 'anniversary', withinDays: 7 }).rule,
  ];
  const customers = fc.sample(shopCustomer, { numRuns: 2000, seed: SEED });
  const asOf = { day: TODAY, shopCycleHalfDays: 120 };
  const due = customers.map(compileDue(rules, asOf));
  const tomorrow = due.filter((day) => day === TODAY + 1).length;
  process.stdout.write(`due tomorrow: ${tomorrow} of ${customers.length}\n`);
  expect(tomorrow).toBeGreaterThan(0);
  expect(tomorrow).toBeLessThan(customers.length / 20);
});

it('has nobody due where no rule looks at time', async () => {
  const rules = [compareWith('orders.count', 'gte', 2), compareWith('orders.aov', 'gt', 1)];
  const customers = fc.sample(anyCustomer, { numRuns: 20, seed: SEED });
  const asOf = { day: TODAY, shopCycleHalfDays: 120 };
  expect(new Set(await dueBySql(customers, rules, asOf))).toEqual(new Set([null]));
});

/** Some four orders in two years, and a birthday. */
const shopCustomer = fc
  .record({
    days: fc.array(fc.integer({ min: TODAY - 730, max: TODAY }), { minLength: 1, maxLength: 7 }),
    birthday: fc.integer({ min: 0, max: 20_000 }),
  })
  .map(({ days, birthday }): Customer => {
    const orders = days.map((day) => ({ day, status: STATUS.paid, revenueMicros: 90_000_000 }));
    return { ...withDate(birthday), orders, cycleHalfDays: ownCycleHalfDays(orders) };
  });

function withDate(day: number): Customer {
  const attributes = [{ name: 'date', text: null, numberMicros: null, day }];
  return { orders: [], cycleHalfDays: null, products: [], categories: [], attributes };
}

function attributeSegment(name: string, test: AttributeTest): Segment {
  return plainSegment(name, { kind: 'attribute', name: 'date', test, at });
}

async function dueBySql(
  customers: readonly Customer[],
  rules: readonly Rule[],
  asOf: AsOf,
): Promise<(number | null)[]> {
  for (const statement of fillTables(customers)) await db.run(statement);
  const rows = await db.runAndReadAll(`SELECT c.person, CAST(d.due_day AS DOUBLE) FROM customers c
    LEFT JOIN (${dueSql(rules, asOf)}) d ON d.person = c.person ORDER BY c.person`);
  return rows.getRows().map(([, day]) => day as number | null);
}
