import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nobody, viewPerson } from '../bidder/auction/person-view.ts';
import { snapshotOf } from '../bidder/auction/shop.contract.ts';
import type { DecodedLiveFacts, DecodedProfile } from '../proto/records.ts';
import { STATUS } from '../rules/customer.ts';
import { MANIFEST_BLOB, type Manifest } from '../rules/manifest.ts';
import type { Segment } from '../rules/rule.ts';
import { plainSegment } from '../rules/segment.contract.ts';
import { AS_OF_MS, at, SEGMENTS, TestShop } from '../segmenter/build/test-shop.contract.ts';

const HEADER = 'order,customer,time,product,quantity,price,status\n';
const HOUR_MS = 3_600_000;
/** The first build is of two days before. */
const FIRST_MS = AS_OF_MS - 48 * HOUR_MS;
const CUSTOMERS = 40;
/** A live order names no categories that this shop's catalogue would have. */
const RULES: readonly Segment[] = [
  ...SEGMENTS.filter(({ segment: name }) => name !== 'tea' && name !== 'p1p2'),
  plainSegment('regular', {
    ...{ kind: 'compare', field: 'orders.cycle_days', window: null, op: 'gt', at },
    operand: { kind: 'literal', value: 0 },
  }),
  plainSegment('large_lately', {
    ...{ kind: 'aggregate', rows: 'orders', measure: 'count', op: 'gte', value: 2, at },
    where: [
      { on: 'status', statuses: [STATUS.paid] },
      { on: 'amount', op: 'gte', micros: 40_000_000 },
    ],
    window: { kind: 'last', days: 60, today: 'included', timeZone: 'Europe/Sofia' },
  }),
  plainSegment('refused_lately', {
    ...{ kind: 'aggregate', rows: 'orders', measure: 'days_since_last', op: 'lte', value: 30, at },
    where: [{ on: 'status', statuses: [STATUS.cancelled, STATUS.returned] }],
    window: null,
  }),
  plainSegment('stayed', {
    ...{ kind: 'stays', segment: 'stayed', days: 30, at },
    of: [SEGMENTS.find(({ segment: name }) => name === 'recent')!.rule],
  }),
  plainSegment('calm', {
    kind: 'none',
    of: ['lapsed', 'refusers'].map((name) => ({ kind: 'segment', segment: name, at })),
    at,
  }),
].map((one) => ({
  ...one,
  control: one.segment === 'existing' ? { sharePpm: 300_000, seed: 'live' } : null,
}));

const order = fc.record({
  hoursAgo: fc.oneof(fc.integer({ min: 0, max: 47 }), fc.integer({ min: 48, max: 5000 })),
  price: fc.integer({ min: 0, max: 9000 }),
  before: fc.constantFrom('paid', 'in_progress'),
  after: fc.constantFrom('paid', 'paid', 'cancelled', 'returned', 'in_progress'),
});

it('takes a person with live facts for what the next build takes them for', async () => {
  await using shop = await TestShop.open();
  const orders = fc.sample(fc.array(order, { minLength: 200, maxLength: 200 }), {
    numRuns: 1,
    seed: 20_261_130,
  })[0]!;
  const csv = (status: 'before' | 'after') =>
    HEADER +
    orders
      .map((one, i) => {
        const time = new Date(AS_OF_MS - one.hoursAgo * HOUR_MS).toISOString();
        return `${i},c${i % CUSTOMERS},${time},p1,1,${one.price / 100},${one[status]}\n`;
      })
      .join('');
  await shop.import({ orders: csv('before') });
  const first = await shop.build({ segments: RULES, asOfMs: FIRST_MS });
  const manifest = await shop.blob<Manifest>(first.generation, MANIFEST_BLOB);
  const profiles = await profilesOf(shop, first.generation);
  await shop.import({ orders: csv('after') });
  const next = await shop.build({ segments: RULES });
  const { shopCycleHalfDays } = await shop.blob<Manifest>(next.generation, MANIFEST_BLOB);
  const snapshot = snapshotOf([], {}, (published) => ({
    ...published,
    settings: { ...published.settings, timeZone: 'Europe/Sofia' },
    manifest: { ...manifest, shopCycleHalfDays },
  }));
  const expected = await profilesOf(shop, next.generation);
  const changed = expected.filter((profile, i) => {
    const live = liveFacts(profiles[i]!, profile);
    const view = nobody();
    const records = { person: profile.person, profile: profiles[i]!, live };
    viewPerson(view, snapshot.shops[0]!, records, AS_OF_MS);
    expect(view.segments, `c${i}`).toEqual(profile.segments);
    return `${profile.segments}` !== `${profiles[i]!.segments}`;
  });
  // Otherwise what the first build computed would have done as well.
  expect(changed.length).toBeGreaterThan(CUSTOMERS / 4);
});

function profilesOf(shop: TestShop, generation: string): Promise<DecodedProfile[]> {
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => `c${i}`);
  return Promise.all(customers.map((customer) => shop.profileOf(generation, customer)));
}

/** As the site tells of the orders that are new or have another status, each just now. */
function liveFacts(before: DecodedProfile, after: DecodedProfile): DecodedLiveFacts {
  const known = new Map(before.orders.map(({ orderKey, status }) => [orderKey, status]));
  const orders = after.orders
    .filter(({ orderKey, status }) => known.get(orderKey) !== status)
    .map(({ orderKey, atS, status, revenueMicros }) => ({
      ...{ orderKey, status, revenueMicros, items: [] },
      atS: known.has(orderKey) ? AS_OF_MS / 1000 : atS,
      statusAtS: AS_OF_MS / 1000,
    }));
  return { person: after.person, views: [], cart: [], orders } as unknown as DecodedLiveFacts;
}
