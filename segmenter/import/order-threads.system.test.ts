import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildZone } from '../../rules/local-day.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { Duck } from '../duck.ts';
import { inOrder } from './in-order.ts';
import { openRows } from './open-rows.ts';
import { type OrderBatch, type OrderBatches, readInPlace } from './order-batch.ts';
import { openOrderThreads } from './order-threads.ts';

const job = pathToFileURL(resolve('dist/segmenter/import/order-batch-job.js'));
const mapping = importMappingSchema.parse({
  orders: {
    columns: { order: 'order', customer: 'customer', time: 'time', unit_price: 'price' },
    status: { column: 'status' },
  },
}).orders!;
const spec = {
  mapping,
  money: { currency: 'EUR', rates: {} },
  zone: buildZone('Europe/Sofia', Date.UTC(2020, 0, 1), Date.UTC(2027, 0, 1)),
  key: createSecretKey(Buffer.alloc(32, 7)),
  shop: 'test',
};
const columns = ['order', 'customer', 'time', 'price', 'status'];

const dir = mkdtempSync(join(tmpdir(), 'rekindle-threads-'));
let duck: Duck;
beforeAll(async () => {
  duck = await Duck.open({ memoryMb: 256, threads: 2, tempDir: dir, folders: [] });
});
afterAll(async () => {
  await duck[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});

const REST = '2026-11-01T10:00:00Z,1.50,paid';
/** Every so many rows one that is hard to cut, or wrong. */
const ODD: readonly (readonly [number, (i: number) => string])[] = [
  [997, (i) => `"${i}\nx","c ""${i}""",2026-11-01T10:00:00Z,1.50,"a, b"\r`],
  [1009, (i) => `"${i},c,${REST}`],
  [1013, (i) => `"${i}"x,c,${REST}`],
  [1019, (i) => `${i},c${i},yesterday,1.50,paid`],
  [1021, (i) => `${i},,${REST}`],
  [1031, (i) => `${i},c${i},${REST},more`],
  [1033, () => ''],
];

/** Megabytes of rows. */
function text(): string {
  const row = (i: number) => ODD.find(([every]) => i % every === 0)?.[1](i) ?? `${i},c${i},${REST}`;
  const rows = Array.from({ length: 60_000 }, (_, i) => row(i + 1));
  return `order,customer,time,price,status\n${rows.join('\n')}`;
}

async function batchesOf(file: string, batches: OrderBatches): Promise<OrderBatch[]> {
  const found: OrderBatch[] = [];
  const parts = openRows({ file, columns, delimiter: undefined, encoding: undefined }, duck);
  for await (const batch of inOrder(parts, (part) => batches.read(part), 8)) found.push(batch);
  return found;
}

describe('threads', () => {
  it('read what one thread reads, with every rejected row in its place', async () => {
    const file = join(dir, 'orders.csv');
    writeFileSync(file, text());
    await using threads = openOrderThreads(spec, 2, job);
    const threaded = await batchesOf(file, threads);
    expect(threaded.length).toBeGreaterThan(5);
    expect(threaded).toEqual(await batchesOf(file, readInPlace(spec)));
    const rejected = threaded.flatMap((batch) => batch.rejected);
    expect(new Set(rejected.map(({ reason }) => reason)).size).toBe(3);
    expect(rejected.map(({ line }) => line)).toEqual(
      rejected.map(({ line }) => line).sort((a, b) => a - b),
    );
  });
});
