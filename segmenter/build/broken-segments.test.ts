import { afterEach, beforeEach, expect, it } from 'vitest';
import { MANIFEST_BLOB, type Manifest } from '../../rules/manifest.ts';
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
