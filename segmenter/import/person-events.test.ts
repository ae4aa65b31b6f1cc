import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { customerPersonId } from '../../proto/ids.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { undoUpload } from '../uploads/undo-upload.ts';

const MAPPING = importMappingSchema.parse({
  events: {
    columns: {
      ...{ time: 'time', customer: 'customer', cookie: 'cookie', order: 'order', name: 'name' },
    },
  },
  customers: { columns: { customer: 'id' } },
  devices: { columns: { customer: 'customer', space: 'space', value: 'value' } },
  orders: {
    columns: {
      ...{ order: 'order', customer: 'customer', time: 'time', product: 'product' },
      ...{ quantity: 'quantity', unit_price: 'price' },
    },
    status: { column: 'status' },
  },
});

const hour = (nth: number) => new Date(AS_OF_MS - (20 - nth) * 3_600_000).toISOString();
const EVENTS = `time,customer,cookie,order,name
${hour(5)},,,o1,by order
${hour(1)},c1,,,by customer
${hour(3)},,k2,,by cookie
${hour(4)},,k1,,by the cookie of another
`;
const device = (customer: string, cookie: string) => ({
  devices: `customer,space,value\n${customer},cookie,${cookie}\n`,
});
const ORDER = {
  orders: `order,customer,time,product,quantity,price,status\no1,c2,${hour(0)},p,1,9,done\n`,
};

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

/** Whose each event is, by its row in events.parquet. */
async function owners(): Promise<Record<string, string>> {
  const files = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const lie = await duck.rows(
    `SELECT person, event_no FROM read_parquet(${sqlText(files.personEvents)})`,
  );
  expect(lie.map(String)).toEqual(lie.map(String).sort());
  const rows = await duck.rows(`SELECT p.person, e.name, p.name = e.name AND p.time_ms = e.time_ms
    FROM read_parquet(${sqlText(files.personEvents)}) p
      JOIN read_parquet(${sqlText(files.events)}, file_row_number = true) e
        ON e.file_row_number = p.event_no
    ORDER BY p.event_no`);
  expect(rows.every((row) => row[2] === true)).toBe(true);
  const names = ['c1', 'c2', 'c3'];
  const ids = new Map(names.map((name) => [customerPersonId(key, 'test', name), name]));
  return Object.fromEntries(rows.map(([person, name]) => [String(name), ids.get(String(person))!]));
}

it('says anew whose each event is, whichever file tells it', async () => {
  await shop.import({ events: EVENTS, customers: 'id\nc1\nc2\nc3\n' }, MAPPING);
  const own = { 'by customer': 'c1' };
  expect(await owners()).toEqual(own);
  const known = { ...own, 'by cookie': 'c3' };
  await shop.import(device('c3', 'k2'), MAPPING, { dryRun: true });
  expect(await owners()).toEqual(own);
  await shop.import(device('c3', 'k2'), MAPPING);
  expect(await owners()).toEqual(known);
  await shop.import(ORDER, MAPPING);
  const ordered = { ...known, 'by order': 'c2' };
  expect(await owners()).toEqual(ordered);
  // A later row of another event, and one before all others, which numbers them anew.
  await shop.import(
    { events: `time,customer,cookie,order,name\n${hour(0)},c2,,,first\n` },
    MAPPING,
  );
  expect(await owners()).toEqual({ ...ordered, first: 'c2' });
  await shop.import(device('c1', 'k1'), MAPPING);
  const shared = { ...ordered, first: 'c2', 'by the cookie of another': 'c1' };
  expect(await owners()).toEqual(shared);
  await shop.import(device('c2', 'k1'), MAPPING);
  expect(await owners()).toEqual({ ...ordered, first: 'c2' });
  const request = { dir: shop.dir, shop: 'test', timeZone: 'Europe/Sofia', upload: 8 };
  await undoUpload({ ...request, nowMs: AS_OF_MS, memoryMb: 256, threads: 1 }, key, () => {});
  expect(await owners()).toEqual(shared);
  // As an earlier version has left it.
  rmSync(shopFiles(shop.dir, 'test').personEvents);
  await shop.build();
  expect(await owners()).toEqual(shared);
});

it('leaves to nobody what their identifier did while that is taken back', async () => {
  const seen = importMappingSchema.parse({
    ...MAPPING,
    devices: {
      columns: {
        ...{ customer: 'customer', space: 'space', value: 'value' },
        ...{ time: 'seen', revoked_at: 'no' },
      },
    },
  });
  const row = (customer: string, at: string, no = '') => ({
    devices: `customer,space,value,seen,no\n${customer},cookie,k1,${at},${no}\n`,
  });
  const NAME = 'by the cookie of another';
  const owner = async () => (await owners())[NAME];
  const unlink = (customer: string, undo = false) =>
    shop.import({}, MAPPING, { unlink: [{ customer, space: 'cookie', value: 'k1', undo }] });
  await shop.import({ events: EVENTS, customers: 'id\nc1\nc2\nc3\n' }, MAPPING);
  await shop.import(row('c1', hour(1)), seen);
  await shop.import(row('c2', hour(1)), seen);
  expect(await owner()).toBeUndefined();
  await unlink('c2');
  expect(await owner()).toBe('c1');
  await unlink('c2', true);
  expect(await owner()).toBeUndefined();
  await shop.import(row('c2', '', hour(2)), seen);
  expect(await owner()).toBe('c1');
  // Its time alone is another: no content has changed.
  expect((await shop.import(row('c2', hour(3)), seen)).changed).toBe(false);
  expect(await owner()).toBeUndefined();
});
