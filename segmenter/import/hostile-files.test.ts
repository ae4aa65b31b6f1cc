/** Every hostile text of ../shared/data as a cell of a file: read as it stands, or refused; never run. */
import { createSecretKey } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { importFiles } from './import-files.ts';
import type { ImportReport } from './import-report.ts';

const BAD = '../shared/data/badinput';
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-hostile-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const mapping = importMappingSchema.parse({
  orders: {
    columns: { order: 'id', customer: 'client', time: 'at', revenue: 'sum', product: 'product' },
    status: { column: 'status' },
  },
});

function importOrders(content: string): Promise<ImportReport> {
  const orders = join(dir, 'orders');
  writeFileSync(orders, content);
  return importFile(orders);
}

function importFile(orders: string): Promise<ImportReport> {
  const key = createSecretKey(Buffer.alloc(32, 7));
  const rest = { shop: 'test', timeZone: 'UTC', statuses: {}, nowMs: Date.UTC(2026, 10, 22) };
  return importFiles(
    { dir, mapping, orders, force: true, memoryMb: 256, threads: 1, ...rest },
    key,
    () => {},
  );
}

async function heldTexts(): Promise<unknown[][]> {
  const files = shopFiles(dir, 'test');
  const options = { memoryMb: 256, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  const query = `SELECT customer_id, status FROM read_parquet(${sqlText(files.orders)})`;
  return await duck.rows(`${query} ORDER BY CAST(order_id AS INTEGER)`);
}

function cases(file: string, field: string): string[] {
  const lines = readFileSync(`${BAD}/${file}`, 'utf8').trim().split('\n');
  const texts = lines.map((line) => (JSON.parse(line) as Record<string, string | null>)[field]);
  return texts.filter((text) => typeof text === 'string');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const REST = { at: '2026-11-01', sum: '1' };
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe.skipIf(!existsSync(BAD))('hostile files (skipped without ../shared/data)', () => {
  it('loads nothing from packed files that hold no rows, and names each', async () => {
    const names = readdirSync(`${BAD}/gzip`).filter((name) => name.endsWith('.gz'));
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const outcome = await importFile(resolve(`${BAD}/gzip`, name)).catch((error: Error) => error);
      if (outcome instanceof Error) {
        expect(outcome.name, name).toBe('ImportError');
        expect(outcome.message).toContain(name);
      } else {
        expect(outcome.orders?.linesLoaded, name).toBe(0);
        expect(outcome.orders?.rejected.count, name).toBeGreaterThan(0);
      }
    }
  }, 20_000);

  it('keeps formulas as the texts they are', async () => {
    const texts = cases('csv/csv_injection.jsonl', 's');
    const rows = texts.map((text, i) => `${i},${quoted(text)},${REST.at},1,,${quoted(text)}`);
    await importOrders(`id,client,at,sum,product,status\n${rows.join('\n')}\n`);
    expect(await heldTexts()).toEqual(texts.map((text) => [text.trim(), text.trim()]));
  });

  it('reads texts that hang careless expressions at once, in every column', async () => {
    const texts = cases('redos/patterns.jsonl', 'attack').map((text) => text.slice(0, 20_000));
    expect(texts.length).toBeGreaterThan(10);
    const rows = texts.flatMap((text, i) => [
      `${i},c,${quoted(text)},${quoted(text)},,paid`,
      `${i},c,2026-11-01,${quoted(text)},,paid`,
      `${i},c,2026-11-01,1,${quoted(text)},${quoted(text)}`,
    ]);
    const startMs = performance.now();
    const { orders } = await importOrders(`id,client,at,sum,product,status\n${rows.join('\n')}\n`);
    expect(performance.now() - startMs).toBeLessThan(10_000);
    expect(orders).toMatchObject({ linesRead: rows.length });
    expect(orders!.linesLoaded + orders!.rejected.count).toBe(rows.length);
  }, 20_000);

  it('takes names of prototypes for names, in lines and in a list', async () => {
    const objects = cases('proto_pollution/payloads.jsonl', 's').map((text) =>
      text.replaceAll(/\s+/g, ' '),
    );
    expect(objects.length).toBeGreaterThan(10);
    const good = JSON.stringify({ id: '1', client: 'c', status: 'paid', ...REST });
    const lines = await importOrders(`${good}\n${objects.join('\n')}\n`);
    expect(lines.orders!.linesRead).toBe(objects.length + 1);
    expect(lines.orders!.linesLoaded).toBe(1);
    const parsed = objects.filter((object) => isJson(object));
    expect(parsed.length).toBeGreaterThan(10);
    const list = await importOrders(`[${[good, ...parsed].join(',')}]`);
    expect(list.orders).toMatchObject({ linesRead: parsed.length + 1, linesLoaded: 1 });
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
    expect(await heldTexts()).toEqual([['c', 'paid']]);
  });
});
