/**
 * Rows of a CSV, NDJSON or Parquet file, reduced to the columns that a mapping names. Which of
 * the three it is, and whether it is gzipped, is read from the file itself, not from its name.
 */
import { basename } from 'node:path';
import { type Duck, sqlName, sqlText } from '../duck.ts';
import { CsvReader, detectDelimiter, type TextRow } from './csv-rows.ts';
import { ImportError } from './import-error.ts';
import { NdjsonReader } from './ndjson-rows.ts';
import { fileHead, textChunks } from './text-source.ts';

export interface RowsRequest {
  readonly file: string;
  /** Columns by their names in the file; rows hold their cells in this order. */
  readonly columns: readonly string[];
  readonly delimiter: string | undefined;
  /** Bytes of the file read so far. */
  readonly onBytes?: (bytes: number) => void;
}

/** Throws ImportError when the file as a whole is not readable or lacks a column. */
export async function* openRows(request: RowsRequest, duck: Duck): AsyncGenerator<TextRow[]> {
  const head = await fileHead(request.file, 4);
  if (head.toString('latin1') === 'PAR1') yield* parquetRows(request, duck);
  else yield* textRows(request);
}

async function* textRows(request: RowsRequest): AsyncGenerator<TextRow[]> {
  const chunks = textChunks(request.file, request.onBytes);
  let start = '';
  let ended = false;
  while (!ended && !start.trimStart().includes('\n')) {
    const next = await chunks.next();
    if (next.done === true) ended = true;
    else start += next.value;
  }
  const reader = readerFor(start, request);
  yield marked(reader.push(start, ended));
  if (ended) return;
  for await (const text of chunks) yield marked(reader.push(text, false));
  yield marked(reader.push('', true));
}

interface Reader {
  push(text: string, last: boolean): TextRow[];
}

function readerFor(start: string, request: RowsRequest): Reader {
  const name = basename(request.file);
  const first = start.trimStart().charAt(0);
  if (first === '') throw new ImportError(`${name}: the file is empty`);
  if (first === '{') return new NdjsonReader(request.columns);
  if (first === '[') {
    throw new ImportError(`${name}: expected one JSON object a line (NDJSON), got a JSON array`);
  }
  if (first === '<') {
    throw new ImportError(`${name}: expected CSV, NDJSON or Parquet, got HTML or XML`);
  }
  return new SelectedColumns(start, request);
}

/** CSV with its header line read and its columns put into the order asked for. */
class SelectedColumns implements Reader {
  readonly #reader: CsvReader;
  readonly #request: RowsRequest;
  #indices: number[] | null = null;
  #width = 0;

  constructor(start: string, request: RowsRequest) {
    const header = start.slice(0, start.indexOf('\n') === -1 ? start.length : start.indexOf('\n'));
    this.#reader = new CsvReader(request.delimiter ?? detectDelimiter(header));
    this.#request = request;
  }

  push(text: string, last: boolean): TextRow[] {
    const rows = this.#reader.push(text, last);
    if (this.#indices === null) {
      const header = rows.shift();
      if (header === undefined) return [];
      this.#indices = columnIndices(header.fields ?? [], this.#request);
      this.#width = header.fields?.length ?? 0;
    }
    return rows.map((row) => this.#selected(row, this.#indices!));
  }

  #selected(row: TextRow, indices: readonly number[]): TextRow {
    if (row.fields === null) return row;
    if (row.fields.length !== this.#width) {
      const cut = row.fields.length < this.#width ? ' (is the file cut off?)' : '';
      const problem = `${row.fields.length} fields where the header has ${this.#width}${cut}`;
      return { line: row.line, fields: null, problem, raw: row.raw };
    }
    const fields: string[] = [];
    for (const index of indices) fields.push(row.fields[index]!);
    return { line: row.line, fields, problem: '', raw: row.raw };
  }
}

function columnIndices(header: readonly string[], request: RowsRequest): number[] {
  const names = header.map((name) => name.trim());
  requireColumns(names, request);
  return request.columns.map((column) => names.indexOf(column));
}

const HEADER_NAMES_SHOWN = 20;

function requireColumns(names: readonly string[], { file, columns }: RowsRequest): void {
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length === 0) return;
  const shown = names.slice(0, HEADER_NAMES_SHOWN).map((name) => name.slice(0, 60));
  const more = names.length > shown.length ? `, and ${names.length - shown.length} more` : '';
  throw new ImportError(
    `${basename(file)}:1: no column ${missing.map((name) => `"${name}"`).join(', ')}; ` +
      `the file has ${shown.join(', ')}${more}. Name its columns under import: in shop.yaml`,
  );
}

const DAMAGED = '\uFFFD';

/** Rows with bytes that were not UTF-8 in a cell we read cannot be trusted. */
function marked(rows: TextRow[]): TextRow[] {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!row.raw.includes(DAMAGED) || row.fields === null) continue;
    if (!row.fields.some((field) => field.includes(DAMAGED))) continue;
    rows[i] = { line: row.line, fields: null, problem: 'bytes that are not UTF-8', raw: row.raw };
  }
  return rows;
}

async function* parquetRows(request: RowsRequest, duck: Duck): AsyncGenerator<TextRow[]> {
  const source = `read_parquet(${sqlText(request.file)})`;
  const described = await parquetColumns(source, request, duck);
  requireColumns(described, request);
  const list = request.columns.map((name) => `COALESCE(CAST(${sqlName(name)} AS VARCHAR), '')`);
  let line = 0;
  for await (const chunk of duck.chunks(`SELECT ${list.join(', ')} FROM ${source}`)) {
    const columns = request.columns.map((_, i) => chunk.texts(i));
    const rows: TextRow[] = [];
    for (let i = 0; i < chunk.rowCount; i++) {
      const fields = columns.map((column) => column[i]!);
      rows.push({ line: ++line, fields, problem: '', raw: fields.join(',') });
    }
    yield rows;
  }
}

async function parquetColumns(source: string, request: RowsRequest, duck: Duck): Promise<string[]> {
  try {
    const rows = await duck.rows(`DESCRIBE SELECT * FROM ${source}`);
    return rows.map((row) => String(row[0]));
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new ImportError(`${basename(request.file)}: not a whole Parquet file (${reason})`);
  }
}
