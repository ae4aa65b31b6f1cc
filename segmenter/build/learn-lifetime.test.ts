import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isValid } from '../../rules/customer.ts';
import { modelSettings } from '../../settings/model-settings.ts';
import { Duck } from '../duck.ts';
import { fitSample } from '../models/fit-sample.ts';
import { fitLifetime, type LifetimeTask } from '../models/lifetime-fit.ts';
import {
  type Histories,
  historiesUntil,
  type Purchases,
  purchasesBetween,
  purchasesOf,
} from '../models/purchase-history.ts';
import { learnLifetime } from './learn-lifetime.ts';

const TODAY = 20_779;
let duck: Duck;
const dir = mkdtempSync(join(tmpdir(), 'lifetime-'));
beforeAll(async () => {
  duck = await Duck.open({ memoryMb: 128, threads: 2, tempDir: dir, folders: [] });
});
afterAll(async () => {
  await duck[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

const order = fc.record({
  customer: fc.nat({ max: 24 }),
  day: fc.integer({ min: TODAY - 200, max: TODAY }),
  status: fc.nat({ max: 5 }),
  micros: fc.integer({ min: 0, max: 9_000_000 }),
});
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never;

/** What the build hands to the fit, of a base with these orders. */
async function taskOf(orders: readonly Order[], customersMax?: number) {
  const row = ({ customer, day, status, micros }: Order) =>
    `('p${String(customer).padStart(2, '0')}', ${day}, ${status}, ${micros})`;
  await duck.run(`CREATE OR REPLACE TABLE orders AS SELECT * FROM (VALUES ${orders.map(row).join(', ')})
    v(person, day, status, revenue_micros)`);
  await duck.run(`CREATE OR REPLACE TABLE customers AS SELECT person,
    count(*) FILTER (status IN (0, 1)) AS valid_orders, min(day) FILTER (status IN (0, 1)) AS first_day
    FROM orders GROUP BY person`);
  const tasks: LifetimeTask[] = [];
  const base = { customers: 'customers', orders: 'orders', day: TODAY };
  const { everyCustomer, customers } = await learnLifetime(duck, base, {
    ...{ settings: modelSettings({}).clv, data: 'd' },
    ...(customersMax === undefined ? {} : { customersMax }),
    fitLifetime: async (task) => {
      tasks.push(task);
      return fitLifetime(task);
    },
  });
  return { task: tasks[0] ?? null, everyCustomer, customers };
}

/** The same orders as purchases, without SQL. */
function purchases(orders: readonly Order[]): Purchases {
  const valid = orders.filter(({ status }) => isValid(status));
  return purchasesOf(
    {
      customer: Int32Array.from(valid, ({ customer }) => customer),
      day: Int32Array.from(valid, ({ day }) => day),
      valueMicros: Float64Array.from(valid, ({ micros }) => micros),
    },
    25,
  );
}

function numbers({ repeats, recencyDays, ageDays, meanValue }: Histories): number[][] {
  return Array.from(repeats, (x, i) => [x, recencyDays[i]!, ageDays[i]!, meanValue[i]!]);
}

const base = fc.array(order, { minLength: 1, maxLength: 150 });

it('hands over what the models know of each customer, and what was bought since', async () => {
  let heldOut = 0;
  await fc.assert(
    fc.asyncProperty(base, async (orders) => {
      const { task, customers } = await taskOf(orders);
      const all = purchases(orders);
      const histories = historiesUntil(all, TODAY);
      expect(customers).toBe(histories.repeats.length);
      expect(task === null).toBe(customers === 0);
      if (task === null) return;
      expect(numbers(task.histories)).toEqual(numbers(histories));
      if (task.holdout === null) return;
      heldOut++;
      const { days, actual, histories: before } = task.holdout;
      const known = Math.max(...histories.ageDays);
      expect(days).toBe(Math.floor(known / 2));
      const expected = historiesUntil(all, TODAY - days);
      expect(numbers(before)).toEqual(numbers(expected));
      const bought = purchasesBetween(all, expected.customer, TODAY - days, TODAY);
      expect([...actual]).toEqual([...bought]);
    }),
    { numRuns: 40 },
  );
  expect(heldOut).toBeGreaterThan(20);
});

it('takes every n-th of those who have bought where they are too many', async () => {
  await fc.assert(
    fc.asyncProperty(base, fc.integer({ min: 1, max: 12 }), async (orders, customersMax) => {
      const { task, everyCustomer } = await taskOf(orders, customersMax);
      if (task === null) return;
      const sample = fitSample(historiesUntil(purchases(orders), TODAY), customersMax);
      expect([everyCustomer, numbers(task.histories)]).toEqual([
        ...[sample.every, numbers(sample.histories)],
      ]);
    }),
    { numRuns: 25 },
  );
});
