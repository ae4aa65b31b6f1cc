import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSegmentFile } from '../settings/segment-file.ts';
import { PREVIEW_KINDS } from './preview-kinds.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-kinds-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

it.each(Object.entries(PREVIEW_KINDS))('writes a sound rule: %s', (_, conditions) => {
  const path = join(dir, 'tried.yaml');
  writeFileSync(path, `segment: tried\ntitle: Tried\n${conditions}`);
  const shown = { path, shownAs: 'tried.yaml', file: 'tried.yaml' };
  const calendar = { timeZone: 'Europe/Sofia', weekStart: 'monday' } as const;
  const { problems } = readSegmentFile({ ...shown, currency: 'USD', locale: 'en', calendar });
  expect(problems).toEqual([]);
});
