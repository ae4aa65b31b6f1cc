import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RowTest } from '../../rules/aggregate.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { compareWith, plainSegment } from '../../rules/segment.contract.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, SEGMENTS, TestShop } from '../build/test-shop.contract.ts';
import { type Preview, previewSegment } from './preview-segment.ts';

const at = { file: 'tried.yaml', line: 2, column: 1 };
const count = (op: 'gte' | 'eq', value: number) => compareWith('orders.count', op, value);
const bought: Rule = {
  kind: 'has',
  field: 'products.bought',
  quantifier: 'any_of',
  names: ['p2'],
  at,
};
const ORDERS = `order,customer,time,product,quantity,price,status
1,anna,2026-11-12T10:00,p1,2,10.50,paid
2,anna,2026-10-01,p3,1,4,paid
3,boris,2026-01-05 23:30,p2,1,80.00,paid
`;

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

async function preview(segment: Segment, others = SEGMENTS): Promise<Preview> {
  const { generation } = (await shop.store.generations.serving('test'))!;
  const { dir, timeZone, segments, models, currency, memoryMb, threads } = shop.request({
    segments: others,
  });
  const serving = { generation, asOfMs: AS_OF_MS, timeZone, segments };
  return previewSegment({
    dir,
    shop: 'test',
    segment,
    segments: [...segments.filter((other) => other.segment !== segment.segment), segment],
    models,
    serving,
    currency,
    memoryMb,
    threads,
  });
}

describe('a preview', () => {
  beforeEach(async () => {
    await shop.import({ orders: ORDERS, customers: 'id,email\nvera,v@x.example\n' });
    await shop.build();
  });

  it('counts members, their money, and who else they are', async () => {
    const shown = await preview(plainSegment('loyal', count('gte', 2)));
    expect(shown).toMatchObject({
      segment: 'loyal',
      customers: 3,
      members: 1,
      revenueMicros: 25_000_000,
      revenueOfAllMicros: 105_000_000,
      aovMicros: 12_500_000,
      importedSince: false,
      entering: null,
      leaving: null,
    });
    expect(shown.sample).toEqual([
      { customer: 'anna', orders: 2, revenueMicros: 25_000_000, lastOrderDaysAgo: 10 },
    ]);
    expect(shown.overlaps).toHaveLength(shop.request().segments.length);
    expect(shown.overlaps).toContainEqual({ segment: 'existing', members: 2, both: 1 });
    expect(shown.overlaps).toContainEqual({ segment: 'new', members: 1, both: 0 });
  });

  it('ranks people where no rule of the build asked for ranks, and refuses lifetime values', async () => {
    const most = { kind: 'list', quantifier: 'any_of', values: [5, 4] } as const;
    const rank: Rule = { kind: 'score', field: 'rfm.recency', expects: most, at };
    expect((await preview(plainSegment('recent', rank))).sample).toMatchObject([
      { customer: 'anna' },
    ]);
    const value: Rule = { kind: 'score', field: 'clv.value', expects: most, at };
    await expect(preview(plainSegment('valued', value))).rejects.toThrow(
      'the rule asks for lifetime values, and none were fitted: say clv: {} in shop.yaml; run rekindle segment test first',
    );
  });

  it('tells who enters and who leaves the segment of that name', async () => {
    const { entering, leaving } = await preview(plainSegment('new', count('gte', 2)));
    expect(entering).toMatchObject({ count: 1, sample: [{ customer: 'anna' }] });
    expect(leaving).toEqual({
      count: 1,
      sample: [{ customer: 'vera', orders: 0, revenueMicros: 0, lastOrderDaysAgo: null }],
    });
    expect(await preview(plainSegment('new', count('eq', 0)))).toMatchObject({
      entering: { count: 0, sample: [] },
      leaving: { count: 0, sample: [] },
    });
  });

  it('reads what a rule says of other segments from those the shop has now', async () => {
    const rule: Rule = { kind: 'segment', segment: 'new', at };
    const { members, sample } = await preview(plainSegment('also_new', rule));
    expect([members, sample[0]!.customer]).toEqual([1, 'vera']);
  });

  it('takes in those who stay, as long as the rule is the one they came in by', async () => {
    const staying = (rule: Rule) =>
      plainSegment('stay', { kind: 'stays', segment: 'stay', days: 30, of: [rule], at });
    const served = [staying(count('gte', 1))];
    await shop.build({ segments: served });
    await shop.import({ orders: ORDERS.replaceAll(',paid', ',returned') });
    await shop.build({ segments: served, asOfMs: AS_OF_MS + 86_400_000 });
    const same = await preview(served[0]!, served);
    expect(same).toMatchObject({ members: 2, staying: 2, entering: { count: 0 } });
    const edited = await preview(staying(count('gte', 2)), served);
    expect(edited).toMatchObject({ members: 0, staying: 0, leaving: { count: 2 } });
  });

  it('has no average of nobody', async () =>
    expect(await preview(plainSegment('nobody', count('gte', 9)))).toMatchObject({
      members: 0,
      revenueMicros: 0,
      aovMicros: null,
      sample: [],
    }));

  it('knows what was bought, until the lines are of another import', async () => {
    const { members, sample } = await preview(plainSegment('p2', bought));
    expect([members, sample[0]!.customer]).toEqual([1, 'boris']);
    await shop.import({ orders: `${ORDERS}4,vera,2026-11-20,p2,1,1,paid\n` });
    expect(await preview(plainSegment('loyal', count('gte', 1)))).toMatchObject({
      members: 2,
      importedSince: true,
    });
    await expect(preview(plainSegment('p2', bought))).rejects.toThrow(/imported since/);
  });

  it('is refused where the build that serves has kept nothing, or not what is asked', async () => {
    const folder = join(shop.dir, 'data/test/generations');
    for (const generation of readdirSync(folder)) rmSync(join(folder, generation, 'goods.parquet'));
    await expect(preview(plainSegment('p2', bought))).rejects.toThrow(
      /asks for goods, .* has not kept .*; run rekindle segment test first/,
    );
    rmSync(folder, { recursive: true });
    await expect(preview(plainSegment('x', count('gte', 1)))).rejects.toThrow(
      /rekindle segment test first/,
    );
  });
});

