import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildZone, localDay, localDaySql } from '../rules/local-day.ts';

const SEED = 20_261_122;
const FROM_MS = Date.UTC(2010, 0, 1);
const TO_MS = Date.UTC(2027, 0, 1);

it.each([
  'Europe/Sofia',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'UTC',
])('gives the day of a moment in %s alike in SQL and TypeScript', async (timeZone) => {
  const zone = buildZone(timeZone, FROM_MS, TO_MS);
  const moments = fc.sample(fc.integer({ min: -1_000_000_000, max: TO_MS }), {
    numRuns: 2000,
    seed: SEED,
  });
  for (const start of zone.startsMs.slice(1)) {
    for (const hours of [-25, -2, -1, 0, 1, 2, 25]) {
      moments.push(start + hours * 3_600_000 - 1, start + hours * 3_600_000);
    }
  }
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run('CREATE TABLE moments (n INTEGER, moment BIGINT)');
  await db.run(`INSERT INTO moments VALUES ${moments.map((ms, n) => `(${n}, ${ms})`).join(', ')}`);
  const rows = await db.runAndReadAll(
    `SELECT ${localDaySql('moment', zone)} FROM moments ORDER BY n`,
  );
  db.closeSync();

  expect(rows.getRows().map(([day]) => day)).toEqual(moments.map((ms) => localDay(zone, ms)));
});
