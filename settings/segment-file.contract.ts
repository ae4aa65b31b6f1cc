import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { readSegmentFile } from './segment-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-segment-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Reads `text` as the segment file of the demo shop. */
export function readSegment(text: string) {
  const path = join(dir, 'a.yaml');
  writeFileSync(path, text);
  const file = 'segments/a.yaml';
  return readSegmentFile({
    path,
    shownAs: `shops/demo/${file}`,
    file,
    currency: 'USD',
    locale: 'en-US',
    calendar: { timeZone: 'Europe/Sofia', weekStart: 'monday' },
  });
}

/** `rule` is what follows `segment:` and `title:`, from line 3 on. */
export function checkSegment(rule: string, ...expected: string[]): void {
  const { value, problems } = readSegment(`segment: a\ntitle: A\n${rule}`);
  const shown = problems.map(({ line, column, path, message, suggestion }) =>
    [`${line}:${column}`, path, message, ...(suggestion ? [`→ ${suggestion}`] : [])].join(' '),
  );
  expect(shown).toEqual(expected);
  expect(value === null).toBe(expected.length > 0);
}
