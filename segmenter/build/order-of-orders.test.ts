import { expect, it } from 'vitest';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { WHOLE_BASE } from './buckets.ts';
import { createOrders, ordersZone } from './facts.ts';
import { createOptedOut } from './opted-out.ts';
import { TestShop } from './test-shop.contract.ts';

/** More than DuckDB gives one thread at a time. */
const ORDERS = 600_000;

it('leaves orders as they lie, however many threads read them: profiles stream beside them', async () => {
  await using shop = await TestShop.open();
  const files = shopFiles(shop.dir, 'test');
  const { memoryMb, threads } = shop.request();
  const folders = [files.folder];
  await using duck = await Duck.open({ memoryMb, threads, tempDir: files.temp, folders });
  await duck.run(`COPY (SELECT CAST(i AS INTEGER) AS order_no, lpad(CAST(i // 5 AS VARCHAR), 16, '0') AS person,
      CAST(i AS VARCHAR) AS order_key, i * 1000 AS time_ms, i AS revenue_micros, i AS cost_micros, 'paid' AS status
    FROM range(${ORDERS}) r(i)) TO ${sqlText(files.orders)} (FORMAT parquet)`);
  await createOptedOut(duck, files);
  const request = shop.request();
  const zone = await ordersZone(duck, files, request);
  await createOrders(duck, files, { request, zone }, WHOLE_BASE);
  let next = 0;
  for await (const chunk of duck.chunks('SELECT order_no FROM orders')) {
    for (const orderNo of chunk.numbers(0))
      if (orderNo !== next++) throw new Error(`order ${orderNo} at ${next - 1}`);
  }
  expect(next).toBe(ORDERS);
});
