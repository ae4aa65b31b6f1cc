/**
 * The base in buckets: ranges of persons, so that what a build holds in memory does not grow with the shop.
 *
 * All files of a shop lie in person order or are told by an order's number, which runs along it
 * (shop-data.ts). A build first learns what needs the whole base and is small (build-generation.ts), makes
 * the facts of one bucket after the other (facts.ts), learns what it needs of all facts, and then writes
 * one bucket after the other (write-buckets.ts). The tables of rules/rule-sql.ts and `members` hold one
 * bucket at a time. What a store is given does not tell where one bucket ends and the next begins.
 */
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

/** Persons from `from` up to, and without, `to`. */
export interface Bucket {
  readonly number: number;
  readonly from: string;
  /** Null in the last bucket. */
  readonly to: string | null;
}

/** A row group of customers.parquet as DuckDB writes it. */
export const CUSTOMERS_PER_BUCKET = 122_880;

export const WHOLE_BASE: Bucket = { number: 0, from: '', to: null };

/** In person order; at least one, and together they take in everybody there may be. */
export async function cutBuckets(
  duck: Duck,
  files: ShopFiles,
  customersPerBucket: number,
): Promise<readonly Bucket[]> {
  const starts: string[] = [];
  const source = `read_parquet(${sqlText(files.customers)}, file_row_number = true)`;
  const rows = await duck.rows(`SELECT DISTINCT person FROM ${source}
    WHERE file_row_number % ${customersPerBucket} = 0 ORDER BY person`);
  for (const [person] of rows) starts.push(String(person));
  if (starts.length === 0) return [WHOLE_BASE];
  return starts.map((start, number) => ({
    number,
    from: number === 0 ? WHOLE_BASE.from : start,
    to: starts[number + 1] ?? null,
  }));
}

/**
 * SQL for a row whose `column` is a person of the bucket. Plain comparisons with literals: DuckDB passes
 * over the row groups of a Parquet file, and of a table, that lie outside.
 */
export function inBucket(column: string, { from, to }: Bucket): string {
  const isBelow = to === null ? '' : ` AND ${column} < ${sqlText(to)}`;
  return `(${column} >= ${sqlText(from)}${isBelow})`;
}
