import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST_BLOB, type Manifest } from '../../rules/manifest.ts';
import type { Rule } from '../../rules/rule.ts';
import { plainSegment } from '../../rules/segment.contract.ts';
import { type Generations, type GenerationWriter, StoreUnavailable } from '../../store/ports.ts';
import { Duck } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import type { BuildRequest, BuildResult } from './build-request.ts';
import { contents } from './generation-contents.contract.ts';
import { keptTable, readKept } from './kept-generation.ts';
import {
  CUSTOMERS,
  customerRow,
  DAY_MS,
  FEED,
  HOUR_MS,
  MAPPING,
  ORDERS,
  RULES,
  regulars,
  time,
} from './regulars-shop.contract.ts';
import { AS_OF_MS, at, SEGMENTS, TestShop } from './test-shop.contract.ts';

const SEED = 20_261_130;

/** Of orders that are known another status, and another product, for the same money; of customers another trip and a view. */
const QUIET = {
  customers: CUSTOMERS + customerRow('r24', 'yes', 1),
  events: `at,customer,name\n${time(AS_OF_MS - HOUR_MS)},r32,view\n`,
  orders: `${ORDERS}r30-0,r30,${time(AS_OF_MS - 31 * DAY_MS)},p1,1,31,in_progress
r31-0,r31,${time(AS_OF_MS - 32 * DAY_MS)},p5,1,32,paid
`,
};

const SCORE: Rule = {
  ...{ kind: 'score', field: 'rfm.recency', at },
  expects: { kind: 'compare', op: 'gte', value: 4 },
};

const CHANGED = 'rules, statuses, models, the time zone or the goods of the feed have changed';

