/** Whatever a rule asks, a preview of it and a build with it take in the same people. */
import { expect, it } from 'vitest';
import type { Aggregate, RowTest } from '../../rules/aggregate.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { compareWith, plainSegment } from '../../rules/segment.contract.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { type ModelSettings, modelSettings } from '../../settings/model-settings.ts';
import { PROFILE_LIMITS } from '../build/facts.ts';
import { AS_OF_MS, at, TestShop } from '../build/test-shop.contract.ts';
import { type Preview, previewSegment } from './preview-segment.ts';

const CUSTOMERS = 40;
/** One who has bought more than a profile carries, of products and of categories. */
const COLLECTOR = 39;
const PRODUCTS = PROFILE_LIMITS.products + 10;
const CATEGORIES = PROFILE_LIMITS.categories + 4;
const EUR = 1_000_000;

const hoursBack = (i: number) => new Date(AS_OF_MS - i * 3_600_000).toISOString();
const STATUSES = ['paid', 'paid', 'in_progress', 'cancelled', 'returned'];
const orders = Array.from({ length: 160 }, (_, i) => {
  const customer = (i * i) % (CUSTOMERS - 3);
  const channel = ['app', 'site', ''][i % 3];
  const head = `o${i},c${customer},${hoursBack((i * 37) % 3000)}`;
  const tail = `${STATUSES[i % STATUSES.length]},${channel}\n`;
  const line = (product: number) => `${head},p${product % PRODUCTS},${5 + (i % 7) * 9},${tail}`;
  return i % 4 === 0 ? line(i) + line(i * 3 + 1) : line(i);
});
const collected = Array.from(
  { length: PRODUCTS },
  (_, p) => `k${p},c${COLLECTOR},${hoursBack(100 + p)},p${p},10,paid,app\n`,
);
const events = Array.from({ length: 300 }, (_, i) => {
  const who = (i * 7) % CUSTOMERS;
  const by = [`c${who},,`, `,cookie-${who},`, `,,o${i % 160}`, ',shared,'][i % 4];
  const product = i % 5 === 0 ? '' : `p${i % PRODUCTS}`;
  return `${hoursBack((i * 11) % 1500)},${by},${['view', 'cart'][(i >> 2) % 2]},${product},${i % 60},${i % 25}\n`;
});

const MAPPING = importMappingSchema.parse({
  orders: {
    columns: {
      ...{ order: 'order', customer: 'customer', time: 'time', product: 'product' },
      unit_price: 'price',
    },
    attributes: { channel: { column: 'channel', type: 'text' } },
    status: { column: 'status' },
  },
  customers: {
    columns: { customer: 'id' },
    attributes: { city: { column: 'city', type: 'text' } },
  },
  devices: { columns: { customer: 'customer', space: 'space', value: 'value' } },
  events: {
    columns: {
      ...{ time: 'time', customer: 'customer', cookie: 'cookie', order: 'order', name: 'name' },
      ...{ product: 'product', value: 'value' },
    },
  },
});

