import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Duck } from '../duck.ts';
import { idSql, idTexts } from '../duck-chunk.ts';
import { ColumnCursor } from './column-cursor.ts';

/** Some chunks of DuckDB's. */
const ROWS = 10_000;
/** Nought is in the place of a NULL that is computed; of one from a table it would be NaN already. */
const HALF = 'CASE WHEN i % 3 <> 0 THEN CAST(i AS DOUBLE) / 2 END';
const ID = "lpad(CAST(i AS VARCHAR), 16, '0')";

const tempDir = mkdtempSync(join(tmpdir(), 'rekindle-cursor-'));
let duck: Duck;
beforeAll(async () => {
  duck = await Duck.open({ memoryMb: 256, threads: 2, tempDir, folders: [] });
  await duck.run(
    `CREATE TABLE counted AS SELECT CAST(i AS INTEGER) AS i, ${ID} AS id FROM range(${ROWS}) r(i)`,
  );
});
afterAll(async () => {
  await duck[Symbol.asyncDispose]();
  rmSync(tempDir, { recursive: true, force: true });
});

const idOf = (i: number) => String(i).padStart(16, '0');
const halfOf = (i: number) => (i % 3 === 0 ? Number.NaN : i / 2);

function cursorOver(where: string): ColumnCursor {
  const query = `SELECT ${idSql('id')}, CAST(i AS DOUBLE), ${HALF}, CAST(7 AS DOUBLE) FROM counted WHERE ${where}`;
  return new ColumnCursor(duck.chunks(query), { ids: 1, numbers: 3 });
}

it('gives portions of any size, across chunks, NaN for NULL', async () => {
  const cursor = cursorOver('TRUE');
  let first = 0;
  for (const rows of [0, 1, 3000, 2048, 4951]) {
    const taken = await cursor.take(rows);
    const expected = Array.from({ length: rows }, (_, i) => first + i);
    expect(taken.rows).toBe(rows);
    expect(idTexts(taken.ids[0]!)).toEqual(expected.map(idOf));
    expect(taken.numbers.map((column) => [...column])).toEqual([
      expected,
      expected.map(halfOf),
      expected.map(() => 7),
    ]);
    first += rows;
  }
  expect(await cursor.isAtEnd()).toBe(true);
  await expect(cursor.take(1)).rejects.toThrow('end too early');
});

it('reads rows that a filter has left as it reads a whole table', async () => {
  const cursor = cursorOver('i % 7 = 1');
  const kept = Array.from({ length: ROWS }, (_, i) => i).filter((i) => i % 7 === 1);
  const taken = await cursor.take(kept.length);
  expect(idTexts(taken.ids[0]!)).toEqual(kept.map(idOf));
  expect([...taken.numbers[1]!]).toEqual(kept.map(halfOf));
  expect(await cursor.isAtEnd()).toBe(true);
});

it('takes rows through a value, over as many chunks as it is away', async () => {
  const cursor = cursorOver('TRUE');
  const counts: number[] = [];
  for (const last of [-1, 0, 5000, 5000, 5001, ROWS + 1]) {
    counts.push((await cursor.takeThrough(0, last)).rows);
  }
  expect(counts).toEqual([0, 1, 5000, 0, 1, ROWS - 5002]);
  expect(await cursor.next()).toBeNull();
});

it('gives what is left of a chunk, then one after the other', async () => {
  const cursor = cursorOver('TRUE');
  await cursor.take(10);
  let rows = 10;
  for (let some = await cursor.next(); some !== null; some = await cursor.next()) {
    expect(some.numbers[0]![0]).toBe(rows);
    rows += some.rows;
  }
  expect(rows).toBe(ROWS);
});

it('refuses an id that is not as long as an id', async () => {
  const query = `SELECT ${idSql("'short'")}`;
  const cursor = new ColumnCursor(duck.chunks(query), { ids: 1, numbers: 0 });
  await expect(cursor.next()).rejects.toThrow('half of an id has 5 bytes');
});
