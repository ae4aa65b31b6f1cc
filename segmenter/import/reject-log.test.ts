import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { RejectLog } from './reject-log.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-rejects-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('gives two files of one import a report each, though their names come out alike', () => {
  const [first, second] = ['заказы.csv', 'клиент.csv'].map((file) => {
    using log = new RejectLog(file, dir, 0);
    log.add({ line: 7, column: 'id', reason: 'expected an id', value: '' }, file);
    return log.summary().report!;
  });
  expect(first).not.toBe(second);
  expect(readFileSync(first!, 'utf8')).toContain('"заказы.csv"');
  expect(readFileSync(second!, 'utf8')).toContain('"клиент.csv"');
});

it('reports on a file whose name leaves no room for a time', () => {
  using log = new RejectLog(`${'o'.repeat(250)}.csv`, dir, 0);
  log.add({ line: 7, column: 'id', reason: 'expected an id', value: '' }, '');
  expect(log.summary().report).toMatch(/-o{200}\.rejected\.csv$/);
});
