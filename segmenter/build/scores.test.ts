import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import type { ScoreField, ScoreTest } from '../../rules/score.ts';
import { plainSegment } from '../../rules/segment.contract.ts';
import { modelSettings } from '../../settings/model-settings.ts';
import { Duck } from '../duck.ts';
import { previewSegment } from '../preview/preview-segment.ts';
import { shopFiles } from '../shop-data.ts';
import { buildGeneration } from './build-generation.ts';
import type { BuildResult } from './build-request.ts';
import { keptTable, readKept } from './kept-generation.ts';
import { AS_OF_MS, at, key, TestShop } from './test-shop.contract.ts';

const DAY_MS = 86_400_000;
const HEADER = 'order,customer,time,product,quantity,price,status\n';
const CLV = modelSettings({
  rfm: { method: 'quantiles' },
  clv: { model: 'bg_nbd', horizon: 12, discount: 0.01 },
});

function scored(name: string, field: ScoreField, expects: ScoreTest): Segment {
  return plainSegment(name, { kind: 'score', field, expects, at });
}
const atLeast = (value: number) => ({ kind: 'compare', op: 'gte', value }) as const;
const SEGMENTS = [
  scored('recent', 'rfm.recency', atLeast(4)),
  scored('alive', 'clv.p_alive', atLeast(500_000)),
  scored('valued', 'clv.value', atLeast(1)),
  scored('top', 'clv.decile', { kind: 'list', quantifier: 'any_of', values: [10] }),
];

/** Customers who buy at rates of their own and leave after an order by a chance of their own (BG/NBD). */
function manyOrders(customers: number, seed: number): string {
  const random = seededRandom(seed);
  const rows: string[] = [];
  for (let c = 0; c < customers; c++) {
    const bornDaysAgo = 100 + random.below(600);
    const everyDays = 20 + 150 * random.exponential();
    const leaves = random.next() ** 2;
    const spend = 10 + 60 * random.exponential();
    let daysAgo = bornDaysAgo;
    do {
      const time = new Date(AS_OF_MS - daysAgo * DAY_MS).toISOString();
      const price = (spend * (0.6 + random.next())).toFixed(2);
      rows.push(`${rows.length},c${c},${time},p1,1,${price},paid\n`);
      daysAgo -= Math.ceil(everyDays * random.exponential());
    } while (daysAgo > 0 && !random.chance(leaves));
  }
  return HEADER + rows.join('');
}

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop[Symbol.asyncDispose]());

async function rowsOf({ generation }: BuildResult, sql: (scores: string) => string) {
  const files = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 128, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  return await duck.rows(sql(keptTable(files, readKept(files, generation)!, 'scores')));
}

const members = ({ segments }: BuildResult) =>
  Object.fromEntries(segments.map((one) => [one.segment, one.members]));

