import { expect, it } from 'vitest';
import { compareWith, plainSegment } from '../rules/segment.contract.ts';
import type { BrokenFile } from '../rules/sound-segments.ts';
import { at, TestShop } from '../segmenter/build/test-shop.contract.ts';
import type { Campaign, ShopSettings } from '../settings/workspace.ts';
import { StaleSegments } from './stale-segments.ts';

const buyers = plainSegment('buyers', compareWith('orders.count', 'gte', 1), {
  at: { ...at, file: 'segments/buyers.yaml' },
});
const broken: readonly BrokenFile[] = ['buyers', 'new'].map((name) => ({
  file: `segments/${name}.yaml`,
  segment: name,
  error: `segments/${name}.yaml:3:1  expected a rule`,
}));
const workspace = {
  shops: [{ shop: 'test' } as ShopSettings],
  campaigns: [
    { shop: 'test', campaign: 'spring', anyOf: [], noneOf: ['new'] },
    { shop: 'other', campaign: 'summer', anyOf: ['new'], noneOf: [] },
  ] as unknown as Campaign[],
};

it('counts what is stale and left out in whatever serves, and tells of each once', async () => {
  await using shop = await TestShop.open();
  const told: string[] = [];
  const counts: number[][] = [];
  const watch = new StaleSegments({
    store: shop.store,
    log: { warn: (message) => told.push(message) },
    counted: (stale, leftOut) => counts.push([stale, leftOut]),
  });
  await watch.look(workspace);
  await shop.import({
    orders: 'order,customer,time,product,quantity,price,status\n1,anna,2026-11-20,p1,1,10,paid\n',
  });
  await shop.build({ segments: [buyers] });
  await watch.look(workspace);
  expect(told).toEqual([]);
  await shop.build({ segments: [], broken });
  await watch.look(workspace);
  await watch.look(workspace);
  await shop.build({ segments: [], broken, timeZone: 'UTC' });
  await watch.look(workspace);
  expect(told).toEqual([
    'segment buyers serves as it was at 2026-11-22T12:00:00.000Z: segments/buyers.yaml:3:1  expected a rule',
    'new is left out: segments/new.yaml:3:1  expected a rule',
    'campaign spring does not bid: new, whose people it is to leave out, is left out itself',
  ]);
  await shop.build({ segments: [buyers] });
  await watch.look(workspace);
  expect(counts).toEqual([
    [0, 0],
    [0, 0],
    [1, 1],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
});
