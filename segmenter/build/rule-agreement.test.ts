import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AttributeTest } from '../../rules/attribute.ts';
import type { Customer } from '../../rules/customer.ts';
import { customerFacts, ownCycleHalfDays } from '../../rules/facts.ts';
import { buildZone, localDay } from '../../rules/local-day.ts';
import { MANIFEST_BLOB, type Manifest } from '../../rules/manifest.ts';
import { actingSegments, compileSegments, matchSegments } from '../../rules/memberships.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { plainSegment } from '../../rules/segment.contract.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { AS_OF_MS, at, SEGMENTS, TestShop } from './test-shop.contract.ts';

const HEADER = 'order,customer,time,product,quantity,price,status\n';
const ATTRIBUTES = [
  { customer: 'c1', name: 'size', text: null, numberMicros: 42_000_000, day: null },
  { customer: 'c2', name: 'size', text: null, numberMicros: 40_000_000, day: null },
  { customer: 'c2', name: 'tags', text: 'vip', numberMicros: null, day: null },
  { customer: 'c3', name: 'tags', text: "o'clock", numberMicros: null, day: null },
  { customer: 'c3', name: 'trip', text: null, numberMicros: null, day: 20_785 },
  { customer: 'nobody', name: 'size', text: null, numberMicros: 42_000_000, day: null },
] as const;
const attribute = (name: string, test: AttributeTest): Rule => ({
  kind: 'attribute',
  name,
  test,
  at,
});
/** The first refers to the last, which holds half of its people out. */
const SEGMENTS_THAT_REFER: readonly Segment[] = [
  plainSegment('a', {
    kind: 'all',
    of: [
      { kind: 'segment', segment: 'y', at },
      { kind: 'segment', segment: 'existing', at },
    ],
    at,
  }),
  ...SEGMENTS,
  plainSegment(
    'size_42',
    attribute('size', { kind: 'number', op: 'gte', valueMicros: 42_000_000 }),
  ),
  plainSegment('untagged', attribute('tags', { kind: 'missing', missing: true })),
  plainSegment('soon_or_vip', {
    kind: 'any',
    of: [
      attribute('trip', { kind: 'days_until', op: 'lte', days: 14 }),
      attribute('tags', { kind: 'text', quantifier: 'any_of', texts: ['vip'] }),
    ],
    at,
  }),
  {
    ...plainSegment('y', { kind: 'none', of: [{ kind: 'segment', segment: 'tea', at }], at }),
    control: { sharePpm: 500_000, seed: 'y' },
  },
];
let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

it('answers every rule as the closure over the profile does', async () => {
  const zone = buildZone('Europe/Sofia', Date.UTC(2020, 0, 1), AS_OF_MS);
  const order = fc.record({
    customer: fc.integer({ min: 0, max: 12 }),
    hoursAgo: fc.integer({ min: 0, max: 9000 }),
    product: fc.integer({ min: 1, max: 4 }),
    price: fc.integer({ min: 0, max: 9000 }),
    status: fc.constantFrom('paid', 'done', 'in_progress', 'cancelled', 'returned', 'odd'),
  });
  const orders = fc.sample(fc.array(order, { minLength: 300, maxLength: 300 }), {
    numRuns: 1,
    seed: 42,
  })[0]!;
  const lines = orders.map(({ customer, hoursAgo, product, price, status }, i) => {
    const time = new Date(AS_OF_MS - hoursAgo * 3_600_000).toISOString();
    return `${i},c${customer},${time},p${product},1,${price / 100},${status}\n`;
  });
  await shop.import({ orders: HEADER + lines.join('') });
  await writeAttributes();
  const { generation, segments: sizes } = await shop.build({ segments: SEGMENTS_THAT_REFER });
  const manifest = await shop.blob<Manifest>(generation, MANIFEST_BLOB);
  const asOf = {
    day: localDay(zone, AS_OF_MS),
    shopCycleHalfDays: manifest.shopCycleHalfDays,
  };
  const rules = compileSegments(manifest.segments);
  const matchesOf = (customer: Customer) => {
    const matched = new Set<string>();
    matchSegments(rules, customerFacts(customer, asOf, matched), matched);
    return matched;
  };
  let heldOut = 0;
  const counted = manifest.segments.map(() => 0);
  for (let i = 0; i <= 12; i++) {
    const profile = await shop.profileOf(generation, `c${i}`);
    const customer = {
      orders: profile.orders.map(({ atS, status, revenueMicros }) => ({
        day: localDay(zone, atS! * 1000),
        status: status!,
        revenueMicros: Number(revenueMicros),
      })),
      cycleHalfDays: profile.cycleHalfDays === 0 ? null : profile.cycleHalfDays,
      products: profile.products,
      categories: profile.categories,
    };
    const attributes = ATTRIBUTES.filter((one) => one.customer === `c${i}`);
    expect(customer.cycleHalfDays).toBe(ownCycleHalfDays(customer.orders));
    const matched = matchesOf({ ...customer, built: profile.conditions });
    expect(matched).toEqual(matchesOf({ ...customer, attributes }));
    const expected = actingSegments(rules, matched, profile.person);
    heldOut += matched.size - expected.length;
    expect(profile.segments, `c${i}`).toEqual(expected);
    for (const k of expected) counted[k]!++;
  }
  expect(manifest.segments.map(({ members }) => members)).toEqual(counted);
  const out = manifest.segments.map((segment) => segment.heldOut);
  expect(out.reduce((sum, people) => sum + people)).toBe(heldOut);
  expect(heldOut).toBeGreaterThan(1);
  expect(sizes.map((size) => size.heldOut)).toEqual(out);
  expect(counted.filter((members) => members > 0).length).toBeGreaterThan(3);
});

/** As an import of attributes leaves them. */
async function writeAttributes(): Promise<void> {
  const { folder, temp, customerAttributes } = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 64, threads: 1, tempDir: temp, folders: [folder] };
  await using duck = await Duck.open(options);
  const rows = ATTRIBUTES.map(({ customer, name, text, numberMicros, day }) => {
    const own = text === null ? 'NULL' : sqlText(text);
    return `(${sqlText(customer)}, ${sqlText(name)}, ${own}, ${numberMicros}, ${day})`;
  });
  await duck.run(`COPY (SELECT * FROM (VALUES ${rows.join(', ')})
    v(customer_id, name, text, number_micros, day)) TO ${sqlText(customerAttributes)}`);
}
