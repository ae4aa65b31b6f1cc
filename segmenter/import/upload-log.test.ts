import { createSecretKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { shopFiles } from '../shop-data.ts';
import { readUploads, type UploadRecord } from '../uploads/upload-record.ts';
import { type ImportRequest, importFiles } from './import-files.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-uploads-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const mapping = importMappingSchema.parse({
  customers: { columns: { customer: 'id', email: 'e' } },
});

const KEY = createSecretKey(Buffer.alloc(32, 7));
const REQUEST = {
  ...{ dir, shop: 'test', timeZone: 'UTC', mapping, statuses: {}, force: false },
  ...{ nowMs: 1000, memoryMb: 256, threads: 1 },
};

async function send(content: string, nowMs: number): Promise<void> {
  const customers = join(dir, 'c.csv');
  writeFileSync(customers, content);
  await importFiles({ ...REQUEST, customers, nowMs }, KEY, () => {});
}

it('records every import, also one that failed, without the cells of refused rows', async () => {
  const files = shopFiles(dir, 'test');
  expect(readUploads(files.uploads)).toEqual([]);
  await send('id,e\n1,a@x.com\n,secret@x.com\n', 1000);
  await expect(send('secret@x.com\n1\n', 2000)).rejects.toThrow(/no column "id", "e"/);
  await expect(send('id,e\n,secret@x.com\n', 2500)).rejects.toThrow(/1 of 1 rows/);
  await send('id,e\n1,a@x.com\n', 3000);
  const uploads = readUploads(files.uploads);
  expect(uploads.map(({ id, timeMs, state }) => [id, timeMs, state])).toEqual([
    [1, 1000, 'PROCESSED'],
    [2, 2000, 'FAILED'],
    [3, 2500, 'FAILED'],
    [4, 3000, 'PROCESSED'],
  ]);
  expect(uploads[0]).toMatchObject({
    ...{ kind: 'customers', file: 'c.csv', sourceQuantity: 2, lineQuantity: 1 },
    errors: [{ line: 3, column: 'id', reason: 'expected a customer id' }],
  });
  expect(uploads[1]!.message).toMatch(/no column "id", "e"/);
  expect(JSON.stringify(uploads)).not.toContain('secret');
  expect(readdirSync(files.folder).join(' ')).not.toMatch(/[.]new|[.]tmp/);
});

describe('an import that fails before it has read a file, or for no fault of it', () => {
  const given = { customers: join(dir, 'c.csv'), devices: join(dir, 'd.csv') };
  const orders = join(dir, 'o.csv');

  async function failed(
    request: Partial<ImportRequest>,
    expected: RegExp,
    { key = KEY, threads }: { key?: KeyObject; threads?: () => never } = {},
  ): Promise<UploadRecord[]> {
    const { folder, uploads } = shopFiles(dir, 'test');
    const before = dataIn(folder);
    const known = readUploads(uploads).length;
    await expect(importFiles({ ...REQUEST, ...request }, key, () => {}, threads)).rejects.toThrow(
      expected,
    );
    expect(dataIn(folder)).toEqual(before);
    return readUploads(uploads).slice(known);
  }

  it('leaves a record of each file, and the data as it was', async () => {
    await send('id,e\n1,a@x.com\n', 1000);
    writeFileSync(orders, 'o,c,t,r\n1,anna,2026-01-01,secret\n');
    const noSection = await failed(given, /no import: devices: section/);
    expect(noSection.map(({ kind, state }) => [kind, state])).toEqual([
      ['customers', 'FAILED'],
      ['devices', 'FAILED'],
    ]);
    const otherKey = createSecretKey(Buffer.alloc(32, 8));
    const { customers } = given;
    expect(await failed({ customers }, /workspace's key/, { key: otherKey })).toHaveLength(1);
    const columns = { order: 'o', customer: 'c', time: 't', revenue: 'r' };
    const section = { orders: { columns, status: { constant: 'paid' } } };
    const threads = () => {
      throw new Error('no room for "secret"');
    };
    const withOrders = { orders, mapping: importMappingSchema.parse(section) };
    const unforeseen = await failed(withOrders, /no room/, { threads });
    expect(unforeseen).toMatchObject([{ kind: 'orders', file: 'o.csv', state: 'FAILED' }]);
    expect(unforeseen[0]!.message).toMatch(/not for what the files hold/);
    const upload = { ...withOrders, upload: 99 };
    expect(await failed(upload, /no room/, { threads })).toEqual([]);
  });
});

/** Everything in a folder but the records themselves. */
function dataIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => /[.](?:parquet|json)$/.test(name));
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );
}
