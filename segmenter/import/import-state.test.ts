import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shopFiles } from '../shop-data.ts';
import { IMPORT_STATE_FORMAT, readTogether } from './import-state.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'import-state-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

it('reads again what an import has replaced meanwhile, and tells of failures that no import explains', async () => {
  const files = shopFiles(dir, 'test');
  const imported = (contentHash: string) =>
    writeFileSync(files.state, JSON.stringify({ format: IMPORT_STATE_FORMAT, contentHash }));
  imported('a');
  const answers: (() => string)[] = [
    () => {
      imported('b');
      return 'half of a, half of b';
    },
    () => {
      imported('c');
      throw new Error('the file is another');
    },
    () => 'c',
  ];
  expect(await readTogether(files, async () => answers.shift()!())).toBe('c');
  const fails = async () => {
    throw new Error('damaged');
  };
  await expect(readTogether(files, fails)).rejects.toThrow('damaged');
});
