/** What kind of file a CRM file was found to be, and its columns, before anybody reads its rows. */
import { basename } from 'node:path';
import type { TextSettings } from '../../settings/import-mapping.ts';
import type { Duck } from '../duck.ts';
import { numberedHeader } from './cell-recipes.ts';
import { CsvCutter, csvRows, detectDelimiter, type TextRow } from './csv-rows.ts';
import { ImportError } from './import-error.ts';
import { JsonCutter, jsonRows } from './json-rows.ts';
import { NdjsonCutter, ndjsonRows } from './ndjson-rows.ts';
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
  const { start, ended } = await startOf(chunks);
  await chunks.return(undefined);
  const name = basename(file);
  const format = textFormat(name, start);
  const delimiter = format === 'csv' ? (text.delimiter ?? detectDelimiter(firstLine(start))) : '';
  const columns =
    format === 'csv' ? csvHeader(name, start, delimiter) : jsonKeys(name, { format, start, ended });
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  return { format, gzip, delimiter, encoding, columns };
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

function jsonKeys(
  name: string,
  { format, start, ended }: { format: TextFormat; start: string; ended: boolean },
): string[] {
  const keys = new Set<string>();
  for (const { raw, fields } of rowsWithin(name, { format, start, ended }).slice(0, ROWS_SEEN)) {
    if (fields !== null) addKeys(JSON.parse(raw), '', keys);
  }
  return [...keys];
}

function rowsWithin(
  name: string,
  { format, start, ended }: { format: TextFormat; start: string; ended: boolean },
): TextRow[] {
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
