/**
 * What a build leaves beside the data, so that what serves can be asked about without computing it
 * anew: `data/<shop>/generations/<generation>/`. Persons are keyed hashes there. Each table is a file a
 * bucket (buckets.ts), numbered from 0000:
 *
 *   customers-0000.parquet  the table `customers` of facts.ts; by person
 *   orders-0000.parquet     the table `orders` of facts.ts; by order_no
 *   members-0000.parquet    person, the masks of membership.ts, m0 …, and of membership-runs.ts s0 …, h0 …, r0 …;
 *                           by person
 *   scores-0000.parquet     the table `scores` of scores.ts; by person
 *   affinities-0000.parquet the table `affinities` of affinities.ts; by person
 *   models.json             ShopModels of shop-models.ts
 *   digests-0000.parquet    person, digest (person-digests.ts); by person
 *   due-0000.parquet        person, due_day: the first day after the as-of day on which time alone may change
 *                           what the rules say of them, for whom there is one; by due_day
 *   together.parquet        what is bought together (bought-together.ts)
 *   goods.parquet           what the feed said of goods (kept-goods.ts)
 *   kept.json               Kept, written last: a folder without it is not whole
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AsOf } from '../../rules/customer.ts';
import { type Duck, sqlText } from '../duck.ts';
import { moveInPlace, putInPlace, type ShopFiles } from '../shop-data.ts';
import { clearProgress, dropWritten } from './build-progress.ts';

export interface Kept {
  readonly generation: string;
  readonly asOf: AsOf;
  /** Of the imported data (import-state.ts). */
  readonly contentHash: string;
  /** How many files each table has. */
  readonly buckets: number;
  /** The moment the rules were evaluated at, Unix ms. */
  readonly asOfMs: number;
  /** sharedInputs() of build-mode.ts. */
  readonly inputs: string;
  /** The full build whose models it has: itself, or the last one before. */
  readonly full: { readonly generation: string; readonly asOfMs: number };
}

/** How the rows of each table lie. */
const TABLES = {
  customers: 'person',
  orders: 'order_no',
  members: 'person',
  scores: 'person',
  affinities: 'person, kind, place',
  digests: 'person',
  due: 'due_day, person',
} as const;
export type KeptTable = keyof typeof TABLES;
const WHOLE = 'kept.json';