it('is kept for the generation that serves and the one before it', async () => {
  await shop.import({ orders: ORDERS, customers: 'id,email\nvera,v@x.example\n' });
  const generations: string[] = [];
  for (let day = 0; day < 4; day++) {
    generations.push((await shop.build({ asOfMs: AS_OF_MS + day * 86_400_000 })).generation);
  }
  const folder = join(shop.dir, 'data/test/generations');
  expect(readdirSync(folder).sort()).toEqual(generations.slice(-2).sort());
  await shop.store.generations.rollback('test');
  const { generation } = (await shop.store.generations.serving('test'))!;
  expect(existsSync(join(folder, generation, 'kept.json'))).toBe(true);
  expect((await preview(plainSegment('loyal', count('gte', 2)))).members).toBe(1);
});

describe('a preview of a rule on orders and events', () => {
  const mapping = importMappingSchema.parse({
    orders: {
      columns: {
        ...{ order: 'order', customer: 'customer', time: 'time', product: 'product' },
        ...{ quantity: 'quantity', unit_price: 'price' },
      },
      status: { column: 'status' },
    },
    customers: { columns: { customer: 'id' } },
    events: { columns: { time: 'time', customer: 'customer', name: 'name', product: 'product' } },
  });
  const EVENTS = `time,customer,name,product
2026-11-20T10:00,anna,view,p2
2026-11-21T10:00,boris,view,p9
2026-11-23T10:00,vera,view,p2
`;
  const viewed = (...tests: RowTest[]): Rule => ({
    ...{ kind: 'aggregate', rows: 'events', measure: 'count', op: 'gte', value: 1, at },
    ...{ window: null, where: [{ on: 'name', texts: ['view'] }, ...tests] },
  });
  const p2: RowTest = { on: 'product', quantifier: 'any_of', texts: ['p2'] };
  const ordered: Rule = {
    ...(viewed(p2) as Rule & { kind: 'aggregate' }),
    rows: 'orders',
    where: [p2],
  };

  it('reads what was imported, though no rule of the build asked for it', async () => {
    await shop.import({ orders: ORDERS, customers: 'id\nvera\n', events: EVENTS }, mapping);
    await shop.build();
    const namesOf = async (rule: Rule) =>
      (await preview(plainSegment('tried', rule))).sample.map(({ customer }) => customer).sort();
    expect(await namesOf(viewed())).toEqual(['anna', 'boris']);
    expect(await namesOf(viewed(p2))).toEqual(['anna']);
    expect(await namesOf(ordered)).toEqual(['boris']);
    await shop.import({ orders: ORDERS.replace('1,anna', '9,vera') }, mapping);
    expect(await namesOf(viewed())).toEqual(['anna', 'boris']);
    await expect(namesOf(ordered)).rejects.toThrow(/imported since/);
  });
});

it('needs nothing for the rules of segments that it does not refer to', async () => {
  await shop.import({ orders: ORDERS });
  const refers: Rule = { kind: 'segment', segment: 'p2', at };
  const segments = [plainSegment('p2', bought), plainSegment('refers', refers)];
  await shop.build({ segments });
  await shop.import({ orders: `${ORDERS}4,vera,2026-11-20,p2,1,1,paid\n` });
  const shown = await preview(plainSegment('loyal', count('gte', 1)), segments);
  expect(shown.members).toBe(2);
});
