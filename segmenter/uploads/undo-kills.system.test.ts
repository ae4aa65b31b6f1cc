import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { AS_OF_MS, key, TestShop } from '../build/test-shop.contract.ts';
import { shopFiles } from '../shop-data.ts';

const compiled = resolve('dist/segmenter/run-job.js');
const { runUndo } = (await import(pathToFileURL(compiled).href)) as typeof import('../run-job.ts');

function orders(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const time = new Date(AS_OF_MS - ((i * 7919) % 9000) * 3_600_000).toISOString();
    return `${i},c${i % 4000},${time},p${i % 97},1,${(i % 500) / 10},paid\n`;
  });
  return `order,customer,time,product,quantity,price,status\n${rows.join('')}`;
}

function killAfter(pid: number, delayMs: number): void {
  setTimeout(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It had finished.
    }
  }, delayMs);
}

it('an import is taken back whole, wherever its undo is killed', async () => {
  await using shop = await TestShop.open();
  const { dir, shop: name, timeZone, memoryMb, threads } = shop.request();
  const { folder, state } = shopFiles(dir, name);
  const held = () => {
    const tables = readdirSync(folder).filter((file) => /[.]parquet$|^import/.test(file));
    return tables.sort().map((file) => readFileSync(join(folder, file), 'latin1'));
  };
  await shop.import({ orders: orders(2000) });
  const before = held();
  await shop.import({ orders: orders(20_000) });
  const request = { dir, shop: name, timeZone, memoryMb, threads, nowMs: AS_OF_MS, upload: 2 };
  for (let i = 0; i < 4; i++) {
    const started = (pid: number) => killAfter(pid, 150 + i * 100);
    await runUndo(request, key, { started }).catch(() => {});
    // What was begun is finished by whoever comes next, and never half of it.
    await expect(runUndo({ ...request, upload: 9 }, key)).rejects.toThrow('there is no upload 9');
    const isUndone = before.includes(readFileSync(state, 'latin1'));
    const same = held().filter((table, t) => table === before[t]);
    expect(same.length === before.length).toBe(isUndone);
  }
  await runUndo(request, key).catch(() => {});
  await expect(runUndo(request, key)).rejects.toMatchObject({ reason: 'UndoRefused' });
  expect(held()).toEqual(before);
});
