/**
 * Parts of a CSV, JSON, NDJSON or Parquet file, reduced to the columns that a mapping names. Which of
 * them it is, and whether it is gzipped, is read from the file itself, not from its name.
 */
import { basename } from 'node:path';
import type { SaidEncoding } from '../../settings/import-mapping.ts';
import type { KnownName } from '../../settings/known-headers.ts';
import type { Duck } from '../duck.ts';
import {
  type ColumnSources,
  columnPlacesIn,
  columnSources,
  numberedHeader,
  prepared,
} from './cell-recipes.ts';
import { CsvCutter, csvRows, detectDelimiter, type TextRow } from './csv-rows.ts';
import { ImportError } from './import-error.ts';
import { JsonCutter, jsonListStart } from './json-rows.ts';
import { NdjsonCutter, noExactText } from './ndjson-rows.ts';
import { ambiguitySql, cellSql, describeParquet, isList, wholeChunks } from './parquet-columns.ts';
import { type RowFormat, type RowsPart, selectedRows } from './row-parts.ts';
import { fileHead, textChunks } from './text-source.ts';

export interface RowsRequest {
  readonly file: string;
  /** Columns by their names in the file; rows hold their cells in this order. */
  readonly columns: readonly string[];
  readonly delimiter: string | undefined;
  readonly encoding?: SaidEncoding | undefined;
  /** The known file whose columns these are. */
  readonly like?: KnownName | undefined;
  /** Columns that must be there; all, but for those that a known file may lack, when absent. */
  readonly required?: readonly string[] | undefined;
  /** Whether an empty cell of a known file is left empty. */
  readonly blanksStay?: boolean | undefined;
  /** Rows are for looking at: no value of JSON or of a list costs its row. */
  readonly shown?: boolean;
  /** What to do when a column is missing; a shop's mapping names them unless this says otherwise. */
  readonly hint?: string;
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
  const { start, ended } = await startOf(chunks);
  const cutter = cutterFor(start, request);
  yield cutter.push(start, ended);
  if (ended) return;
  for await (const text of chunks) yield cutter.push(text, false);
  yield cutter.push('', true);
}

/** The first of a text, at least so many characters where there are, and whether that is all of it. */
export async function startOf(
  chunks: AsyncGenerator<string>,
  charsMin = START_CHARS,
): Promise<{ start: string; ended: boolean }> {
  let start = '';
  while (start.length < charsMin) {
    const next = await chunks.next();
    if (next.done === true) return { start, ended: true };
    start += next.value;
  }
  return { start, ended: false };
}

interface Cutter {
  push(text: string, last: boolean): RowsPart;
}

function cutterFor(start: string, request: RowsRequest): Cutter {
  const format = textFormat(basename(request.file), start);
  if (format === 'csv') return new HeadedCutter(start, request);
  const cutter = format === 'json' ? new JsonCutter(basename(request.file)) : new NdjsonCutter();
  const { names, recipes } = sourcesOf(request);
  const rows = { kind: format, keys: names, recipes, shown: request.shown ?? false };
  return { push: (text, last) => ({ piece: cutter.push(text, last), format: rows }) };
}

export type TextFormat = 'csv' | 'json' | 'ndjson';

/** By the first of a file's text. Throws ImportError for what is none of them. */
export function textFormat(name: string, start: string): TextFormat {
  if (jsonListStart(start) !== -1) return 'json';
  const first = start.trimStart().charAt(0);
  if (first === '') throw new ImportError(`${name}: the file is empty`);
  if (first === '<') {
    throw new ImportError(`${name}: expected CSV, JSON, NDJSON or Parquet, got HTML or XML`);
  }
  return first === '{' ? 'ndjson' : 'csv';
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
    const sources = sourcesOf(this.#request);
    const names = numberedHeader(header.fields ?? []);
    const indices = columnIndices(names, sources, this.#request);
    const width = header.fields?.length ?? 0;
    const { recipes } = sources;
    this.#format = { kind: 'csv', delimiter: this.#delimiter, indices, width, recipes };
    return { rows: selectedRows(rows, this.#format) };
  }
}

function sourcesOf({ columns, like, blanksStay }: RowsRequest): ColumnSources {
  return columnSources(columns, like ?? null, blanksStay);
}

const HEADER_NAMES_SHOWN = 20;

/** Throws ImportError for a header that lacks a column it may not lack. */
function columnIndices(
  header: readonly string[],
  { names, mayLack }: ColumnSources,
  { file, like, required, hint = 'Name its columns under import: in shop.yaml' }: RowsRequest,
): number[] {
  const places = columnPlacesIn(header, names, like ?? null);
  const lacking = names.filter((name, i) => places[i] === -1 && !mayLack.includes(name));
  const missing = lacking.filter((name) => required?.includes(name) ?? true);
  if (missing.length === 0) return places;
  const lacks = `${basename(file)}:1: no column ${missing.map((name) => `"${name}"`).join(', ')}`;
  const advice = `. ${hint}`;
  // A file without a header has cells there.
  throw new ImportError(
    `${lacks}; the file has ${shownHeader(header)}${advice}`,
    `${lacks}${advice}`,
  );
}

/** The names of a header, cut short. */
export function shownHeader(header: readonly string[]): string {
  const shown = header.slice(0, HEADER_NAMES_SHOWN).map((name) => name.trim().slice(0, 60));
  const more = header.length > shown.length ? `, and ${header.length - shown.length} more` : '';
  return `${shown.join(', ')}${more}`;
}

async function* parquetRows(request: RowsRequest, duck: Duck): AsyncGenerator<RowsPart> {
  const sources = sourcesOf(request);
  const columns = await describeParquet(request.file, duck);
  const names = columns.map(({ name }) => name);
  const asked = columnIndices(names, sources, request).map((place) => columns[place] ?? null);
  const cells = asked.map((column) => (column === null ? "''" : cellSql(column)));
  const lists = request.shown ? [] : asked.filter((column) => column !== null).filter(isList);
  const list = [...cells, ...lists.map(ambiguitySql)].join(', ');
  let line = 0;
  for await (const chunk of wholeChunks(request.file, list, duck)) {
    const texts = cells.map((_, i) => chunk.texts(i));
    const ambiguous = lists.map((_, i) => chunk.texts(cells.length + i));
    const rows: TextRow[] = [];
    for (let i = 0; i < chunk.rowCount; i++) {
      const fields = texts.map((column) => column[i]!);
      const raw = fields.join(',');
      const fault = ambiguous.findIndex((marks) => marks[i] !== '');
      rows.push(
        fault === -1
          ? { line: ++line, fields, problem: '', raw }
          : { line: ++line, fields: null, problem: noExactText(lists[fault]!.name), raw },
      );
    }
    yield { rows: prepared(rows, sources.recipes) };
  }
}
