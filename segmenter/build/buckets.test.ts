import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rule } from '../../rules/rule.ts';
import { plainSegment } from '../../rules/segment.contract.ts';
import { modelSettings } from '../../settings/model-settings.ts';
import { openStore } from '../../store/open-store.ts';
import { Duck, sqlText } from '../duck.ts';
import { type ShopFiles, shopFiles } from '../shop-data.ts';
import { type Bucket, CUSTOMERS_PER_BUCKET, cutBuckets, inBucket, WHOLE_BASE } from './buckets.ts';
import type { BuildResult } from './build-request.ts';
import { contents } from './generation-contents.contract.ts';
import { keptTable, readKept } from './kept-generation.ts';
import { AS_OF_MS, at, SEGMENTS, TestShop } from './test-shop.contract.ts';

const DAY_MS = 86_400_000;
const CUSTOMERS = 60;
const LOVES_TEA: Rule = {
  kind: 'affinity',
  by: 'category',
  expects: { kind: 'share', name: 'tea', op: 'gte', sharePpm: 500_000 },
  at,
};
let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

async function withDuck<T>(work: (duck: Duck, files: ShopFiles) => Promise<T>): Promise<T> {
  const files = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  return await work(duck, files);
}

describe('buckets', () => {
  const persons = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme-ascii' }));

  it('take in everybody once, however many there are, and those to come', async () => {
    await withDuck(async (duck, files) => {
      const take = async (buckets: readonly Bucket[], person: string) => {
        const holds = buckets.map((bucket) => inBucket(sqlText(person), bucket));
        return await duck.numbers(`SELECT CAST(${holds.join(' AS INTEGER), CAST(')} AS INTEGER)`);
      };
      await fc.assert(
        fc.asyncProperty(persons, fc.integer({ min: 1, max: 9 }), async (people, size) => {
          const rows = people.map((person) => `(${sqlText(person)})`).join(', ');
          const values = rows === '' ? "SELECT '' AS person WHERE FALSE" : `VALUES ${rows}`;
          await duck.run(`COPY (SELECT person FROM (${values}) v(person) ORDER BY person)
            TO ${sqlText(files.customers)} (FORMAT parquet)`);
          const buckets = await cutBuckets(duck, files, size);
          expect(buckets).toHaveLength(Math.max(1, Math.ceil(people.length / size)));
          for (const person of [...people.slice(0, 3), '', '~~~~']) {
            const taken = await take(buckets, person);
            expect(taken.reduce((sum, times) => sum + times, 0)).toBe(1);
          }
        }),
        { numRuns: 30 },
      );
    });
  });

  it('are one for a small shop', async () => {
    await shop.import({ customers: 'id,email\nvera,\n' });
    const buckets = await withDuck((duck, files) => cutBuckets(duck, files, CUSTOMERS_PER_BUCKET));
    expect(buckets).toEqual([WHOLE_BASE]);
  });
});

describe('promise 3: a build by buckets', () => {
  const order = fc.record({
    customer: fc.integer({ min: 0, max: CUSTOMERS - 1 }),
    hoursAgo: fc.integer({ min: 0, max: 9000 }),
    product: fc.integer({ min: 1, max: 5 }),
    status: fc.constantFrom('paid', 'done', 'in_progress', 'cancelled', 'returned', 'odd'),
  });
  const someOrders = (count: number, seed: number) => {
    const [orders] = fc.sample(fc.array(order, { minLength: count, maxLength: count }), {
      numRuns: 1,
      seed,
    });
    const rows = orders!.map(({ customer, hoursAgo, product, status }, i) => {
      const time = new Date(AS_OF_MS - hoursAgo * 3_600_000).toISOString();
      return `${seed}-${i},c${customer},${time},p${product},1,${product * 9},${status}\n`;
    });
    return `order,customer,time,product,quantity,price,status\n${rows.join('')}`;
  };

  it('gives the same bytes, numbers and kept facts as one over the whole base', async () => {
    shop.write(
      'feed.csv',
      `id,title,price,link,image_link,product_type,availability
p1,One,9.00 EUR,https://shop.test/1,https://shop.test/1.png,tea,in stock
p2,Two,18.00 EUR,https://shop.test/2,https://shop.test/2.png,cups,in stock
`,
    );
    const people = Array.from({ length: CUSTOMERS + 20 }, (_, i) => `c${i}`);
    const customers = `id,email\n${people.map((name) => `${name},${name}@a.test\n`).join('')}`;
    const devices = `customer,space,value\n${people
      .slice(9)
      .map((name) => `${name},cookie,of-${name}\n`)
      .join('')}`;
    await shop.import({ orders: someOrders(400, 1), customers, devices });
    await using other = await openStore({ url: '', dir: join(shop.dir, 'other') });
    const feed = join(shop.dir, 'feed.csv');
    await shop.build({ feed });
    await shop.build({ feed, customersPerBucket: 7 }, other);
    await shop.import({ orders: someOrders(120, 2) });
    const models = modelSettings({ rfm: { method: 'quantiles' } });
    const segments = [...SEGMENTS, plainSegment('tea_lovers', LOVES_TEA)];
    const later = { feed, models, segments, asOfMs: AS_OF_MS + DAY_MS };
    const whole = await outcome(await shop.build({ ...later }));
    const parts = await outcome(await shop.build({ ...later, customersPerBucket: 7 }, other));
    expect(parts).toEqual({ ...whole, files: 7 * Math.ceil((CUSTOMERS + 20) / 7) + 4 });
    const { generation } = whole.result;
    expect(await contents(other.generations, generation)).toEqual(
      await contents(shop.store.generations, generation),
    );
    const moved = whole.result.segments.filter(({ entered, left }) => entered! > 0 || left! > 0);
    expect(moved.length).toBeGreaterThan(2);
    expect([whole.scores.length, whole.affinities.length].every((rows) => rows > 20)).toBe(true);
  });

  async function outcome({ timings, ...result }: BuildResult) {
    expect(new Set(timings.map(({ phase }) => phase)).size).toBe(timings.length);
    return await withDuck(async (duck, files) => {
      const kept = readKept(files, result.generation)!;
      const rowsOf = (table: Parameters<typeof keptTable>[2]) =>
        duck.rows(`FROM ${keptTable(files, kept, table)}`);
      return {
        result,
        samples: JSON.parse(readFileSync(files.samples, 'utf8')),
        asOf: kept.asOf,
        customers: await rowsOf('customers'),
        orders: await rowsOf('orders'),
        members: await rowsOf('members'),
        scores: await rowsOf('scores'),
        affinities: await rowsOf('affinities'),
        digests: await rowsOf('digests'),
        due: (await rowsOf('due')).sort(),
        files: readdirSync(join(files.generations, result.generation)).length,
      };
    });
  }
});
