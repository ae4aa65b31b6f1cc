import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Duck } from '../duck.ts';
import { createAnswers } from './answers.ts';

const CUSTOMERS = 40;
/** In one query they need half a gigabyte. */
const SUBQUERIES = 64;
const PLAIN = 70;

it('answers more questions than one query has the memory for, some by answers before', async () => {
  const tempDir = mkdtempSync(join(tmpdir(), 'rekindle-answers-'));
  await using duck = await Duck.open({ memoryMb: 110, threads: 2, tempDir, folders: [] });
  await duck.run(`CREATE TABLE customers AS
    SELECT 'p' || CAST(i AS VARCHAR) AS person, CAST(i AS INTEGER) AS number FROM range(${CUSTOMERS}) r(i)`);
  await duck.run('CREATE TABLE orders AS SELECT person, number AS day FROM customers');
  const since = Array.from({ length: SUBQUERIES }, (_, day) => ({
    column: `"since ${day}"`,
    sql: `c.person IN (SELECT o.person FROM orders o WHERE o.day >= ${day}
      GROUP BY o.person HAVING COUNT(*) >= 1)`,
  }));
  const plain = Array.from({ length: PLAIN }, (_, i) => ({
    column: `plain${i}`,
    sql: `c.number = ${i}`,
  }));
  const reading = { column: 'between', sql: '(c."since 3" AND NOT c."since 6" OR c.plain30)' };
  const answers = await createAnswers(duck, [[...since, ...plain], [], [reading]]);
  expect([...answers.keys()]).toEqual([...since, ...plain, reading].map(({ column }) => column));
  const peopleOf = async (column: string) =>
    (await duck.rows(`SELECT number FROM answers WHERE ${answers.get(column)} ORDER BY 1`)).flat();
  const numbers = Array.from({ length: CUSTOMERS }, (_, i) => i);
  for (const day of [0, 7, 15, 16, 31, 39, 40, 63]) {
    expect(await peopleOf(`"since ${day}"`)).toEqual(numbers.slice(day));
  }
  for (const i of [0, 29, 30, 39, 69]) {
    expect(await peopleOf(`plain${i}`)).toEqual(numbers.slice(i, i + 1));
  }
  expect(await peopleOf('between')).toEqual([3, 4, 5, 30]);
  rmSync(tempDir, { recursive: true });
});
