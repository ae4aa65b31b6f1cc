/** Reads numeric columns and ids of a long result row by row, without an object a row. */
import type { DuckChunk } from '../duck.ts';

export class ColumnCursor {
  readonly #chunks: AsyncGenerator<DuckChunk>;
  readonly #idColumns: readonly number[];
  readonly #numberColumns: readonly number[];
  /** The current chunk's columns, by their place in the query, an id (idSql) by the first of its two; stale after load(). */
  readonly ids: (readonly string[])[] = [];
  readonly numbers: (readonly number[])[] = [];
  rowCount = 0;
  /** The current row; at rowCount a load() is due. */
  at = 0;

  constructor(
    chunks: AsyncGenerator<DuckChunk>,
    columns: { readonly ids: readonly number[]; readonly numbers: readonly number[] },
  ) {
    this.#chunks = chunks;
    this.#idColumns = columns.ids;
    this.#numberColumns = columns.numbers;
  }

  /** The next chunk; false at the end. */
  async load(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    this.at = 0;
    this.rowCount = done === true ? 0 : value.rowCount;
    if (done === true) return false;
    for (const column of this.#idColumns) this.ids[column] = value.ids(column);
    for (const column of this.#numberColumns) this.numbers[column] = value.numbers(column);
    return true;
  }

  /** Lets go of the result; needed when it is not read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}