/** What happens to a shop between two builds. */
const step = fc.record({
  hours: fc.constantFrom(0, 5, 24, 48, 24 * 9),
  orders: fc.array(
    fc.record({
      order: fc.integer({ min: 0, max: 30 }),
      hoursAgo: fc.integer({ min: -40, max: 900 }),
      product: fc.integer({ min: 1, max: 5 }),
      status: fc.constantFrom('paid', 'done', 'in_progress', 'cancelled', 'odd'),
    }),
    { maxLength: 4 },
  ),
  customers: fc.array(
    fc.record({
      customer: fc.constantFrom('r3', 'r5', 'r7', 'new1', 'new2', 'x4'),
      ads: fc.constantFrom('yes', 'yes', 'no'),
      trip: fc.option(fc.integer({ min: -3, max: 12 })),
    }),
    { maxLength: 2 },
  ),
  devices: fc.array(fc.constantFrom('r1,cookie,new', 'x2,cookie,x', 'r2,cookie,new'), {
    maxLength: 1,
  }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function play(shop: TestShop, { orders, customers, devices }: Step): Promise<void> {
  if (orders.length > 0) {
    const rows = orders.map(({ order, hoursAgo, product, status }) => {
      const start = `x-${order},x${order % 9},${time(AS_OF_MS - hoursAgo * HOUR_MS)}`;
      return `${start},p${product},1,${product * 7},${status}\n`;
    });
    const buyers = [...new Set(orders.map(({ order }) => customerRow(`x${order % 9}`)))];
    await shop.import(
      { orders: ORDERS + rows.join(''), customers: CUSTOMERS + buyers.join('') },
      MAPPING,
    );
  }
  if (customers.length + devices.length === 0) return;
  const rows = customers.map(({ customer, ads, trip: days }) => customerRow(customer, ads, days));
  const files = {
    ...(rows.length === 0 ? {} : { customers: CUSTOMERS + rows.join('') }),
    ...(devices.length === 0 ? {} : { devices: `customer,space,value\n${devices.join('\n')}\n` }),
  };
  await shop.import(files, MAPPING);
}

/** All that a build leaves, but for the name of its generation and how it came about. */
async function outcome(shop: TestShop, built: BuildResult) {
  const { generation } = built;
  const held = await contents(shop.store.generations, generation);
  const { generation: _, ...manifest } = await shop.blob<Manifest>(generation, MANIFEST_BLOB);
  const own = Buffer.from(JSON.stringify({ ...manifest })).toString('hex');
  const files = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const kept = readKept(files, generation)!;
  const tables = ['customers', 'orders', 'members', 'digests', 'scores', 'affinities'] as const;
  const rows = [];
  for (const table of tables) rows.push(await duck.rows(`FROM ${keptTable(files, kept, table)}`));
  return {
    held: held.slice(0, -3),
    blobs: [own, ...held.slice(-2)],
    segments: built.segments,
    samples: JSON.parse(readFileSync(files.samples, 'utf8')).bySegment,
    rows,
    due: new Map((await duck.rows(`FROM ${keptTable(files, kept, 'due')}`)) as [string, bigint][]),
  };
}

/** Who would be looked at later than a full build would have it. */
function dueLater(is: ReadonlyMap<string, bigint>, full: ReadonlyMap<string, bigint>): string[] {
  return [...full]
    .filter(([person, day]) => (is.get(person) ?? day + 1n) > day)
    .map(([who]) => who);
}

const changes = (shop: TestShop): Partial<BuildRequest> => ({
  segments: RULES,
  feed: shop.write('feed.csv', FEED),
  customersPerBucket: 30,
});

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
  await shop.import(regulars(), MAPPING);
});
afterEach(() => shop[Symbol.asyncDispose]());

describe('an incremental build', () => {
  it('promise 3: leaves the bytes of a full one, whatever happened since the build that serves', async () => {
    await using other = await TestShop.open();
    await other.import(regulars(), MAPPING);
    await shop.build(changes(shop));
    await other.build(changes(other));
    const steps = fc.sample(step, { numRuns: 4, seed: SEED });
    let asOfMs = AS_OF_MS;
    const touched: number[] = [];
    for (const [nth, one] of steps.entries()) {
      asOfMs += one.hours * HOUR_MS + 1000;
      for (const each of [shop, other]) {
        if (nth === 0) await each.import(QUIET, MAPPING);
        await play(each, one);
      }
      const fullEveryMs = 30 * DAY_MS;
      const built = await shop.build({ ...changes(shop), asOfMs, fullEveryMs });
      const full = await other.build({ ...changes(other), asOfMs, full: true });
      expect(full.mode).toEqual({ kind: 'full', why: 'it was asked for' });
      expect(built.mode).toMatchObject({ kind: 'incremental', fullAsOfMs: AS_OF_MS });
      const [is, expected] = [await outcome(shop, built), await outcome(other, full)];
      expect({ ...is, due: null }, `step ${nth}: ${JSON.stringify(one)}`).toEqual({
        ...expected,
        due: null,
      });
      expect(dueLater(is.due, expected.due)).toEqual([]);
      touched.push(built.mode?.kind === 'incremental' ? built.mode.touched : 0);
    }
    process.stdout.write(`incremental: seed ${SEED}, touched ${touched} of some 50\n`);
    expect(Math.min(...touched)).toBeLessThan(10);
    expect(Math.max(...touched)).toBeGreaterThan(10);
  }, 60_000);

  const later = { asOfMs: AS_OF_MS + HOUR_MS };

  it('looks at no one where nothing happened, and at whom the store has lost', async () => {
    const seen = (hours: number, ...who: string[]) => ({
      events: `at,customer,name\n${who.map((one) => `${time(AS_OF_MS - hours * HOUR_MS)},${one},view\n`).join('')}`,
    });
    await shop.import(seen(3, 'r31', 'r32'), MAPPING);
    const first = await shop.build(changes(shop));
    const full = { kind: 'full', why: 'nothing serves yet' };
    expect(first.mode).toEqual(full);
    expect((await shop.build(changes(shop))).mode).toBeNull();
    const person = (await shop.store.generations.scanProfiles('test', first.generation, '', 1))[0]!;
    const second = await shop.build({ ...changes(shop), ...later });
    expect(second.mode).toMatchObject({ kind: 'incremental', touched: 0 });
    // Events of before those of others, which are numbered anew.
    await shop.import(seen(9, 'r33'), MAPPING);
    const asOfMs = later.asOfMs + 1;
    const other = await shop.build({ ...changes(shop), asOfMs });
    expect(other.mode).toMatchObject({ kind: 'incremental', touched: 1 });
    const expected = await outcome(shop, other);
    await shop.store.erasure.erase({ shop: 'test', persons: [person], identities: [], links: [] });
    const third = await shop.build({ ...changes(shop), asOfMs: asOfMs + 1 });
    // The whole bucket of the profile that is missing.
    expect(third.mode).toMatchObject({ kind: 'incremental', touched: 30 });
    expect((await outcome(shop, third)).held).toEqual(expected.held);
  });

  it('goes on where one was killed, to the same bytes', async () => {
    await shop.build(changes(shop));
    const { orders } = regulars();
    const more = orders
      .split('\n')
      .slice(1, 40)
      .map((row) => row.replace(/^r/, 'again-r'));
    await shop.import({ orders: `${ORDERS}${more.join('\n')}\n` }, MAPPING);
    const gone = new StoreUnavailable('away');
    const away = { ...shop.store, generations: failingAfter(shop.store.generations, 1, gone) };
    await expect(shop.build({ ...changes(shop), ...later }, away)).rejects.toThrow(gone);
    const built = await shop.build({ ...changes(shop), ...later });
    expect(built).toMatchObject({ resumed: true, mode: { kind: 'incremental' } });
    const is = await outcome(shop, built);
    await using other = await TestShop.open();
    await other.import(regulars(), MAPPING);
    await other.build(changes(other));
    await other.import({ orders: `${ORDERS}${more.join('\n')}\n` }, MAPPING);
    const undisturbed = await other.build({ ...changes(other), ...later });
    expect(is).toEqual(await outcome(other, undisturbed));
  });

  it('is a full one when anything else has changed, and says what', async () => {
    const moved = RULES.map((one) => ({ ...one, rule: { ...one.rule, at: { ...at, line: 9 } } }));
    const modes: [string, Partial<BuildRequest>][] = [
      ['it was asked for', { full: true }],
      ['the last full build is of 2026-11-22T12:00:00.000Z', { fullEveryMs: HOUR_MS }],
      ['it is of an earlier moment than what serves', { asOfMs: AS_OF_MS - HOUR_MS }],
      [CHANGED, { segments: SEGMENTS }],
      [CHANGED, { statuses: {} }],
      [CHANGED, { feed: null }],
    ];
    const small = { ...changes(shop), customersPerBucket: 100 };
    await shop.build(small);
    for (const [i, [why, change]] of modes.entries()) {
      const moment = { asOfMs: later.asOfMs + i };
      const built = await shop.build({ ...small, ...moment, ...change });
      expect(built.mode).toEqual({ kind: 'full', why });
      await shop.store.generations.rollback('test');
    }
    const ranked = [...RULES, plainSegment('best', SCORE)];
    await shop.build({ ...small, asOfMs: later.asOfMs + 10, segments: ranked });
    const sameDay = { asOfMs: later.asOfMs + 11, segments: ranked };
    expect((await shop.build({ ...small, ...sameDay })).mode?.kind).toBe('incremental');
    const nextDay = { asOfMs: AS_OF_MS + DAY_MS, segments: ranked };
    expect((await shop.build({ ...small, ...nextDay })).mode).toEqual({
      ...{ kind: 'full', why: 'ranks and lifetime values are of another day' },
    });
    await shop.build({ ...small, asOfMs: AS_OF_MS + DAY_MS + 1 });
    // Where a rule is written is not what it says.
    const again = { asOfMs: AS_OF_MS + DAY_MS + 2, segments: moved };
    const built = await shop.build({ ...small, ...again });
    expect(built.mode).toMatchObject({ kind: 'incremental', touched: 0 });
  });
});

/** Generations whose writer fails at the call of that number to putProfiles. */
function failingAfter(generations: Generations, calls: number, error: Error): Generations {
  let left = calls;
  return new Proxy(generations, {
    get: (of, name) => {
      const method = (Reflect.get(of, name) as (...given: unknown[]) => unknown).bind(of);
      if (name !== 'write') return method;
      return async (...given: unknown[]) => {
        const writer = (await method(...given)) as GenerationWriter;
        const put = writer.putProfiles.bind(writer);
        writer.putProfiles = (batch) => (left-- > 0 ? put(batch) : Promise.reject(error));
        return writer;
      };
    },
  });
}
