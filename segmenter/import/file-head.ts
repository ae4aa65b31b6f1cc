/** What kind of file a CRM file was found to be, and its columns, before anybody reads its rows. */
import { basename } from 'node:path';
import type { TextSettings } from '../../settings/import-mapping.ts';
import type { Duck } from '../duck.ts';
import { numberedHeader } from './cell-recipes.ts';
import { CsvCutter, csvRows, detectDelimiter, type TextRow } from './csv-rows.ts';
import { ImportError } from './import-error.ts';
import { JsonCutter, jsonRows } from './json-rows.ts';
import { LINE_CHARS_MAX, NdjsonCutter, ndjsonRows } from './ndjson-rows.ts';
import { startOf, type TextFormat, textFormat } from './open-rows.ts';
import { parquetColumns } from './parquet-columns.ts';
import { fileHead, textChunks } from './text-source.ts';

export interface FileHead {
  readonly format: TextFormat | 'parquet';
  readonly gzip: boolean;
  /** '' where there is none. */
  readonly delimiter: string;
  /** '' for Parquet. */
  readonly encoding: string;
  /** The header of CSV and Parquet, of JSON the keys of its first rows; `customer.id` within an object. */
  readonly columns: readonly string[];
}

/** Throws ImportError for a file that cannot be read. `duck` must be allowed to read it. */
export async function readFileHead(
  file: string,
  text: TextSettings,
  duck: Duck,
): Promise<FileHead> {
  const head = await fileHead(file, 4);
  if (head.toString('latin1') === 'PAR1') {
    const columns = await parquetColumns(file, duck);
    return { format: 'parquet', gzip: false, delimiter: '', encoding: '', columns };
  }
  let encoding: string = text.encoding ?? 'utf-8';
  const onEncoding = (found: string) => {
    encoding = found;
  };
  const chunks = textChunks(file, { encoding: text.encoding, onEncoding });
  const found = await textHead(basename(file), chunks, text).finally(() =>
    chunks.return(undefined),
  );
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  return { ...found, gzip, encoding };
}

async function textHead(
  name: string,
  chunks: AsyncGenerator<string>,
  text: TextSettings,
): Promise<Pick<FileHead, 'format' | 'delimiter' | 'columns'>> {
  const { start, ended } = await startOf(chunks);
  const format = textFormat(name, start);
  if (format !== 'csv') {
    const columns = await jsonKeys(name, { format, start, ended }, chunks);
    return { format, delimiter: '', columns };
  }
  const delimiter = text.delimiter ?? detectDelimiter(firstLine(start));
  return { format, delimiter, columns: csvHeader(name, start, delimiter) };
}

/** The first line of a text, without its end. */
function firstLine(text: string): string {
  return text.slice(0, text.indexOf('\n') === -1 ? text.length : text.indexOf('\n'));
}

function csvHeader(name: string, start: string, delimiter: string): string[] {
  const header = csvRows(new CsvCutter(delimiter).push(start, true), delimiter)[0];
  if (header?.fields === null) throw new ImportError(`${name}:1: ${header.problem}`);
  return numberedHeader(header?.fields ?? []);
}

const ROWS_SEEN = 100;

interface JsonStart {
  readonly format: TextFormat;
  readonly start: string;
  readonly ended: boolean;
}

/** Where the start of a text has no whole row, of as much more as a row may have. */
async function jsonKeys(
  name: string,
  json: JsonStart,
  chunks: AsyncGenerator<string>,
): Promise<string[]> {
  let rows = rowsWithin(name, json);
  if (rows.length === 0 && !json.ended) {
    const more = await startOf(chunks, LINE_CHARS_MAX);
    rows = rowsWithin(name, { ...json, ...more, start: json.start + more.start });
  }
  const keys = new Set<string>();
  for (const { raw, fields } of rows.slice(0, ROWS_SEEN)) {
    if (fields !== null) addKeys(JSON.parse(raw), '', keys);
  }
  return [...keys];
}

function rowsWithin(name: string, { format, start, ended }: JsonStart): TextRow[] {
  return format === 'json'
    ? jsonRows(new JsonCutter(name).push(start, ended), [])
    : ndjsonRows(new NdjsonCutter().push(start, ended), []);
}

/** Keys of an object, and of what it holds one level down: lists of objects count as their first. */
function addKeys(value: object, prefix: string, keys: Set<string>): void {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const item: unknown = Array.isArray(inner) ? inner[0] : inner;
    const isObject = typeof item === 'object' && item !== null && !Array.isArray(item);
    if (isObject && prefix === '') addKeys(item, `${key}.`, keys);
    else keys.add(`${prefix}${key}`);
  }
}