/** Makes room for what a build will keep. */
export function startKeeping(files: ShopFiles, generation: string): void {
  const folder = join(files.generations, generation);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** Writes what a table of that name holds as that of one bucket. */
export async function keepTable(
  duck: Duck,
  files: ShopFiles,
  at: { readonly generation: string; readonly bucket: number },
  table: KeptTable,
): Promise<void> {
  const file = tableFile(join(files.generations, at.generation), table, at.bucket);
  const query = `SELECT * FROM ${table} ORDER BY ${TABLES[table]}`;
  await duck.run(`COPY (${query}) TO ${sqlText(`${file}.part`)} (FORMAT parquet)`);
  moveInPlace(`${file}.part`, file);
}

/** Whether keepTable() has written that table of the bucket. */
export function isKept(
  files: ShopFiles,
  at: { readonly generation: string; readonly bucket: number },
  table: KeptTable,
): boolean {
  return existsSync(tableFile(join(files.generations, at.generation), table, at.bucket));
}

/** The kept tables of a generation are whole from now on. */
export function finishKeeping(files: ShopFiles, kept: Kept): void {
  putInPlace(join(files.generations, kept.generation, WHOLE), JSON.stringify(kept));
}

/** What was kept of a generation; null when nothing, or not all of it, was, or by an earlier version. */
export function readKept(files: ShopFiles, generation: string): Kept | null {
  const file = join(files.generations, generation, WHOLE);
  if (!existsSync(file)) return null;
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
  return kept.inputs === undefined ? null : kept;
}

/** Where keepTogether() of bought-together.ts writes. */
export function togetherFile({ generations }: ShopFiles, generation: string): string {
  return join(generations, generation, 'together.parquet');
}

/** Makes the kept tables readable under their names. */
export async function openKept(duck: Duck, files: ShopFiles, kept: Kept): Promise<void> {
  for (const table of Object.keys(TABLES) as KeptTable[]) {
    await duck.run(`CREATE VIEW ${table} AS SELECT * FROM ${keptTable(files, kept, table)}`);
  }
}

/** SQL for a kept table, all buckets of it. */
export function keptTable(
  files: ShopFiles,
  { generation, buckets }: Pick<Kept, 'generation' | 'buckets'>,
  table: KeptTable,
): string {
  const folder = join(files.generations, generation);
  const ofBuckets = Array.from({ length: buckets }, (_, bucket) =>
    sqlText(tableFile(folder, table, bucket)),
  );
  return `read_parquet([${ofBuckets.join(', ')}])`;
}

/** Makes a table of that name, with the rows of one bucket as they lie. */
export async function loadKept(
  duck: Duck,
  files: ShopFiles,
  at: { readonly generation: string; readonly bucket: number },
  table: KeptTable,
): Promise<void> {
  const file = tableFile(join(files.generations, at.generation), table, at.bucket);
  await duck.run(`CREATE OR REPLACE TABLE ${table} AS FROM read_parquet(${sqlText(file)})`);
}

/**
 * Takes people out of all that was kept; how many rows went. Safe to do again. What a killed build left
 * unfinished goes whole: nobody reads it. Only under the shop's lock.
 */
export async function forgetKept(
  duck: Duck,
  files: ShopFiles,
  persons: readonly string[],
): Promise<number> {
  if (persons.length === 0) return 0;
  removeUnfinished(files);
  // What buckets left names people too; without it a build that did not serve yet begins anew.
  clearProgress(files);
  for (const generation of foldersOf(files)) dropWritten(files, generation);
  const theirs = `person IN (${persons.map(sqlText).join(', ')})`;
  let gone = 0;
  for (const { file, order } of keptTables(files)) {
    const source = `read_parquet(${sqlText(file)})`;
    const [rows] = await duck.numbers(`SELECT count(*) FROM ${source} WHERE ${theirs}`);
    if (rows === 0) continue;
    gone += rows!;
    const others = `SELECT * FROM ${source} WHERE NOT ${theirs} ORDER BY ${order}`;
    await duck.run(`COPY (${others}) TO ${sqlText(`${file}.part`)} (FORMAT parquet)`);
    moveInPlace(`${file}.part`, file);
  }
  return gone;
}

/** Every file of every table of every generation that was kept whole. */
export function* keptTables(
  files: ShopFiles,
): Generator<{ generation: string; table: string; file: string; order: string }> {
  for (const generation of foldersOf(files)) {
    const folder = join(files.generations, generation);
    const buckets = readKept(files, generation)?.buckets ?? 0;
    for (const [table, order] of Object.entries(TABLES) as [KeptTable, string][]) {
      for (let bucket = 0; bucket < buckets; bucket++) {
        yield { generation, table, file: tableFile(folder, table, bucket), order };
      }
    }
  }
}

function removeUnfinished(files: ShopFiles): void {
  clearProgress(files);
  removeKept(
    files,
    foldersOf(files).filter((generation) => readKept(files, generation) !== null),
  );
}

function foldersOf({ generations }: ShopFiles): string[] {
  return existsSync(generations) ? readdirSync(generations).sort() : [];
}

/** Removes what was kept of all generations but these. */
export function removeKept(files: ShopFiles, but: readonly (string | null)[]): void {
  for (const name of foldersOf(files)) {
    if (!but.includes(name)) rmSync(join(files.generations, name), { recursive: true });
  }
}

function tableFile(folder: string, table: KeptTable, bucket: number): string {
  return join(folder, `${table}-${String(bucket).padStart(4, '0')}.parquet`);
}
