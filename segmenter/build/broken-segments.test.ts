import { afterEach, beforeEach, expect, it } from 'vitest';
import { customerFacts } from '../../rules/facts.ts';
import { MANIFEST_BLOB, type Manifest } from '../../rules/manifest.ts';
import { compileSegments, matchSegments } from '../../rules/memberships.ts';
import type { Segment } from '../../rules/rule.ts';
import { compareWith, plainSegment } from '../../rules/segment.contract.ts';
import type { BrokenFile } from '../../rules/sound-segments.ts';
import { AS_OF_MS, at, TestShop } from './test-shop.contract.ts';

const ORDERS = `order,customer,time,product,quantity,price,status
1,anna,2026-11-20,p1,1,10,paid
2,anna,2026-11-19,p1,1,10,paid
3,boris,2026-11-20,p1,1,10,paid
`;
const HOUR_MS = 3_600_000;
/** Overflows where somebody has a cycle of years. */
const overflowing = (name: string): Segment => ({
  ...buyers(name, 2),
  rule: {
    ...{ kind: 'compare', field: 'orders.last_days', window: null, op: 'gte', at },
    operand: { kind: 'cycle', timesThousandths: Number.MAX_SAFE_INTEGER, minHalfDays: 0 },
  },
});
const buyers = (name: string, least: number): Segment =>
  plainSegment(name, compareWith('orders.count', 'gte', least), {
    at: { ...at, file: `segments/${name}.yaml` },
  });
const broken = (name: string): BrokenFile => ({
  file: `segments/${name}.yaml`,
  segment: null,
  error: `segments/${name}.yaml:3:1  expected a rule`,
});
let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
  await shop.import({ orders: ORDERS });
});
afterEach(() => shop[Symbol.asyncDispose]());

it('builds a broken segment from its last good definition, over the data of today', async () => {
  await shop.build({ segments: [buyers('loyal', 2), buyers('other', 1)] });
  await shop.import({ orders: `${ORDERS}4,boris,2026-11-21,p1,1,10,paid\n` });
  const request = { segments: [buyers('other', 3)], broken: [broken('loyal'), broken('new')] };
  const next = await shop.build({ ...request, asOfMs: AS_OF_MS + HOUR_MS });
  const stale = { sinceMs: AS_OF_MS, error: 'segments/loyal.yaml:3:1  expected a rule' };
  expect(next.segments).toMatchObject([
    { segment: 'loyal', members: 2, entered: 1, left: 0, stale },
    { segment: 'other', members: 0, entered: 0, left: 2, stale: null },
  ]);
  expect(next.leftOut).toEqual([broken('new')]);
  const manifest = await shop.blob<Manifest>(next.generation, MANIFEST_BLOB);
  expect(manifest.segments[0]!.stale).toEqual(stale);
  expect(manifest.leftOut).toEqual([broken('new')]);
  expect(await shop.build({ ...request, asOfMs: AS_OF_MS + HOUR_MS })).toMatchObject({
    unchanged: true,
    segments: [{ stale }, { stale: null }],
    leftOut: [{ file: 'segments/new.yaml' }],
  });
  const mended = await shop.build({ segments: [buyers('loyal', 3), buyers('other', 3)] });
  expect(mended.segments).toMatchObject([{ segment: 'loyal', members: 0, stale: null }, {}]);
});

it('lets the people of a segment leave whose file is gone', async () => {
  await shop.build({ segments: [buyers('loyal', 2), buyers('other', 1)] });
  const next = await shop.build({ segments: [buyers('other', 1)], broken: [broken('another')] });
  expect(next.segments.map(({ segment }) => segment)).toEqual(['other']);
  expect(next.leftOut).toHaveLength(1);
});

it('keeps the members of a segment whose SQL fails, in profiles and for live facts, and tries again', async () => {
  const refers = plainSegment('refers', { kind: 'segment', segment: 'loyal', at });
  await shop.build({ segments: [buyers('loyal', 2), buyers('other', 1), refers] });
  const years = ['2010-01-01', '2016-01-01', '2022-01-01'].map(
    (day, i) => `${i + 9},vera,${day},p1,1,1,paid\n`,
  );
  await shop.import({ orders: ORDERS + years.join('') });
  const segments = [overflowing('loyal'), buyers('other', 1), overflowing('new'), refers];
  const next = await shop.build({ segments, asOfMs: AS_OF_MS + HOUR_MS });
  expect(next.segments).toMatchObject([
    { segment: 'loyal', members: 1, entered: 0, left: 0, stale: { sinceMs: AS_OF_MS } },
    { segment: 'other', members: 3, stale: null },
    { segment: 'refers', members: 1, stale: null },
  ]);
  expect(next.segments[0]!.stale!.error).toMatch(
    /loyal.yaml:1:1 {2}could not be computed: Out of Range Error/,
  );
  expect(next.leftOut).toEqual([
    { file: 'segments/new.yaml', segment: 'new', error: expect.stringContaining('Out of Range') },
  ]);
  const { segments: published } = await shop.blob<Manifest>(next.generation, MANIFEST_BLOB);
  const rules = compileSegments(published);
  const asOf = { day: 20_779, shopCycleHalfDays: 60 };
  for (const [customer, expected] of Object.entries({ anna: 2, vera: 0 })) {
    const { conditions: built } = await shop.profileOf(next.generation, customer);
    const nothing = { orders: [], cycleHalfDays: null, products: [], categories: [], built };
    const matched = new Set<string>();
    matchSegments(rules, customerFacts(nothing, asOf, matched), matched);
    expect([...matched]).toHaveLength(expected);
  }
  const later = await shop.build({
    segments: segments.slice(1),
    broken: [broken('loyal')],
    asOfMs: AS_OF_MS + 2 * HOUR_MS,
  });
  expect(later.segments[0]).toMatchObject({
    segment: 'loyal',
    members: 1,
    stale: { sinceMs: AS_OF_MS },
  });
  const mended = await shop.build({
    segments: [buyers('loyal', 1)],
    asOfMs: AS_OF_MS + 3 * HOUR_MS,
  });
  expect(mended.segments).toMatchObject([{ members: 3, stale: null }]);
});
