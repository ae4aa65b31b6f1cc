/**
 * What a build leaves beside the data, so that what serves can be asked about without computing it
 * anew: `data/<shop>/generations/<generation>/`. Persons are keyed hashes there.
 *
 *   customers.parquet  the table `customers` of facts.ts; by person
 *   orders.parquet     person, day, status, revenue_micros, margin_micros, order_key, order_no; by order_no
 *   members.parquet    person and the masks of membership.ts, m0 …; by person
 *   kept.json          Kept, written last: a folder without it is not whole
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { AsOf } from '../../rules/customer.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

export interface Kept {
  readonly generation: string;
  readonly asOf: AsOf;
  /** Of the imported data (import-state.ts). */
  readonly contentHash: string;
}

/** What of each table is kept, and in which order. */
const TABLES = {
  customers: { columns: '*', order: 'person' },
  orders: {
    columns: 'person, day, status, revenue_micros, margin_micros, order_key, order_no',
    order: 'order_no',
  },
  members: { columns: '*', order: 'person' },
} as const;
const WHOLE = 'kept.json';

/** Writes the tables `customers`, `orders` and `members`. */
export async function keepGeneration(duck: Duck, files: ShopFiles, kept: Kept): Promise<void> {
  const folder = join(files.generations, kept.generation);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [table, { columns, order }] of Object.entries(TABLES)) {
    const query = `SELECT ${columns} FROM ${table} ORDER BY ${order}`;
    await duck.run(`COPY (${query}) TO ${sqlText(tableFile(folder, table))} (FORMAT parquet)`);
  }
  writeFileSync(join(folder, WHOLE), JSON.stringify(kept));
}

/** What was kept of a generation; null when nothing, or not all of it, was. */
export function readKept(files: ShopFiles, generation: string): Kept | null {
  const file = join(files.generations, generation, WHOLE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : null;
}

/** Makes the kept tables readable under their names. */
export async function openKept(duck: Duck, files: ShopFiles, generation: string): Promise<void> {
  const folder = join(files.generations, generation);
  for (const table of Object.keys(TABLES)) {
    const source = `read_parquet(${sqlText(tableFile(folder, table))})`;
    await duck.run(`CREATE VIEW ${table} AS SELECT * FROM ${source}`);
  }
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
  const theirs = `person IN (${persons.map(sqlText).join(', ')})`;
  let gone = 0;
  for (const { file, order } of keptTables(files)) {
    const source = `read_parquet(${sqlText(file)})`;
    const [rows] = await duck.numbers(`SELECT count(*) FROM ${source} WHERE ${theirs}`);
    if (rows === 0) continue;
    gone += rows!;
    const others = `SELECT * FROM ${source} WHERE NOT ${theirs} ORDER BY ${order}`;
    await duck.run(`COPY (${others}) TO ${sqlText(`${file}.part`)} (FORMAT parquet)`);
    renameSync(`${file}.part`, file);
  }
  return gone;
}

/** Every table of every generation that was kept whole. */
export function* keptTables(
  files: ShopFiles,
): Generator<{ generation: string; table: string; file: string; order: string }> {
  for (const generation of foldersOf(files)) {
    if (readKept(files, generation) === null) continue;
    for (const [table, { order }] of Object.entries(TABLES)) {
      yield {
        generation,
        table,
        file: tableFile(join(files.generations, generation), table),
        order,
      };
    }
  }
}

function removeUnfinished(files: ShopFiles): void {
  removeKept(
    files,
    foldersOf(files).filter((generation) => readKept(files, generation) !== null),
  );
}

function foldersOf({ generations }: ShopFiles): string[] {
  return existsSync(generations) ? readdirSync(generations).sort() : [];
}

/** SQL for the kept table `members` of a generation. */
export function keptMembers(files: ShopFiles, generation: string): string {
  return `read_parquet(${sqlText(tableFile(join(files.generations, generation), 'members'))})`;
}

/** Removes what was kept of all generations but these. */
export function removeKept(files: ShopFiles, but: readonly (string | null)[]): void {
  for (const name of foldersOf(files)) {
    if (!but.includes(name)) rmSync(join(files.generations, name), { recursive: true });
  }
}

function tableFile(folder: string, table: string): string {
  return join(folder, `${table}.parquet`);
}
