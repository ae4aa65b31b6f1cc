/** A file of records, whole: for commands that analysts run by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Duck } from '../duck.ts';
import { openRows } from '../import/open-rows.ts';
import { rowsOf } from '../import/row-parts.ts';

export interface RecordRow {
  readonly line: number;
  /** Of the columns asked for, in their order, as they stand in the file. */
  readonly cells: readonly string[];
}

/** A row that could not be read. */
export interface BadRow {
  readonly line: number;
  readonly reason: string;
}

const HINT = 'Columns are named as they stand there';
/** For Parquet alone. */
const MEMORY_MB = 512;

/**
 * The named columns of a CSV, JSON, NDJSON or Parquet file, gzipped or not. Throws ImportError when the
 * file as a whole cannot be read or lacks one of them.
 */
export async function readRecords(
  file: string,
  columns: readonly string[],
): Promise<{ readonly rows: readonly RecordRow[]; readonly bad: readonly BadRow[] }> {
  const tempDir = mkdtempSync(join(tmpdir(), 'rekindle-records-'));
  const path = resolve(file);
  const rows: RecordRow[] = [];
  const bad: BadRow[] = [];
  try {
    const options = { memoryMb: MEMORY_MB, threads: 1, tempDir, folders: [], files: [path] };
    await using duck = await Duck.open(options);
    const request = { file: path, columns, delimiter: undefined, hint: HINT };
    for await (const part of openRows(request, duck)) {
      for (const { line, fields, problem } of rowsOf(part)) {
        if (fields === null) bad.push({ line, reason: problem });
        else rows.push({ line, cells: fields });
      }
    }
  } finally {
    rmSync(tempDir, { recursive: true });
  }
  return { rows, bad };
}
