/** Reports of rejected rows hold rows as they came: those that name a person lose their text. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { renameDurably } from '../../platform/durable-file.ts';
import type { Duck } from '../duck.ts';
import type { TextRow } from '../import/csv-rows.ts';
import { openRows } from '../import/open-rows.ts';
import { rowsOf } from '../import/row-parts.ts';
import type { ShopFiles } from '../shop-data.ts';
import { phoneDigits } from './phone-digits.ts';

/** Stands for what named somebody. */
export const FORGOTTEN = '(a person was forgotten)';
/** Of a report, see import/reject-log.ts. */
export const REPORT_COLUMNS = ['line', 'column', 'reason', 'row'] as const;
const ROW = 3;
const DRAFT = '.draft';

/** Returns how many rows lost their text. A row that cannot be told apart from theirs loses it too. */
export async function redactRejects(
  duck: Duck,
  files: ShopFiles,
  raw: readonly string[],
): Promise<number> {
  let redacted = 0;
  for (const file of rejectReports(files)) redacted += await redact(duck, file, raw);
  return redacted;
}

/** Oldest first. Clears away what a run that was killed has left. */
export function rejectReports(files: ShopFiles): string[] {
  if (!existsSync(files.imports)) return [];
  const names = readdirSync(files.imports).sort();
  for (const name of names) if (name.endsWith(DRAFT)) rmSync(join(files.imports, name));
  return names
    .filter((name) => name.endsWith('.rejected.csv'))
    .map((name) => join(files.imports, name));
}

async function redact(duck: Duck, file: string, raw: readonly string[]): Promise<number> {
  const draft = `${file}${DRAFT}`;
  const handle = openSync(draft, 'w');
  let redacted = 0;
  try {
    writeSync(handle, `${REPORT_COLUMNS.join(',')}\n`);
    const report = { file, columns: REPORT_COLUMNS, delimiter: ',', encoding: 'utf-8' } as const;
    for await (const part of openRows(report, duck)) {
      const kept = keptRows(rowsOf(part), raw);
      redacted += kept.redacted;
      writeSync(handle, kept.text);
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (redacted === 0) rmSync(draft);
  else renameDurably(draft, file);
  return redacted;
}

function keptRows(
  rows: readonly TextRow[],
  raw: readonly string[],
): { text: string; redacted: number } {
  let text = '';
  let redacted = 0;
  for (const { fields, raw: written } of rows) {
    // One that cannot be read again may be anybody's.
    const cells = fields ?? ['0', '', '', written];
    const row = cells[ROW]!;
    const named = fields === null || (row !== FORGOTTEN && names(row, raw));
    if (named) redacted++;
    const quotedCells = [cells[1]!, cells[2]!, named ? FORGOTTEN : row].map(quoted);
    text += `${cells[0]},${quotedCells.join(',')}\n`;
  }
  return { text, redacted };
}

/** Whether a row has one of the values as a whole word, or a phone's digits in any spelling. */
export function names(row: string, raw: readonly string[]): boolean {
  const text = row.toLowerCase();
  return raw.some((value) => hasWord(text, value) || hasPhone(text, value));
}

function hasWord(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
    if (!isWordSign(text, at - 1) && !isWordSign(text, at + value.length)) return true;
  }
  return false;
}

const WORD_SIGN = /[\p{L}\p{N}]/u;

function isWordSign(text: string, at: number): boolean {
  return at >= 0 && at < text.length && WORD_SIGN.test(text[at]!);
}

const PHONE = /^[\d\s().+\-–—/]+$/;

function hasPhone(text: string, value: string): boolean {
  const digits = PHONE.test(value) ? phoneDigits(value) : '';
  return digits !== '' && text.replaceAll(/[\s().+\-–—/]/g, '').includes(digits);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
