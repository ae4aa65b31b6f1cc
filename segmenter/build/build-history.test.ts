import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ShopFiles, shopFiles } from '../shop-data.ts';
import { addToHistory, type HistoryEntry, readHistory } from './build-history.ts';

let dir: string;
let files: ShopFiles;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-history-'));
  files = shopFiles(dir, 'test');
});
afterEach(() => rmSync(dir, { recursive: true }));

const rolledBack = (atMs: number): HistoryEntry => ({
  kind: 'rollback',
  atMs,
  generation: `g${atMs}`,
});

it('is empty before the first build', () => expect(readHistory(files)).toEqual([]));

it('tells oldest first, also behind a line that was cut off', () => {
  addToHistory(files, rolledBack(1));
  appendFileSync(files.history, '{"kind":"roll');
  addToHistory(files, rolledBack(2));
  expect(readHistory(files)).toEqual([rolledBack(1), rolledBack(2)]);
});

it('stays short', () => {
  for (let i = 0; i < 1700; i++) addToHistory(files, rolledBack(i));
  const entries = readHistory(files);
  expect(entries.length).toBeLessThanOrEqual(1000);
  expect(entries.at(-1)).toEqual(rolledBack(1699));
  expect(readFileSync(files.history, 'utf8').length).toBeLessThan(100_000);
});
