import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RfmSettings } from '../../settings/model-settings.ts';
import { Duck } from '../duck.ts';
import { learnRfm, measuredSql, ranksSql, rfmWindow } from './learn-rfm.ts';

const TODAY = 20_779;
const PAID = 1;
const CANCELLED = 2;
/** retailCRM's published limits, of money in cents. */
const FIXED: RfmSettings = {
  method: 'fixed',
  limits: {
    recencyDays: [15, 30, 60, 90],
    orders: [2, 3, 4, 6],
    revenueMicros: [25, 50, 100, 200],
  },
};

let duck: Duck;
const dir = mkdtempSync(join(tmpdir(), 'rfm-'));
beforeAll(async () => {
  duck = await Duck.open({ memoryMb: 128, threads: 1, tempDir: dir, folders: [] });
});
afterAll(async () => {
  await duck[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

/** Orders of one person: days ago, what it was worth, and its status. */
type Order = readonly [daysAgo: number, revenueMicros: number, status?: number];

/** Ranks by person, such as `551`, and what they were ranked by. */
async function ranked(people: Readonly<Record<string, readonly Order[]>>, settings: RfmSettings) {
  const rows = Object.entries(people).flatMap(([person, orders]) =>
    orders.map(
      ([daysAgo, revenue, status = PAID]) =>
        `('${person}', ${TODAY - daysAgo}, ${status}, ${revenue})`,
    ),
  );
  await duck.run(`CREATE OR REPLACE TABLE orders
    (person VARCHAR, day INTEGER, status INTEGER, revenue_micros BIGINT)`);
  if (rows.length > 0) await duck.run(`INSERT INTO orders VALUES ${rows.join(', ')}`);
  const base = { orders: 'orders', day: TODAY };
  const measured = measuredSql(base, rfmWindow(settings.method));
  const model = await learnRfm(duck, measured, settings);
  const ranks: Record<string, string> = {};
  if (model.cuts === null) return { model, ranks };
  const query = `SELECT person, rfm_recency, rfm_frequency, rfm_monetary
    FROM ${ranksSql(measured, model.cuts)} ORDER BY person`;
  for (const [person, r, f, m] of await duck.rows(query)) ranks[String(person)] = `${r}${f}${m}`;
  return { model, ranks };
}

it('ranks by fixed limits: up to so many days, from so many orders and so much money on', async () => {
  const { model, ranks } = await ranked(
    {
      new: [[0, 10]],
      at_limits: [
        [15, 25],
        [90, 25],
      ],
      beyond: [
        [16, 17],
        [40, 16],
        [50, 16],
      ],
      loyal: [60, 61, 62, 63, 64, 65].map((daysAgo): Order => [daysAgo, 40]),
      lost: [[91, 199]],
      refused: [
        [1, 500, CANCELLED],
        [90, 10],
      ],
      nobody: [[1, 500, CANCELLED]],
    },
    FIXED,
  );
  expect(ranks).toEqual({
    new: '511',
    at_limits: '523',
    beyond: '432',
    loyal: '355',
    lost: '114',
    refused: '211',
  });
  expect(model.customers).toBe(6);
});

it('ranks by fifths of the base, those of equal numbers alike', async () => {
  // Recency 1..10 days, one order each but for three, and eight of ten spent the same.
  const people = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => {
      const orders: Order[] = [[i + 1, i < 8 ? 70 : 1000 * i]];
      if (i === 2) orders.push([300, 0]);
      return [`p${i}`, orders];
    }),
  );
  const { model, ranks } = await ranked(people, { method: 'quantiles' });
  expect(model.cuts).toEqual({
    windowDays: null,
    recencyDays: [2, 4, 6, 8],
    orders: [1, 1, 1, 1],
    revenueMicros: [70, 70, 70, 70],
  });
  expect(ranks).toEqual({
    p0: '511',
    p1: '511',
    p2: '451',
    p3: '411',
    p4: '311',
    p5: '311',
    p6: '211',
    p7: '211',
    p8: '115',
    p9: '115',
  });
});

it('ranks by equal steps over the last year, without the fiftieth at either end', async () => {
  // 100 people of 1..100 orders' worth; the two lowest and the two highest lie outside of the steps.
  const people = Object.fromEntries(
    Array.from({ length: 100 }, (_, i): [string, Order[]] => {
      const worth = i === 99 ? 1_000_000 : i + 1;
      return [
        `p${String(i).padStart(2, '0')}`,
        [
          [i, worth],
          [400, 5000],
        ],
      ];
    }),
  );
  const { model, ranks } = await ranked(
    { ...people, of_old: [[365, 900]] },
    { method: 'equal_width' },
  );
  // Values 2 to 98 of the year alone: steps of 96 / 5.
  expect(model.cuts).toEqual({
    windowDays: 365,
    recencyDays: [20, 39, 58, 77],
    orders: [1, 1, 1, 1],
    revenueMicros: [21, 40, 59, 78],
  });
  expect(model.customers).toBe(100);
  expect([ranks['p00'], ranks['p20'], ranks['p21'], ranks['p77'], ranks['p99']]).toEqual([
    ...['511', '511', '412', '214', '115'],
  ]);
  expect(ranks['of_old']).toBe(undefined);
});

it('has no cuts where nobody has bought', async () => {
  const { model } = await ranked({ nobody: [[1, 5, CANCELLED]] }, { method: 'quantiles' });
  expect(model).toEqual({ method: 'quantiles', customers: 0, cuts: null });
});

const order = fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 300 }));
const base = fc.array(fc.array(order, { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 25,
});
const method = fc.constantFrom<RfmSettings>(
  FIXED,
  { method: 'quantiles' },
  { method: 'equal_width' },
);

it('never ranks lower who bought later, oftener or for more, and equals alike', async () => {
  await fc.assert(
    fc.asyncProperty(base, method, async (people, settings) => {
      const named = Object.fromEntries(people.map((orders, i) => [`p${i}`, orders]));
      const { ranks, model } = await ranked(named, settings);
      const window = model.cuts?.windowDays ?? Number.POSITIVE_INFINITY;
      const numbers = Object.entries(ranks).map(([person, rank]) => {
        const orders = named[person]!.filter(([daysAgo]) => daysAgo < window);
        const recency = -Math.min(...orders.map(([daysAgo]) => daysAgo));
        const revenue = orders.reduce((sum, [, worth]) => sum + worth, 0);
        return { values: [recency, orders.length, revenue], ranks: [...rank].map(Number) };
      });
      const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const));
      const isFair = ([a, b]: (typeof pairs)[number]) =>
        a.values.every((value, i) => value < b.values[i]! || a.ranks[i]! >= b.ranks[i]!);
      expect(pairs.filter((pair) => !isFair(pair))).toEqual([]);
      expect(numbers.flatMap((one) => one.ranks).every((rank) => rank >= 1 && rank <= 5)).toBe(
        true,
      );
    }),
    { numRuns: 60 },
  );
});