describe('a build of a shop with enough customers', () => {
  let built: BuildResult;
  beforeAll(async () => {
    await shop.import({ orders: manyOrders(2000, 7) });
    built = await shop.build({ segments: SEGMENTS, models: CLV });
  }, 60_000);

  it('foretells every customer, and says beside it how the model did on what it had not seen', async () => {
    const fit = built.models!.clv!.fit!;
    expect([fit.purchases.fit.kind, fit.spend.kind]).toEqual(['fitted', 'fitted']);
    const { days, report } = fit.holdout!;
    expect(days).toBe(349);
    assert(report !== null);
    expect(report.customers).toBeGreaterThan(500);
    expect(report.expected / report.actual).toBeGreaterThan(0.7);
    expect(report.expected / report.actual).toBeLessThan(1.3);
    expect(report.mae).toBeLessThan(report.ownRateMae);
    expect(report.byDecile).toHaveLength(10);
    const [row] = await rowsOf(
      built,
      (
        scores,
      ) => `SELECT count(*), count(clv_value_micros), min(clv_p_alive_ppm), max(clv_p_alive_ppm),
        count(DISTINCT clv_decile), count(*) FILTER (clv_expected_millionths < 0) FROM ${scores}`,
    );
    expect(row!.map(Number)).toEqual([2000, 2000, expect.any(Number), 1_000_000, 10, 0]);
    expect(Number(row![2])).toBeLessThan(100_000);
  });

  it('puts a tenth of them into each tenth, the highest value into the tenth one', async () => {
    const rows = await rowsOf(
      built,
      (scores) => `SELECT clv_decile, count(*), min(clv_value_micros), max(clv_value_micros)
        FROM ${scores} GROUP BY clv_decile ORDER BY clv_decile`,
    );
    const tenths = rows.map((row) => row.map(Number));
    expect(tenths.map(([decile]) => decile)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const [, customers] of tenths) expect(Math.abs(customers! - 200)).toBeLessThanOrEqual(2);
    const overlaps = tenths.slice(1).filter(([, , low], i) => low! <= tenths[i]![3]!);
    expect(overlaps).toEqual([]);
    expect(members(built)['top']).toBe(tenths[9]![1]);
    expect(members(built)['valued']).toBe(2000);
  });

  it('scores alike whatever the number of buckets', async () => {
    const all = (scores: string) => `FROM ${scores} ORDER BY person`;
    const asOfMs = AS_OF_MS + 1000;
    const parts = await shop.build({
      ...{ segments: SEGMENTS, models: CLV, asOfMs, customersPerBucket: 300 },
    });
    expect(await rowsOf(parts, all)).toEqual(await rowsOf(built, all));
    expect(members(parts)).toEqual(members(built));
  });

  it('keeps a fit while the data is the same and it is not a week old', async () => {
    const later = async (days: number) => {
      const asOfMs = AS_OF_MS + days * DAY_MS;
      const { models } = await shop.build({ segments: SEGMENTS, models: CLV, asOfMs });
      return models!.clv!;
    };
    const first = built.models!.clv!;
    expect(await later(6)).toEqual(first);
    expect((await later(7)).day).toBe(first.day + 7);
    await shop.import({ orders: `${HEADER}new,c1,2026-11-21T10:00:00Z,p1,1,9,paid\n` });
    expect((await later(8)).day).toBe(first.day + 8);
  });

  it('lets a previewed rule ask for ranks beside the lifetime values that were kept', async () => {
    const tenth = SEGMENTS.slice(3);
    const asOfMs = AS_OF_MS + 3000;
    const kept = await shop.build({ segments: tenth, models: modelSettings({}), asOfMs });
    expect(kept.models!.rfm).toBe(null);
    const both: Rule = { kind: 'all', of: [SEGMENTS[0]!.rule, SEGMENTS[3]!.rule], at };
    const segment = plainSegment('both', both);
    const { generation } = kept;
    const { dir, timeZone, models, currency, feed, memoryMb, threads } = shop.request();
    const serving = { generation, asOfMs, timeZone, segments: tenth };
    const asked = { dir, shop: 'test', models, currency, feed, memoryMb, threads, serving };
    const { members } = await previewSegment({ ...asked, segment, segments: [segment] });
    expect(members).toBeGreaterThan(20);
    expect(members).toBeLessThan(kept.segments[0]!.members);
  });

  it('computes what a rule asks for, and nothing that nobody asks for', async () => {
    const request = { models: modelSettings({}), asOfMs: AS_OF_MS + 2000 };
    const none = await shop.build({ ...request, segments: [] });
    expect([none.models!.rfm, none.models!.clv]).toEqual([null, null]);
    const ranks = await shop.build({ ...request, segments: SEGMENTS.slice(0, 1) });
    expect([ranks.models!.rfm?.method, ranks.models!.clv]).toEqual(['quantiles', null]);
    expect(members(ranks)['recent']).toBeGreaterThan(700);
  });
});

it('ends a fit with its build, and the next one fits again', async () => {
  await using small = await TestShop.open();
  await small.import({ orders: manyOrders(30, 9) });
  const stop = new AbortController();
  const fitLifetime = (_: unknown, stopped?: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      stopped!.addEventListener('abort', () => reject(stopped!.reason));
      stop.abort();
    });
  const { generations, syncs } = small.store;
  const services = { generations, syncs, people: small.store, key, clock: systemClock };
  const request = small.request({ segments: SEGMENTS, models: CLV });
  const ports = { ...services, progress: () => {}, fitLifetime, stop: stop.signal };
  await expect(buildGeneration(request, ports)).rejects.toThrow('stopped while learning models');
  const again = await small.build({ segments: SEGMENTS, models: CLV });
  expect([again.resumed, again.models!.clv!.customers]).toEqual([true, 30]);
});

it('says why there is no lifetime value of too few customers; their ranks stay', async () => {
  await using small = await TestShop.open();
  await small.import({ orders: manyOrders(60, 8) });
  const { models, segments } = await small.build({ segments: SEGMENTS, models: CLV });
  const fit = models!.clv!.fit!;
  expect(fit.purchases.fit).toMatchObject({ kind: 'too-little-data', needed: 300 });
  expect([fit.decileCuts, fit.holdout!.report]).toEqual([null, null]);
  const sizes = Object.fromEntries(segments.map((one) => [one.segment, one.members]));
  expect(sizes).toMatchObject({ alive: 0, valued: 0, top: 0 });
  expect(sizes['recent']).toBeGreaterThan(10);
});

it('builds a shop without a single order, and previews ranks of it', async () => {
  await using empty = await TestShop.open();
  await empty.import({ customers: 'id,email\nvera,\n' });
  const { generation } = await empty.build({ segments: [] });
  const { dir, timeZone, models: settings, currency, memoryMb, threads } = empty.request();
  const serving = { generation, asOfMs: AS_OF_MS, timeZone, segments: [] };
  const asked = { dir, shop: 'test', models: settings, currency, memoryMb, threads, serving };
  const [segment] = SEGMENTS;
  const shown = await previewSegment({ ...asked, segment: segment!, segments: [segment!] });
  expect(shown).toMatchObject({ customers: 1, members: 0 });
  const { models } = await empty.build({ segments: SEGMENTS, models: CLV });
  expect([models!.rfm!.cuts, models!.clv!.fit]).toEqual([null, null]);
});
