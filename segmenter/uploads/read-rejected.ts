/** Pages of the rows that an import left out, of the report that it wrote; without their cells. */
import { existsSync } from 'node:fs';
import { CsvCutter, csvRows } from '../import/csv-rows.ts';
import { textChunks } from '../import/text-source.ts';

export interface RejectedLine {
  readonly line: number;
  /** Column in the file; '' when the row as a whole could not be split. */
  readonly column: string;
  readonly reason: string;
}

const DELIMITER = ',';
/** line, column, reason and the row itself. */
const COLUMNS = 4;

/** However long the report is, a piece of it is held at a time. None of a report that is there no more. */
export async function readRejected(
  report: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<RejectedLine[]> {
  const page: RejectedLine[] = [];
  // The header counts as one.
  let place = -1;
  if (!existsSync(report)) return page;
  for await (const fields of rowsOf(report)) {
    // What is left of a row that is longer than rows may be.
    if (fields.length !== COLUMNS) continue;
    if (place >= offset) page.push(rejected(fields));
    if (page.length === limit) break;
    place++;
  }
  return page;
}

async function* rowsOf(report: string): AsyncGenerator<readonly string[]> {
  const cutter = new CsvCutter(DELIMITER);
  for await (const text of textChunks(report, { encoding: 'utf-8' })) {
    for (const { fields } of csvRows(cutter.push(text, false), DELIMITER)) yield fields ?? [];
  }
  for (const { fields } of csvRows(cutter.push('', true), DELIMITER)) yield fields ?? [];
}

function rejected([line = '', column = '', reason = '']: readonly string[]): RejectedLine {
  return { line: Number(line), column, reason };
}
