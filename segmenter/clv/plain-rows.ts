/** Rows of text files as analysts have them: split at white space, or without a header line. */
import { basename } from 'node:path';
import { CsvCutter, csvRows, detectDelimiter, type TextRow } from '../import/csv-rows.ts';
import { ImportError } from '../import/import-error.ts';
import { NdjsonCutter } from '../import/ndjson-rows.ts';
import { shownHeader } from '../import/open-rows.ts';
import { marked } from '../import/row-parts.ts';
import { textChunks } from '../import/text-source.ts';

export const WHITESPACE = 'whitespace';

export interface PlainRowsRequest {
  readonly file: string;
  /** By name, or by number from 1 where there is no header. */
  readonly columns: readonly string[];
  readonly header: boolean;
  /** One character or `whitespace`. */
  readonly delimiter: string | undefined;
}

/** Rows hold the cells of the columns asked for. Throws ImportError as openRows does. */
export async function* plainRows(request: PlainRowsRequest): AsyncGenerator<TextRow[]> {
  let split: ((text: string, last: boolean) => TextRow[]) | null = null;
  let layout: Layout | null = null;
  let waiting = '';
  const selected = (text: string, last: boolean): TextRow[] => {
    waiting += text;
    if (split === null && !last && !waiting.trimStart().includes('\n')) return [];
    split ??= splitter(request.delimiter ?? delimiterOf(waiting));
    const rows = split(waiting, last);
    waiting = '';
    const first = rows[0];
    if (first === undefined) return [];
    if (layout === null) {
      layout = layoutBy(first, request);
      if (request.header) rows.shift();
    }
    return marked(rows.map((row) => pick(row, layout!)));
  };
  for await (const text of textChunks(request.file)) yield selected(text, false);
  yield selected('', true);
}

/** What the first line says of those after it. */
interface Layout {
  /** Where the columns asked for are. */
  readonly indices: readonly number[];
  /** Fields of the line. */
  readonly width: number;
}

function layoutBy(first: TextRow, request: PlainRowsRequest): Layout {
  const fields = first.fields ?? [];
  const indices = request.header ? namedColumns(fields, request) : columnNumbers(request);
  const needed = Math.max(...indices) + 1;
  if (fields.length >= needed) return { indices, width: fields.length };
  const problem = `${fields.length} fields where column ${needed} is asked for`;
  throw new ImportError(`${basename(request.file)}:${first.line}: ${problem}`);
}

function delimiterOf(start: string): string {
  const line = start.trimStart().split('\n', 1)[0]!.trimEnd();
  const delimiter = detectDelimiter(line);
  return line.includes(delimiter) ? delimiter : WHITESPACE;
}

function splitter(delimiter: string): (text: string, last: boolean) => TextRow[] {
  if (delimiter !== WHITESPACE) {
    const cutter = new CsvCutter(delimiter);
    return (text, last) => csvRows(cutter.push(text, last), delimiter);
  }
  const cutter = new NdjsonCutter();
  return (text, last) => {
    const piece = cutter.push(text, last);
    const rows: TextRow[] = [];
    let line = piece.line;
    for (const raw of piece.text.split('\n')) {
      const fields = raw.trim();
      if (fields !== '') rows.push({ line, fields: fields.split(/\s+/), problem: '', raw });
      line++;
    }
    return rows;
  };
}

const COLUMN_NUMBER = /^[1-9]\d{0,3}$/;

function columnNumbers({ file, columns }: PlainRowsRequest): number[] {
  return columns.map((column) => {
    if (COLUMN_NUMBER.test(column)) return Number(column) - 1;
    throw new ImportError(
      `${basename(file)}: without a header columns are numbers from 1, got "${column}"`,
    );
  });
}

function namedColumns(header: readonly string[], { file, columns }: PlainRowsRequest): number[] {
  return columns.map((column) => {
    const index = header.indexOf(column);
    if (index !== -1) return index;
    const names = shownHeader(header);
    throw new ImportError(`${basename(file)}:1: no column "${column}"; the file has ${names}`);
  });
}

function pick(row: TextRow, { indices, width }: Layout): TextRow {
  const { fields, line, raw } = row;
  if (fields === null) return row;
  if (fields.length !== width) {
    const problem = `${fields.length} fields where the first line has ${width}`;
    return { line, fields: null, problem, raw };
  }
  return { line, fields: indices.map((index) => fields[index]!), problem: '', raw };
}