const VALID: RowTest = { on: 'status', statuses: [0, 1] };
const NAMED_CART: RowTest = { on: 'name', texts: ['cart'] };
const isOf = (
  on: 'product' | 'category' | 'brand',
  quantifier: 'any_of' | 'all_of' | 'none_of',
  ...texts: string[]
): RowTest => ({ on, quantifier, texts });
const asked = (
  rows: Aggregate['rows'],
  where: readonly RowTest[],
  rest: Partial<Aggregate> = {},
): Rule => ({
  kind: 'aggregate',
  ...{ rows, where, measure: 'count', window: null, op: 'gte', value: 1, at },
  ...rest,
});
const both = (...of: Rule[]): Rule => ({ kind: 'all', of, at });
const bought = (field: 'products.bought' | 'categories.bought', ...names: string[]): Rule => ({
  ...{ kind: 'has', field, quantifier: 'any_of', names, at },
});
const share = (op: 'gte' | 'lt', name: string, by: 'category' | 'brand' = 'category'): Rule => ({
  ...{ kind: 'affinity', by, expects: { kind: 'share', name, op, sharePpm: 300_000 }, at },
});
const favourite = (quantifier: 'any_of' | 'none_of', ...names: string[]): Rule => ({
  ...{ kind: 'affinity', by: 'category', expects: { kind: 'favourite', quantifier, names }, at },
});
const LAST_30 = { kind: 'last', days: 30, today: 'included', timeZone: 'Europe/Sofia' } as const;
const SINCE = { kind: 'since_last_order', today: 'included', timeZone: 'Europe/Sofia' } as const;
const APP: RowTest = {
  ...{ on: 'attribute', name: 'channel' },
  test: { kind: 'text', quantifier: 'any_of', texts: ['app'] },
};
const DEEP: RowTest = {
  ...{ on: 'attribute', name: 'depth' },
  test: { kind: 'number', op: 'gt', valueMicros: 12 * EUR },
};
const NO_CHANNEL: RowTest = { ...APP, test: { kind: 'missing', missing: true } };

const RULES: Readonly<Record<string, Rule>> = {
  orders: compareWith('orders.count', 'gte', 3),
  no_orders: compareWith('orders.count', 'eq', 0),
  window: compareWith('orders.revenue', 'gte', 30 * EUR, LAST_30),
  product: asked('orders', [VALID, isOf('product', 'any_of', 'p1', 'p4')]),
  all_products: asked('orders', [VALID, isOf('product', 'all_of', 'p4', 'p13')]),
  no_category: asked('orders', [VALID, isOf('category', 'none_of', 'k1', 'k2')], { value: 3 }),
  brand: asked('orders', [VALID, isOf('brand', 'any_of', 'b1')]),
  app: asked('orders', [VALID, APP], { value: 3 }),
  app_or_none: both(asked('orders', [VALID, APP]), asked('orders', [VALID, NO_CHANNEL])),
  two_lines: both(
    asked('orders', [VALID, isOf('category', 'any_of', 'k3')]),
    asked('orders', [VALID, isOf('brand', 'any_of', 'b0', 'b1')]),
  ),
  bought: bought('products.bought', 'p7'),
  bought_long_ago: bought('products.bought', `p${PRODUCTS - 1}`),
  bought_category: bought('categories.bought', 'k1', `k${CATEGORIES - 1}`),
  bought_both: both(bought('products.bought', 'p8', 'p9'), bought('categories.bought', 'k8')),
  city: {
    ...{ kind: 'attribute', name: 'city', at },
    test: { kind: 'text', quantifier: 'none_of', texts: ['Sofia'] },
  },
  events: asked('events', [], { value: 7 }),
  no_events: asked('events', [NAMED_CART], { op: 'eq', value: 0, window: LAST_30 }),
  event_days: asked('events', [], { measure: 'distinct_days', value: 5 }),
  event_since: asked('events', [], { window: SINCE, value: 3 }),
  event_value: asked('events', [NAMED_CART], { measure: 'value', value: 100 * EUR }),
  event_product: asked('events', [isOf('product', 'any_of', 'p1', 'p6')]),
  event_category: asked('events', [isOf('category', 'none_of', 'k1')], { value: 6 }),
  event_depth: asked('events', [DEEP], { value: 4 }),
  two_events: both(
    asked('events', [NAMED_CART, isOf('brand', 'any_of', 'b1')]),
    asked('events', [{ on: 'amount', op: 'gte', micros: 40 * EUR }, DEEP]),
  ),
  recency: { kind: 'score', field: 'rfm.recency', expects: values(4, 5), at },
  ranks: both(
    { kind: 'score', field: 'rfm.monetary', expects: values(1, 3, 4, 5), at },
    { kind: 'score', field: 'rfm.score', expects: { ...values(555), quantifier: 'none_of' }, at },
  ),
  share: share('gte', 'k1'),
  little: share('lt', 'k1'),
  brand_share: share('gte', 'b1', 'brand'),
  favourite: favourite('any_of', 'k1', 'k2', 'k3', 'k4'),
  other_favourite: favourite('none_of', 'k1', 'k2'),
};

