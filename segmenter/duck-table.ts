/** Tables of DuckDB on their way in: rows in bulk, packed column by column. */
import type { DuckDBInstance } from '@duckdb/node-api';
import { type ColumnPack, packColumns } from './column-pack.ts';
import { duckdb } from './duck-engine.ts';

export type DuckColumnType = 'text' | 'integer' | 'number' | 'optional';

export const SQL_TYPES: Readonly<Record<DuckColumnType, string>> = {
  text: 'VARCHAR',
  integer: 'INTEGER',
  /** A safe integer as a double: node reads these without a BigInt each. */
  number: 'DOUBLE',
  /** The same, NULL for ''. */
  optional: 'DOUBLE',
};

const PACK_ROWS = 2048;
/** Some megabytes of text, so that what waits is bounded and the engine splits many rows at once. */
const PACKS_LOADED_AT_ONCE = 32;

/**
 * Rows on their way into a table; await close() before reading it. They are loaded while more come,
 * in no order.
 */
export class DuckTable {
  readonly #instance: DuckDBInstance;
  readonly #table: string;
  readonly #types: readonly DuckColumnType[];
  #columns: (string | number)[][];
  #packs: ColumnPack[] = [];
  #loads = 0;
  #loaded: Promise<void> = Promise.resolve();

  constructor(instance: DuckDBInstance, table: string, types: readonly DuckColumnType[]) {
    this.#instance = instance;
    this.#table = table;
    this.#types = types;
    this.#columns = types.map(() => []);
  }

  add(row: readonly (string | number)[]): void {
    for (let i = 0; i < this.#columns.length; i++) this.#columns[i]!.push(row[i]!);
    if (this.#columns[0]!.length === PACK_ROWS) this.#pack();
  }

  /** Columns as createTable() was given them. */
  addPack(pack: ColumnPack): void {
    this.#packs.push(pack);
    if (this.#packs.length === PACKS_LOADED_AT_ONCE) this.#load();
  }

  async close(): Promise<void> {
    if (this.#columns[0]!.length > 0) this.#pack();
    if (this.#packs.length > 0) this.#load();
    await this.#loaded;
  }

  /** When nothing is on its way, loaded or failed. */
  async settled(): Promise<void> {
    await this.#loaded.catch(() => {});
  }

  #pack(): void {
    this.addPack(packColumns(this.#columns));
    this.#columns = this.#types.map(() => []);
  }

  #load(): void {
    const packs = this.#packs;
    const from = `${this.#table}_packs_${this.#loads++}`;
    this.#packs = [];
    this.#loaded = this.#loaded.then(() => this.#unpack(packs, from));
    // close() throws it; until then it is not unhandled.
    this.#loaded.catch(() => {});
  }

  async #unpack(packs: readonly ColumnPack[], from: string): Promise<void> {
    const connection = await this.#instance.connect();
    try {
      const names = this.#types.map((_, i) => `c${i}`);
      await connection.run(
        `CREATE TABLE ${from} (separator VARCHAR, ${names.join(' VARCHAR, ')} VARCHAR)`,
      );
      const appender = await connection.createAppender(from);
      const types = Array.from({ length: names.length + 1 }, () => duckdb.VARCHAR);
      const chunk = duckdb.DuckDBDataChunk.create(types, packs.length);
      const texts = names.map((_, i) => packs.map(({ joined }) => joined[i]!));
      chunk.setColumns([packs.map(({ separator }) => separator), ...texts]);
      appender.appendDataChunk(chunk);
      appender.closeSync();
      const values = this.#types.map((type, i) => {
        const text = `unnest(string_split(c${i}, separator))`;
        const value = type === 'optional' ? `NULLIF(${text}, '')` : text;
        return `CAST(${value} AS ${SQL_TYPES[type]})`;
      });
      await connection.run(`INSERT INTO ${this.#table} SELECT ${values.join(', ')} FROM ${from}`);
      await connection.run(`DROP TABLE ${from}`);
    } finally {
      connection.closeSync();
    }
  }
}
