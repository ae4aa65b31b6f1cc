/**
 * Parts of a CSV, JSON, NDJSON or Parquet file, reduced to the columns that a mapping names. Which of
 * them it is, and whether it is gzipped, is read from the file itself, not from its name.
 */
import { basename } from 'node:path';
import type { SaidEncoding } from '../../settings/import-mapping.ts';
import { type Duck, sqlName, sqlText } from '../duck.ts';
import { CsvCutter, csvRows, detectDelimiter, type TextRow } from './csv-rows.ts';
import { ImportError } from './import-error.ts';
import { JsonCutter, jsonListStart } from './json-rows.ts';
import { NdjsonCutter } from './ndjson-rows.ts';
import { type RowFormat, type RowsPart, selectedRows } from './row-parts.ts';
import { fileHead, textChunks } from './text-source.ts';

export interface RowsRequest {
  readonly file: string;
  /** Columns by their names in the file; rows hold their cells in this order. */
  readonly columns: readonly string[];
  readonly delimiter: string | undefined;
  readonly encoding: SaidEncoding | undefined;
  /** Bytes of the file read so far. */
  readonly onBytes?: (bytes: number) => void;
}

/** Throws ImportError when the file as a whole is not readable or lacks a column. */
export async function* openRows(request: RowsRequest, duck: Duck): AsyncGenerator<RowsPart> {
  const head = await fileHead(request.file, 4);
  if (head.toString('latin1') === 'PAR1') yield* parquetRows(request, duck);
  else yield* textRows(request);
}

/** Enough for a header line, and for what stands before the rows of a JSON file. */
const START_CHARS = 65_536;

async function* textRows(request: RowsRequest): AsyncGenerator<RowsPart> {
  const chunks = textChunks(request.file, request);
  let start = '';
  let ended = false;
  while (!ended && start.length < START_CHARS) {
    const next = await chunks.next();
    if (next.done === true) ended = true;
    else start += next.value;
  }
  const cutter = cutterFor(start, request);
  yield cutter.push(start, ended);
  if (ended) return;
  for await (const text of chunks) yield cutter.push(text, false);
  yield cutter.push('', true);
}

interface Cutter {
  push(text: string, last: boolean): RowsPart;
}

function cutterFor(start: string, request: RowsRequest): Cutter {
  const name = basename(request.file);
  const first = start.trimStart().charAt(0);
  if (first === '') throw new ImportError(`${name}: the file is empty`);
  if (jsonListStart(start) !== -1) {
    const cutter = new JsonCutter(name);
    const format = { kind: 'json', keys: request.columns } as const;
    return { push: (text, last) => ({ piece: cutter.push(text, last), format }) };
  }
  if (first === '{') {
    const cutter = new NdjsonCutter();
    const format = { kind: 'ndjson', keys: request.columns } as const;
    return { push: (text, last) => ({ piece: cutter.push(text, last), format }) };
  }
  if (first === '<') {
    throw new ImportError(`${name}: expected CSV, JSON, NDJSON or Parquet, got HTML or XML`);
  }
  return new HeadedCutter(start, request);
}

/** CSV with its header line read. */
class HeadedCutter implements Cutter {
  readonly #delimiter: string;
  readonly #cutter: CsvCutter;
  readonly #request: RowsRequest;
  #format: (RowFormat & { kind: 'csv' }) | null = null;

  constructor(start: string, request: RowsRequest) {
    const header = start.slice(0, start.indexOf('\n') === -1 ? start.length : start.indexOf('\n'));
    this.#delimiter = request.delimiter ?? detectDelimiter(header);
    this.#cutter = new CsvCutter(this.#delimiter);
    this.#request = request;
  }

  push(text: string, last: boolean): RowsPart {
    const piece = this.#cutter.push(text, last);
    if (this.#format !== null) return { piece, format: this.#format };
    const rows = csvRows(piece, this.#delimiter);
    const header = rows.shift();
    if (header === undefined) return { rows };
    const indices = columnIndices(header.fields ?? [], this.#request);
    const width = header.fields?.length ?? 0;
    this.#format = { kind: 'csv', delimiter: this.#delimiter, indices, width };
    return { rows: selectedRows(rows, this.#format) };
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

async function* parquetRows(request: RowsRequest, duck: Duck): AsyncGenerator<RowsPart> {
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
    yield { rows };
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
