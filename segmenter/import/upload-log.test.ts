import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { shopFiles } from '../shop-data.ts';
import { importFiles } from './import-files.ts';
import { readUploads } from './upload-log.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-uploads-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const mapping = importMappingSchema.parse({
  customers: { columns: { customer: 'id', email: 'e' } },
});

async function send(content: string, nowMs: number): Promise<void> {
  const customers = join(dir, 'c.csv');
  writeFileSync(customers, content);
  const request = { dir, shop: 'test', timeZone: 'UTC', mapping, statuses: {}, force: false };
  const limits = { memoryMb: 256, threads: 1 };
  await importFiles(
    { ...request, ...limits, customers, nowMs },
    createSecretKey(Buffer.alloc(32, 7)),
    () => {},
  );
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
