import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
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
