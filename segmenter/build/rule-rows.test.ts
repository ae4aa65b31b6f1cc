import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Aggregate, GOODS, Quantifier, RowTest } from '../../rules/aggregate.ts';
import type { AttributeTest, AttributeValue } from '../../rules/attribute.ts';
import { type Customer, isValid, STATUS, type StatusGroup } from '../../rules/customer.ts';
import { customerFacts, ownCycleHalfDays } from '../../rules/facts.ts';
import { buildZone, localDay } from '../../rules/local-day.ts';
import { MANIFEST_BLOB, type Manifest } from '../../rules/manifest.ts';
import { compileSegments, matchSegments } from '../../rules/memberships.ts';
import type { Segment } from '../../rules/rule.ts';
import { plainSegment } from '../../rules/segment.contract.ts';
import type { Window } from '../../rules/window.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { factsAsBuilt } from '../preview/person-facts.ts';
import { AS_OF_MS, at, TestShop } from './test-shop.contract.ts';

const CUSTOMERS = 24;
/** Of them so many are asked for by what an explanation shows. */
const EXPLAINED = 3;
const ZONE = buildZone('Europe/Sofia', Date.UTC(2020, 0, 1), AS_OF_MS);
/** p4 is in no feed, p5 was never sold. */
type Texts = Readonly<Record<string, string>>;
const CATEGORIES: Texts = { p1: 'tea', p2: 'cups', p3: 'tea', p5: 'tea' };
const BRANDS: Texts = { p1: 'Acme', p3: 'Teaman', p5: 'Acme' };
const FEED = `id,title,price,link,image_link,product_type,availability,brand\n${Object.keys(
  CATEGORIES,
)
  .map((id) => {
    const of = `${CATEGORIES[id]},in stock,${BRANDS[id] ?? ''}`;
    return `${id},T,9 EUR,https://s.test/${id},https://s.test/i,${of}\n`;
  })
  .join('')}`;
const MAPPING = importMappingSchema.parse({
  orders: {
    columns: {
      ...{ order: 'order', customer: 'customer', time: 'time', product: 'product' },
      ...{ quantity: 'quantity', unit_price: 'price', kept_quantity: 'kept' },
    },
    attributes: { channel: { column: 'channel', type: 'text' } },
    status: { column: 'status' },
  },
  customers: { columns: { customer: 'id' } },
  devices: { columns: { customer: 'customer', space: 'space', value: 'value' } },
  events: {
    columns: {
      ...{ time: 'time', customer: 'customer', cookie: 'cookie', order: 'order', name: 'name' },
      ...{ product: 'product', value: 'value', currency: 'currency' },
    },
  },
});

const hoursAgo = fc.integer({ min: -30, max: 2400 });
const order = fc.record({
  customer: fc.integer({ min: 0, max: CUSTOMERS - 1 }),
  hoursAgo,
  products: fc.uniqueArray(fc.constantFrom('p1', 'p2', 'p3', 'p4'), { minLength: 1, maxLength: 2 }),
  kept: fc.constantFrom(0, 1, 1, 1),
  price: fc.integer({ min: 0, max: 90 }),
  status: fc.constantFrom<StatusGroup>('paid', 'paid', 'in_progress', 'cancelled', 'returned'),
  channel: fc.constantFrom('app', 'web', ''),
});
const event = fc.record({
  who: fc.integer({ min: 0, max: CUSTOMERS - 1 }),
  /** By what they are known; the cookie of several is nobody's. */
  by: fc.constantFrom('customer', 'cookie', 'both', 'shared', 'order', 'stranger'),
  hoursAgo,
  name: fc.constantFrom('view', 'cart'),
  product: fc.constantFrom('p1', 'p2', 'p4', 'p5', ''),
  value: fc.integer({ min: 0, max: 60 }),
  currency: fc.constantFrom('', 'EUR', 'USD'),
  depth: fc.constantFrom('', '3', '12.5', 'deep', '2026-11-20'),
});
type Orders = (typeof order extends fc.Arbitrary<infer T> ? T : never)[];
type Events = (typeof event extends fc.Arbitrary<infer T> ? T : never)[];

const VALID: RowTest = { on: 'status', statuses: [STATUS.inProgress, STATUS.paid] };
const PAID: RowTest = { on: 'status', statuses: [STATUS.paid] };
const REFUSED: RowTest = { on: 'status', statuses: [STATUS.cancelled, STATUS.returned] };
const LAST_30: Window = { kind: 'last', days: 30, today: 'included', timeZone: 'Europe/Sofia' };
const SINCE: Window = { kind: 'since_last_order', today: 'included', timeZone: 'Europe/Sofia' };
const goods = (
  on: (typeof GOODS)[number],
  quantifier: Quantifier,
  ...texts: string[]
): RowTest => ({ on, quantifier, texts });
const attribute = (name: string, test: AttributeTest): RowTest => ({ on: 'attribute', name, test });
const named = (...texts: string[]): RowTest => ({ on: 'name', texts });
const EUR = 1_000_000;

type Condition = readonly [
  rows: Aggregate['rows'],
  measure: Aggregate['measure'],
  op: Aggregate['op'],
  value: number,
  where: readonly RowTest[],
  window?: Window,
];
const CONDITIONS: readonly Condition[] = [
  ['orders', 'count', 'gte', 2, [VALID, goods('product', 'any_of', 'p1', 'p4')]],
  ['orders', 'count', 'eq', 0, [VALID, goods('category', 'any_of', 'tea')], LAST_30],
  ['orders', 'count', 'gte', 1, [VALID, goods('product', 'all_of', 'p1', 'p2')]],
  ['orders', 'count', 'gte', 1, [VALID, goods('category', 'none_of', 'tea')]],
  ['orders', 'count', 'gte', 1, [REFUSED, goods('product', 'any_of', 'p2')]],
  ['orders', 'revenue', 'gt', 60 * EUR, [PAID, goods('category', 'any_of', 'tea')]],
  ['orders', 'count', 'gte', 3, [VALID, goods('brand', 'any_of', 'Acme', 'Teaman')]],
  ['events', 'count', 'gte', 4, [goods('brand', 'any_of', 'Acme')]],
  ['orders', 'max', 'gte', 100 * EUR, [PAID]],
  ['orders', 'min', 'lt', 20 * EUR, [PAID], LAST_30],
  ['orders', 'aov', 'gte', 50 * EUR, [PAID, { on: 'amount', op: 'gt', micros: 10 * EUR }]],
  ['orders', 'distinct_days', 'gte', 4, [VALID]],
  ['orders', 'days_since_last', 'gt', 20, [VALID, goods('product', 'any_of', 'p3')]],
  [
    'orders',
    'count',
    'gte',
    2,
    [VALID, attribute('channel', { kind: 'text', quantifier: 'any_of', texts: ['app'] })],
  ],
  ['orders', 'count', 'gte', 1, [VALID, attribute('channel', { kind: 'missing', missing: true })]],
  ['events', 'count', 'gte', 3, [named('view')]],
  ['events', 'count', 'eq', 0, [named('cart')], LAST_30],
  ['events', 'count', 'gte', 1, [named('cart')], SINCE],
  ['events', 'value', 'gte', 80 * EUR, [named('cart'), { on: 'kind', texts: ['event'] }]],
  ['events', 'count', 'gte', 2, [{ on: 'amount', op: 'lt', micros: 30 * EUR }]],
  ['events', 'days_since_last', 'lte', 14, [goods('category', 'any_of', 'tea')]],
  ['events', 'distinct_days', 'gte', 2, [goods('product', 'none_of', 'p1')]],
  [
    'events',
    'count',
    'gte',
    2,
    [attribute('depth', { kind: 'number', op: 'gt', valueMicros: 5 * EUR })],
  ],
  [
    'events',
    'count',
    'gte',
    1,
    [attribute('depth', { kind: 'text', quantifier: 'any_of', texts: ['12.5', 'deep'] })],
    LAST_30,
  ],
  ['events', 'count', 'gte', 1, [attribute('depth', { kind: 'date', op: 'gte', day: 20_777 })]],
];
const SEGMENTS = CONDITIONS.map(([rows, measure, op, value, where, window = null], i) =>
  plainSegment(`s${i}`, { kind: 'aggregate', rows, measure, op, value, where, window, at }),
);

/** Only some products, categories and names, and not all days. */
const CERTAIN = SEGMENTS.filter((_, i) => {
  const [rows, , , , where, window] = CONDITIONS[i]!;
  const isAnyGoods = where.some((test) => 'quantifier' in test && test.quantifier === 'none_of');
  const isNamed = where.some(({ on }) => on === 'name');
  return rows === 'orders' ? !isAnyGoods : isNamed && window === LAST_30;
});

let shop: TestShop;

it('answers conditions on orders and events as the closures over what was imported do', async () => {
  await using opened = await TestShop.open();
  shop = opened;
  const [orders, events] = fc.sample(
    fc.tuple(
      fc.array(order, { minLength: 140, maxLength: 140 }),
      fc.array(event, { minLength: 300, maxLength: 300 }),
    ),
    { numRuns: 1, seed: 7 },
  )[0]!;
  await importAll(orders, events);
  shop.write('feed.csv', FEED);
  const members = await checkBuild(SEGMENTS, orders, events);
  // A condition that holds for all or for nobody would prove little.
  const telling = [...members.values()].filter((count) => count > 0 && count < CUSTOMERS);
  expect(telling).toHaveLength(SEGMENTS.length);
  // What is read is less where all rules of a shop ask for certain goods, names and days.
  await checkBuild(CERTAIN, orders, events);
});

async function checkBuild(
  segments: readonly Segment[],
  orders: Orders,
  events: Events,
): Promise<ReadonlyMap<string, number>> {
  const request = { segments, feed: `${shop.dir}/feed.csv`, customersPerBucket: 7 };
  const { generation } = await shop.build(request);
  const manifest = await shop.blob<Manifest>(generation, MANIFEST_BLOB);
  const { shopCycleHalfDays } = manifest;
  const asOf = { day: localDay(ZONE, AS_OF_MS), shopCycleHalfDays };
  const rules = compileSegments(manifest.segments);
  const matchesOf = (customer: Customer) => {
    const matched = new Set<string>();
    matchSegments(rules, customerFacts(customer, asOf, matched), matched);
    return [...matched].sort();
  };
  const members = new Map(segments.map(({ segment }) => [segment, 0]));
  for (let i = 0; i < CUSTOMERS; i++) {
    const customer = customerOf(i, orders, events);
    const matched = matchesOf(customer);
    const profile = await shop.profileOf(generation, `c${i}`);
    const byBuild = profile.segments.map((ordinal) => segments[ordinal]!.segment).sort();
    expect(byBuild, `c${i}`).toEqual(matched);
    const bare = customer.orders.map(({ day, status, revenueMicros }) => ({
      ...{ day, status, revenueMicros },
    }));
    const asBuilt = { ...customer, orders: bare, events: [], built: profile.conditions };
    expect(matchesOf(asBuilt)).toEqual(matched);
    if (i < EXPLAINED) {
      const { dir, timeZone, currency, memoryMb, threads } = shop.request();
      const asked = { dir, timeZone, currency, memoryMb, threads, shop: 'test', generation };
      const found = await factsAsBuilt({ ...asked, segments, asOfMs: AS_OF_MS }, profile.person);
      expect(matchesOf(found!.customer), 'as explained').toEqual(matched);
    }
    for (const name of matched) members.set(name, members.get(name)! + 1);
  }
  return members;
}

async function importAll(orders: Orders, events: Events): Promise<void> {
  const time = (hours: number) => new Date(AS_OF_MS - hours * 3_600_000).toISOString();
  const lines = orders.flatMap(({ customer, products, kept, price, status, channel, ...one }, i) =>
    products.map(
      (product) =>
        `o${i},c${customer},${time(one.hoursAgo)},${product},1,${price},${kept},${channel},${status}\n`,
    ),
  );
  const devices = Array.from(
    { length: CUSTOMERS },
    (_, i) => `c${i},cookie,of-${i}\nc${i},cookie,shared\n`,
  );
  const rows = events.map(({ who, by, name, product, value, currency, depth, ...one }) => {
    const ids = {
      customer: [`c${who}`, '', ''],
      cookie: ['', `of-${who}`, ''],
      both: [`c${who}`, 'shared', ''],
      shared: ['', 'shared', ''],
      order: ['', '', `o${who}`],
      stranger: ['c99', 'of-99', ''],
    }[by];
    const cells = [time(one.hoursAgo), ...ids, name, product, value, currency, depth];
    return `${cells.join(',')}\n`;
  });
  const files = {
    orders: `order,customer,time,product,quantity,price,kept,channel,status\n${lines.join('')}`,
    customers: `id\n${Array.from({ length: CUSTOMERS }, (_, i) => `c${i}\n`).join('')}`,
    devices: `customer,space,value\n${devices.join('')}`,
    events: `time,customer,cookie,order,name,product,value,currency,depth\n${rows.join('')}`,
  };
  await shop.import(files, MAPPING);
}

/** What the files say of a customer, written down anew. */
function customerOf(number: number, orders: Orders, events: Events): Customer {
  const day = (hours: number) => localDay(ZONE, AS_OF_MS - hours * 3_600_000);
  const goodsOf = (products: readonly string[]) => ({
    products,
    categories: products.flatMap((product) => CATEGORIES[product] ?? []),
    brands: products.flatMap((product) => BRANDS[product] ?? []),
  });
  const own = orders
    .filter((one) => one.customer === number && one.hoursAgo >= 0)
    .map((one) => {
      const status = STATUS[one.status === 'in_progress' ? 'inProgress' : (one.status as 'paid')];
      const products = one.kept > 0 || !isValid(status) ? one.products : [];
      return {
        ...{ day: day(one.hoursAgo), status, ...goodsOf(products) },
        revenueMicros: one.kept * one.price * EUR * one.products.length,
        attributes: one.channel === '' ? [] : [readAs('channel', one.channel)],
      };
    });
  const done = new Map<string, Events[number]>();
  for (const one of events) done.set(JSON.stringify(one), one);
  const ownEvents = [...done.values()]
    .filter((one) => one.hoursAgo >= 0 && ownerOf(one, orders) === number)
    .map((one) => {
      return {
        ...{ day: day(one.hoursAgo), kind: 'event' as const, name: one.name },
        ...goodsOf(one.product === '' ? [] : [one.product]),
        valueMicros: one.value === 0 || one.currency === 'USD' ? null : one.value * EUR,
        attributes: one.depth === '' ? [] : [readAs('depth', one.depth)],
      };
    });
  return {
    ...{ orders: own, cycleHalfDays: ownCycleHalfDays(own), products: [], categories: [] },
    events: ownEvents,
  };
}

function ownerOf({ by, who }: Events[number], orders: Orders): number {
  if (by === 'order') return orders[who]!.customer;
  return by === 'shared' || by === 'stranger' ? -1 : who;
}

/** A column of events has no type: a value is all that it reads as. */
function readAs(name: string, text: string): AttributeValue {
  const number = Number(text);
  const day = text === '2026-11-20' ? 20_777 : null;
  return { name, text, numberMicros: Number.isNaN(number) ? null : number * EUR, day };
}
