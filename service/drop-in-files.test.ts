import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import { type ImportRequest, importFiles } from '../segmenter/import/import-files.ts';
import { readServiceConfig } from '../settings/service-config.ts';
import { needsImport, shopNamed } from './shop-jobs.ts';
import { UploadBench } from './upload-bench.contract.ts';

let bench: UploadBench;
beforeEach(async () => {
  bench = new UploadBench('import: { customers: { columns: { customer: id, email: mail } } }\n');
  await bench.start();
});
afterEach(() => bench.stop());

const NOW_MS = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;

/** A file in the crm/ folder, as it was written at `ms`. */
function lay(name: string, ms: number): string {
  const folder = join(bench.dir, 'shops', 'tea', 'crm');
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, 'id,mail\nu1,a@x.ru\n');
  utimesSync(file, ms / 1000, ms / 1000);
  return file;
}

function needs(): boolean {
  const config = readServiceConfig({ REKINDLE_DIR: bench.dir }, '/');
  return needsImport(config, shopNamed(config, 'tea'));
}

async function command(asked: Partial<ImportRequest>): Promise<void> {
  const shop = shopNamed(readServiceConfig({ REKINDLE_DIR: bench.dir }, '/'), 'tea');
  const request = {
    ...{ dir: bench.dir, shop: 'tea', timeZone: 'UTC', mapping: shop.imports, statuses: {} },
    ...{ nowMs: NOW_MS, force: false, memoryMb: 256, threads: 1 },
  };
  const key = loadOrCreateKey(join(bench.dir, 'secret.key'));
  await importFiles({ ...request, ...asked }, key, () => {});
}

async function send(id: string): Promise<void> {
  const body = `uniq_id,emails\n${id},${id}@x.ru\n`;
  expect((await bench.send('/crm/tea/data/contacts/csv', body))[0]).toBe(200);
  await bench.idle();
}

it('a file of crm/ is imported once, whatever else becomes of the data after it came', async () => {
  const customers = lay('customers-1.csv', NOW_MS - HOUR_MS);
  await send('u7');
  expect(needs()).toBe(true);
  await command({ customers, dryRun: true });
  expect(needs()).toBe(true);
  await command({ customers });
  expect(needs()).toBe(false);
  lay('customers-2.csv', NOW_MS + HOUR_MS);
  await send('u8');
  expect((await bench.ask('/crm/tea/uploading/4', { method: 'DELETE' }))[0]).toBe(200);
  const link = { customer: 'u1', space: 'email', value: 'a@x.ru', undo: false } as const;
  await command({ unlink: [link], nowMs: NOW_MS + 2 * HOUR_MS });
  expect(needs()).toBe(true);
  await command({ customers: lay('customers-2.csv', NOW_MS + HOUR_MS), nowMs: NOW_MS + HOUR_MS });
  expect(needs()).toBe(false);
  await send('u9');
  expect(needs()).toBe(false);
});
