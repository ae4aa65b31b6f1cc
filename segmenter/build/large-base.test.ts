import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeProfile } from '../../proto/records.ts';
import type { Segment } from '../../rules/rule.ts';
import { compareWith, plainSegment } from '../../rules/segment.contract.ts';
import { writeSizedBase } from '../demo/sized-base.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { AS_OF_MS, at, key, SEGMENTS, TestShop } from './test-shop.contract.ts';

const CUSTOMERS = 200_000;
const ORDERS = 300_000;
const BUCKETS = 4;
const DAY_MS = 86_400_000;

const of = (name: string) => SEGMENTS.find(({ segment }) => segment === name)!;
const ASKED: readonly Segment[] = [
  of('existing'),
  of('recent'),
  of('refusers'),
  plainSegment('spenders', compareWith('orders.revenue', 'gte', 500_000_000)),
  plainSegment('size_42', {
    kind: 'attribute',
    name: 'size',
    test: { kind: 'number', op: 'gte', valueMicros: 42_000_000 },
    at,
  }),
];

it('builds a base of 200,000 customers in buckets, and one query over the whole counts the same', async () => {
  await using shop = await TestShop.open();
  const base = { dir: shop.dir, shop: 'test', key, products: 200, events: 0, nowMs: AS_OF_MS };
  await writeSizedBase({ ...base, customers: CUSTOMERS, orders: ORDERS });
  const customersPerBucket = CUSTOMERS / BUCKETS;
  const built = await shop.build({ segments: ASKED, customersPerBucket });
  const files = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 512, threads: 2, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const from = (table: 'customers' | 'orders' | 'devices' | 'consent' | 'customerAttributes') =>
    `read_parquet(${sqlText(files[table])})`;
  // Sofia is two hours ahead in November, and 60 days before it was three.
  const firstMs = Date.UTC(2026, 8, 23, 21);
  expect((AS_OF_MS - firstMs) / DAY_MS).toBeCloseTo(59.6, 1);
  await duck.run(`CREATE VIEW known AS SELECT * FROM ${from('customers')}
    WHERE person NOT IN (SELECT person FROM ${from('consent')})`);
  const counts = await duck.numbers(`SELECT count(*), count(*) FILTER (valid > 0),
      count(*) FILTER (recent > 0), count(*) FILTER (refused * 10 > (valid + refused) * 3),
      count(*) FILTER (revenue >= 500000000), count(*) FILTER (size >= 42000000)
    FROM known c LEFT JOIN (
      SELECT person, count(*) FILTER (status IN ('paid', 'in_progress')) AS valid,
        count(*) FILTER (status = 'paid' AND time_ms >= ${firstMs}) AS recent,
        count(*) FILTER (status IN ('cancelled', 'returned')) AS refused,
        COALESCE(sum(revenue_micros) FILTER (status = 'paid'), 0) AS revenue
      FROM ${from('orders')} GROUP BY person
    ) o ON o.person = c.person LEFT JOIN (
      SELECT customer_id, max(number_micros) AS size FROM ${from('customerAttributes')} GROUP BY customer_id
    ) a ON a.customer_id = c.customer_id`);
  expect([built.profiles, ...built.segments.map(({ members }) => members)]).toEqual(counts);
  expect(Math.min(...counts)).toBeGreaterThan(1000);
  const [devices] = await duck.numbers(
    `SELECT count(*) FROM ${from('devices')} WHERE person IN (SELECT person FROM known)`,
  );
  expect(built.links).toBe(2 * built.profiles + devices!);
  const kept = readdirSync(join(files.generations, built.generation));
  expect(kept.filter((name) => name.startsWith('members-'))).toHaveLength(BUCKETS);

  // Of people from the first to the last bucket.
  const rows = await duck.rows(`SELECT person, list(order_key ORDER BY order_no)
    FROM ${from('orders')} WHERE person IN (SELECT person FROM known) AND person[4] = '0'
    GROUP BY person ORDER BY person LIMIT 5`);
  for (const [person, keys] of rows) {
    const id = String(person);
    const bytes = await shop.store.generations.readProfile('test', built.generation, id);
    const { orders } = decodeProfile(bytes!, id)!;
    expect(orders.map(({ orderKey }) => orderKey)).toEqual((keys as { items: unknown }).items);
  }
}, 240_000);
