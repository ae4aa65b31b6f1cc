import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { importFiles } from '../import/import-files.ts';
import { shopFiles } from '../shop-data.ts';
import { readUploads } from '../uploads/upload-record.ts';
import { forgetPerson } from './forget-person.ts';
import { HEADER } from './person-shop.contract.ts';

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

async function importNamed(file: string, orders: string): Promise<void> {
  const { dir, timeZone, statuses, memoryMb, threads } = shop.request();
  const common = { dir, shop: 'test', timeZone, statuses, memoryMb, threads };
  const request = { ...common, mapping: shop.mapping, nowMs: AS_OF_MS, force: false };
  await importFiles({ ...request, orders: shop.write(file, orders) }, key, () => {});
}

const uploads = () => readUploads(shopFiles(shop.dir, 'test').uploads);

it('takes the name of a file away that was named after whoever is forgotten, in every place', async () => {
  const order = (id: string, customer: string, time = '2026-11-01T10:00') =>
    `${id},${customer},${time},p1,1,5,paid\n`;
  await shop.import({ customers: 'id,email\n1042,anna@example.com\n11,boris@example.com\n' });
  const rejected = order('5', '1042', 'never');
  await importNamed('Anna@Example.com.csv', `${HEADER}${order('1', '1042')}${rejected}`);
  await importNamed('orders-1042.csv', `${HEADER}${order('2', '11')}`);
  await importNamed('orders-2026-11.csv', `${HEADER}${order('3', '11')}`);
  const broken = importNamed('1042-anna@example.com.json', 'no JSON');
  await expect(broken).rejects.toThrow();
  const query = { customers: ['1042', '11'], emails: [], phones: [], devices: [] };
  const { dir, timeZone, memoryMb, threads } = shop.request();
  const request = { dir, shop: 'test', query, timeZone, memoryMb, threads, nowMs: AS_OF_MS };
  const ports = { key, store: shop.store, clock: { nowMs: () => AS_OF_MS }, progress: () => {} };
  const record = await forgetPerson({ ...request, lift: false, all: false }, ports);
  expect(record.places.find(({ place }) => place === 'records of uploads')).toMatchObject({
    state: 'done',
    records: 2,
  });
  expect(uploads().map(({ file, state }) => [file, state])).toEqual([
    ['customers.csv', 'PROCESSED'],
    ['(a person was forgotten).csv', 'PROCESSED'],
    ['orders-1042.csv', 'PROCESSED'],
    ['orders-2026-11.csv', 'PROCESSED'],
    ['(a person was forgotten).json', 'FAILED'],
  ]);
  const { folder, imports } = shopFiles(shop.dir, 'test');
  expect(readFileSync(join(folder, 'uploads.ndjson'), 'utf8')).not.toMatch(/anna|boris/i);
  const reports = readdirSync(imports);
  expect(reports).toEqual(['20261122T120000000Z-forgotten.rejected.csv']);
  expect(uploads()[1]!.report).toBe(join(imports, reports[0]!));
});
