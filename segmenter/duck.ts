/**
 * DuckDB, wrapped once: in memory, spilling below the workspace, with no access to any file but
 * those named when it is opened, and no extension fetched or loaded.
 */
import { mkdirSync } from 'node:fs';
import type { DuckDBConnection, DuckDBInstance, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { DuckChunk } from './duck-chunk.ts';
import { duckdb } from './duck-engine.ts';
import { type DuckColumnType, DuckTable, SQL_TYPES } from './duck-table.ts';

export interface DuckOptions {
  readonly memoryMb: number;
  readonly threads: number;
  /** Where what does not fit in memory goes. Made when missing. */
  readonly tempDir: string;
  /** Folders and files that SQL may read and write. Absolute. */
  readonly folders: readonly string[];
  readonly files?: readonly string[];
}

/** Somebody else works on the same file. */
class FileLocked extends Error {
  override readonly name = 'FileLocked';
}

/** A query failed after its first rows were read: memory ran out, or a file is damaged. */
export class ResultCutOff extends Error {
  override readonly name = 'ResultCutOff';

  constructor(options: ErrorOptions) {
    super('a result broke off before its last row: memory ran out, or a file is damaged', options);
  }
}

export class Duck implements AsyncDisposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #tables: DuckTable[] = [];
  /** With a statement on its way. */
  readonly #busy = new Set<DuckDBConnection>();
  #isInterrupted = false;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(options: DuckOptions): Promise<Duck> {
    mkdirSync(options.tempDir, { recursive: true });
    const instance = await duckdb.DuckDBInstance.create(':memory:', {
      memory_limit: `${options.memoryMb}MB`,
      threads: String(options.threads),
      temp_directory: options.tempDir,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const connection = await instance.connect();
    const folders = [...options.folders, options.tempDir].map(sqlText).join(', ');
    await connection.run(`SET allowed_directories = [${folders}]`);
    const files = (options.files ?? []).map(sqlText).join(', ');
    if (files !== '') await connection.run(`SET allowed_paths = [${files}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return new Duck(instance, connection);
  }

  async run(sql: string): Promise<void> {
    await this.#aside((connection) => connection.run(sql));
  }

  /** All rows of a small result; BIGINT comes as bigint, NULL as null. */
  async rows(sql: string): Promise<DuckDBValue[][]> {
    return this.#aside(async (connection) => (await connection.runAndReadAll(sql)).getRows());
  }

  /** On a connection of its own, so that statements that do not wait for each other overlap. */
  async #aside<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    try {
      return await work(connection);
    } finally {
      this.#close(connection);
    }
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    this.#busy.add(connection);
    if (this.#isInterrupted) {
      this.#close(connection);
      this.#assertGoesOn();
    }
    return connection;
  }

  #close(connection: DuckDBConnection): void {
    this.#busy.delete(connection);
    connection.closeSync();
  }

  #assertGoesOn(): void {
    if (this.#isInterrupted) throw new Error('the query was interrupted');
  }

  /** For good: statements on their way, results that are being read, and what is asked later end with an error. */
  interrupt(): void {
    this.#isInterrupted = true;
    for (const connection of this.#busy) connection.interrupt();
  }

  /** One row of numbers; NULL is 0. Throws when there is no row. */
  async numbers(sql: string): Promise<number[]> {
    const row = (await this.rows(sql))[0];
    if (row === undefined) throw new Error('a query for one row gave none');
    return row.map((value) => Number(value ?? 0));
  }

  /**
   * A result of any size, chunk by chunk, in the order of the query. Each has a connection of its
   * own, because another query would end a result that is still being read. Throws ResultCutOff after the
   * last chunk that there was when the query failed on its way.
   */
  async *chunks(sql: string): AsyncGenerator<DuckChunk> {
    const connection = await this.#connect();
    // The next chunk is computed while the caller works on this one.
    let next: ReturnType<DuckDBResult['fetchChunk']> = Promise.resolve(null);
    try {
      await connection.run('BEGIN TRANSACTION READ ONLY');
      const result = await connection.stream(sql);
      next = result.fetchChunk();
      for (;;) {
        const chunk = await next;
        // An interrupted result just ends.
        this.#assertGoesOn();
        if (chunk === null || chunk.rowCount === 0) {
          await this.#assertWhole(connection);
          return;
        }
        next = result.fetchChunk();
        next.catch(() => {});
        yield new DuckChunk(chunk);
      }
    } finally {
      await next.catch(() => {});
      this.#close(connection);
    }
  }

  /** A result whose query fails on its way just ends, and why is not to be had: its transaction is aborted by that. */
  async #assertWhole(connection: DuckDBConnection): Promise<void> {
    try {
      await connection.run('SELECT 1');
    } catch (cause) {
      this.#assertGoesOn();
      throw new ResultCutOff({ cause });
    }
  }

  /** Makes a table and opens it for bulk writes. */
  async createTable(
    table: string,
    columns: Readonly<Record<string, DuckColumnType>>,
  ): Promise<DuckTable> {
    const list = Object.entries(columns).map(([name, type]) => `${name} ${SQL_TYPES[type]}`);
    await this.run(`CREATE TABLE ${table} (${list.join(', ')})`);
    const made = new DuckTable(this.#instance, table, Object.values(columns));
    this.#tables.push(made);
    return made;
  }

  /**
   * Holds an exclusive lock on a file until this is closed, or its process dies at any moment: the
   * kernel lets go of it. Rejects with FileLocked when another process holds it.
   */
  async lock(file: string): Promise<void> {
    try {
      await this.run(`ATTACH ${sqlText(file)} AS held`);
    } catch (error) {
      const message = (error as Error).message;
      const holder = /\(PID (\d+)\)/.exec(message);
      if (holder === null) throw error;
      throw new FileLocked(`${file} is held by process ${holder[1]}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // After a failure rows may still be on their way: to close under them ends the process.
    for (const table of this.#tables) await table.settled();
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A text as an SQL literal. DuckDB knows no backslash escapes. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column's name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