function values(...numbers: number[]) {
  return { kind: 'list', quantifier: 'any_of', values: numbers } as const;
}

const FEED = `id,title,price,link,image_link,product_type,availability,brand\n${Array.from(
  { length: PRODUCTS },
  (_, p) => {
    const of = `${p === 5 ? '' : `k${p % CATEGORIES}`},in stock,${p % 4 === 3 ? '' : `b${p % 4}`}`;
    return `p${p},T,9 EUR,https://s.test/${p},https://s.test/i,${of}\n`;
  },
).join('')}`;

it.each([
  ['quantiles', Object.keys(RULES)],
  ['equal_width', ['recency', 'ranks']],
] as const)(
  'takes in whom a build takes in, whether or not the one that serves asked (%s)',
  async (method, names) => {
    await using shop = await TestShop.open();
    await importAll(shop);
    const models = { ...modelSettings({ rfm: { method } }), asked: { rfm: false, clv: false } };
    const feed = shop.write('feed.csv', FEED);
    const segments = names.map((name) => plainSegment(name, RULES[name]!));
    const before = await shop.build({ feed, segments: [], models });
    const tried = new Map<string, Preview>();
    for (const segment of segments) {
      tried.set(
        segment.segment,
        await preview(shop, { generation: before.generation, segment, models, served: [] }),
      );
    }
    const built = await shop.build({ feed, segments, models, customersPerBucket: 11 });
    for (const { segment, members } of built.segments) {
      expect(tried.get(segment)!.members, segment).toBe(members);
      // A condition that holds for all or for nobody would prove little.
      expect(members > 0 && members < CUSTOMERS, `${segment}: ${members}`).toBe(true);
    }
    const sizes = Object.fromEntries(
      built.segments.map(({ segment, members }) => [segment, members]),
    );
    for (const segment of segments) {
      const shown = await preview(shop, {
        generation: built.generation,
        segment,
        models,
        served: segments,
      });
      expect(shown, segment.segment).toMatchObject({
        entering: { count: 0 },
        leaving: { count: 0 },
      });
      // More of them than one mask has bits for.
      expect(
        Object.fromEntries(shown.overlaps.map(({ segment: of, members }) => [of, members])),
      ).toEqual(sizes);
    }
  },
);

function preview(
  shop: TestShop,
  {
    generation,
    segment,
    models,
    served,
  }: {
    readonly generation: string;
    readonly segment: Segment;
    readonly models: ModelSettings;
    readonly served: readonly Segment[];
  },
): Promise<Preview> {
  const { dir, timeZone, currency, memoryMb, threads } = shop.request();
  return previewSegment({
    ...{ dir, shop: 'test', segment, segments: [segment], models, currency, memoryMb, threads },
    serving: { generation, asOfMs: AS_OF_MS, timeZone, segments: served },
  });
}

async function importAll(shop: TestShop): Promise<void> {
  const people = Array.from({ length: CUSTOMERS }, (_, i) => i);
  const devices = people.map((i) => `c${i},cookie,cookie-${i}\nc${i},cookie,shared\n`);
  await shop.import(
    {
      orders: `order,customer,time,product,price,status,channel\n${[...orders, ...collected].join('')}`,
      customers: `id,city\n${people.map((i) => `c${i},${['Sofia', 'Varna', ''][i % 3]}\n`).join('')}`,
      devices: `customer,space,value\n${devices.join('')}`,
      events: `time,customer,cookie,order,name,product,value,depth\n${events.join('')}`,
    },
    MAPPING,
  );
}
