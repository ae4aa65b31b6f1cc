import { expect, it } from 'vitest';
import { TestShop } from '../build/test-shop.contract.ts';
import { segmentOverlaps } from './overlaps.ts';

it('counts whom each two segments have in common', async () => {
  await using shop = await TestShop.open();
  await shop.import({
    orders: `order,customer,time,product,quantity,price,status
1,anna,2026-11-12T10:00,p1,2,60,paid
2,boris,2026-01-05,p2,1,20,paid
`,
    customers: 'id,email\nvera,v@x.example\n',
  });
  const { generation } = await shop.build();
  const { dir, segments, memoryMb, threads } = shop.request();
  const asked = { dir, shop: 'test', generation, segments, memoryMb, threads };
  const overlaps = await segmentOverlaps(asked);
  expect(overlaps.customers).toBe(3);
  const place = (name: string) => segments.findIndex(({ segment }) => segment === name);
  const existing = overlaps.segments[place('existing')]!;
  expect(existing.members).toBe(2);
  expect(existing.with[place('high_aov')]).toBe(1);
  expect(existing.with[place('new')]).toBe(0);
  expect(existing.with[place('existing')]).toBe(2);
  overlaps.segments.forEach((row, a) => {
    expect(row.with).toHaveLength(segments.length);
    row.with.forEach((both, b) => {
      expect(overlaps.segments[b]!.with[a]).toBe(both);
    });
  });
  await expect(segmentOverlaps({ ...asked, generation: 'other' })).rejects.toThrow(/kept no facts/);
});
