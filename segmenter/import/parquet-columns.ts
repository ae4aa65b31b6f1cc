/** The columns of a Parquet file, as cells of text. */
import { basename } from 'node:path';
import { type Duck, ResultCutOff, sqlName, sqlText } from '../duck.ts';
import type { DuckChunk } from '../duck-chunk.ts';
import { ImportError } from './import-error.ts';

/** Rows of a list of SQL. Rejects with ImportError for a file that is damaged anywhere. */
export async function* wholeChunks(
  file: string,
  list: string,
  duck: Duck,
): AsyncGenerator<DuckChunk> {
  const source = sourceOf(file);
  try {
    yield* duck.chunks(`SELECT ${list} FROM ${source}`);
  } catch (error) {
    const reason = error instanceof ResultCutOff ? await cutOffReason() : error;
    throw isDamage(reason) ? notWhole(file, reason) : error;
  }
  // What a result broke off for is only said to who waits for all of it.
  async function cutOffReason(): Promise<unknown> {
    return await duck.run(`SELECT max(hash(${list})) FROM ${source}`).catch((error) => error);
  }
}

function sourceOf(file: string): string {
  return `read_parquet(${sqlText(file)})`;
}

interface ParquetColumn {
  readonly name: string;
  /** As DuckDB calls it: `VARCHAR[]`. */
  readonly type: string;
  readonly sql: string;
}

const OBJECT = /^STRUCT\(.*\)$/s;
const LIST_OF_OBJECTS = /^STRUCT\(.*\)\[\]$/s;

/** What an object holds, `customer.id`; of a list of objects what all of them hold, as a list. */
async function innerColumns(
  { name, type, sql }: ParquetColumn,
  source: string,
  duck: Duck,
): Promise<ParquetColumn[]> {
  const isList = LIST_OF_OBJECTS.test(type);
  if (!isList && !OBJECT.test(type)) return [];
  const keys = await described(`unnest(${isList ? `${sql}[1]` : sql}) FROM ${source}`, duck);
  return keys.map(({ name: key, type: inner }) => {
    const valueIn = (object: string) => `struct_extract(${object}, ${sqlText(key)})`;
    return {
      name: `${name}.${key}`,
      type: isList ? `${inner}[]` : inner,
      sql: isList ? `list_transform(${sql}, lambda object: ${valueIn('object')})` : valueIn(sql),
    };
  });
}

/** Of texts or numbers. */
export function isList({ type }: ParquetColumn): boolean {
  return /^(?!STRUCT|MAP|UNION)[^[\]]+\[\]$/.test(type);
}

/** A list as `a,b`, as CSV files write several values; one of objects, as retailCRM's items, as JSON. */
export function cellSql(column: ParquetColumn): string {
  const { type, sql } = column;
  if (isList(column)) return `COALESCE(array_to_string(${sql}, ','), '')`;
  return `COALESCE(CAST(${LIST_OF_OBJECTS.test(type) ? `to_json(${sql})` : sql} AS VARCHAR), '')`;
}

/** '' where the cell of a list says its values: none of them holds a comma. */
export function ambiguitySql({ sql }: ParquetColumn): string {
  return `CASE WHEN contains(array_to_string(${sql}, ''), ',') THEN ',' ELSE '' END`;
}

/** The columns, and in the place of an object what it holds. Throws ImportError for a file that is not whole. */
export async function parquetColumns(file: string, duck: Duck): Promise<string[]> {
  const columns = await columnsWithInner(file, duck);
  const shown = columns.flatMap(({ column, inner }) => (OBJECT.test(column.type) ? inner : column));
  return shown.map(({ name }) => name);
}

/** Each column, and after all of them, whose names come first, what those of objects hold. Throws ImportError for a file that is not whole. */
export async function describeParquet(file: string, duck: Duck): Promise<ParquetColumn[]> {
  const columns = await columnsWithInner(file, duck);
  return [...columns.map(({ column }) => column), ...columns.flatMap(({ inner }) => inner)];
}

async function columnsWithInner(
  file: string,
  duck: Duck,
): Promise<{ column: ParquetColumn; inner: ParquetColumn[] }[]> {
  const source = sourceOf(file);
  try {
    const columns = [];
    for (const column of await described(`* FROM ${source}`, duck)) {
      columns.push({ column, inner: await innerColumns(column, source, duck) });
    }
    return columns;
  } catch (error) {
    throw notWhole(file, error as Error);
  }
}

async function described(select: string, duck: Duck): Promise<ParquetColumn[]> {
  const rows = await duck.rows(`DESCRIBE SELECT ${select}`);
  return rows.map((row) => {
    const [name, type] = row.map(String) as [string, string];
    return { name, type, sql: sqlName(name) };
  });
}

/** Of the file, not of memory or of the disk. */
function isDamage(error: unknown): error is Error {
  return error instanceof Error && /^(?:Invalid|IO|Serialization) /.test(error.message);
}

/** The reason may hold a cell. */
function notWhole(file: string, { message }: Error): ImportError {
  const what = `${basename(file)}: not a whole Parquet file`;
  return new ImportError(`${what} (${message.split('\n')[0]})`, what);
}
