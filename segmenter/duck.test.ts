import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Duck } from './duck.ts';

const tempDir = mkdtempSync(join(tmpdir(), 'rekindle-duck-'));
let duck: Duck;
let tables = 0;
beforeAll(async () => {
  duck = await Duck.open({ memoryMb: 256, threads: 2, tempDir, folders: [] });
});
afterAll(async () => {
  await duck[Symbol.asyncDispose]();
  rmSync(tempDir, { recursive: true, force: true });
});

/** Writes rows in bulk and reads them back. */
async function stored(rows: readonly (readonly [string, number])[]): Promise<unknown[][]> {
  const name = `written_${tables++}`;
  const table = await duck.createTable(name, { line: 'integer', text: 'text', number: 'number' });
  rows.forEach(([text, number], line) => {
    table.add([line, text, number]);
  });
  await table.close();
  return duck.rows(`SELECT text, number FROM ${name} ORDER BY line`);
}

describe('a table written in bulk', () => {
  it('gives every row back, over many packs', async () => {
    const rows = Array.from({ length: 70_000 }, (_, i) => [`row ${i}`, i * 1e9] as const);
    expect(await stored(rows)).toEqual(rows);
  });

  it('gives any text and any safe integer back', async () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom('\u001f', '\ue000', '\ue001', '"', "'", '\\', '\n', '\0', ','),
      ),
    });
    const rows = fc.array(fc.tuple(text, fc.maxSafeInteger()), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        expect(await stored(written)).toEqual(written);
      }),
    );
  });

  it('is whole in the engine before that is closed', async () => {
    const left = await Duck.open({ memoryMb: 256, threads: 2, tempDir, folders: [] });
    const table = await left.createTable('t', { line: 'integer' });
    for (let line = 0; line < 2 ** 17; line++) table.add([line]);
    await left[Symbol.asyncDispose]();
    await expect(table.close()).resolves.toBeUndefined();
  });

  it('is empty when nothing was written', async () => expect(await stored([])).toEqual([]));
});

it('lets go of all it is at when it is interrupted, and gives no half result for a whole', async () => {
  await using other = await Duck.open({ memoryMb: 256, threads: 2, tempDir, folders: [] });
  const rows = 'FROM range(1000000) a(i), range(1000000) b(i)';
  const running = other.run(`SELECT sum(a.i * b.i) ${rows}`);
  const reading = other.chunks(`SELECT a.i ${rows}`);
  await reading.next();
  other.interrupt();
  await expect(running).rejects.toThrow(/interrupt/i);
  await expect(reading.next()).rejects.toThrow(/interrupt/i);
  await expect(other.numbers('SELECT 1')).rejects.toThrow(/interrupt/i);
});

it.each([
  ['at once', 1],
  ['on its way', 4_000_000],
])('gives no half result of a query that fails %s', async (_, row) => {
  const failing = `SELECT CASE WHEN i = ${row} THEN error('boom') ELSE 'x' END FROM range(5000000) t(i)`;
  let rows = 0;
  const read = async () => {
    for await (const { rowCount } of duck.chunks(failing)) rows += rowCount;
  };
  await expect(read()).rejects.toThrow(row === 1 ? 'boom' : 'broke off before its last row');
  expect(rows > 0).toBe(row > 1);
});
