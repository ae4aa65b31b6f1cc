/** Reads a long result in portions of any size, column by column, without an object or a text a row. */
import assert from 'node:assert/strict';
import { type DuckChunk, ID_BYTES } from '../duck-chunk.ts';

/** Some rows. */
export interface Columns {
  readonly rows: number;
  /** ID_BYTES a row. */
  readonly ids: readonly Uint8Array[];
  /** NaN for NULL. */
  readonly numbers: readonly Float64Array[];
}

/** How many columns of each kind a query has: idSql() first, DOUBLE behind. */
export interface ColumnCounts {
  readonly ids: number;
  readonly numbers: number;
}

export class ColumnCursor {
  readonly #chunks: AsyncGenerator<DuckChunk>;
  readonly #counts: ColumnCounts;
  /** The chunk under way, and the first of its rows that nobody took. */
  #chunk: Columns = { rows: 0, ids: [], numbers: [] };
  #at = 0;

  constructor(chunks: AsyncGenerator<DuckChunk>, counts: ColumnCounts) {
    this.#chunks = chunks;
    this.#counts = counts;
  }

  /** The next rows, as many as come at once; null at the end. */
  async next(): Promise<Columns | null> {
    if (!(await this.#hasRows())) return null;
    return this.#takeTo(this.#chunk.rows);
  }

  /** So many of the next rows, which must be there. */
  async take(rows: number): Promise<Columns> {
    const parts: Columns[] = [];
    let left = rows;
    while (left > 0) {
      assert(await this.#hasRows(), 'the rows end too early');
      const part = this.#takeTo(Math.min(this.#at + left, this.#chunk.rows));
      parts.push(part);
      left -= part.rows;
    }
    return this.#joined(parts);
  }

  /** The next rows up to where a column, ascending, passes `last`. */
  async takeThrough(column: number, last: number): Promise<Columns> {
    const parts: Columns[] = [];
    while (await this.#hasRows()) {
      const values = this.#chunk.numbers[column]!;
      let to = this.#at;
      while (to < values.length && values[to]! <= last) to++;
      parts.push(this.#takeTo(to));
      if (to < values.length) break;
    }
    return this.#joined(parts);
  }

  /** Whether every row was taken. */
  async isAtEnd(): Promise<boolean> {
    return !(await this.#hasRows());
  }

  /** Lets go of the result; needed when it is not read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }

  /** Loads the next chunk when it is due; false at the end. */
  async #hasRows(): Promise<boolean> {
    if (this.#at < this.#chunk.rows) return true;
    const { value, done } = await this.#chunks.next();
    if (done === true) return false;
    const { ids, numbers } = this.#counts;
    this.#chunk = {
      rows: value.rowCount,
      ids: Array.from({ length: ids }, (_, i) => value.idBytes(2 * i)),
      numbers: Array.from({ length: numbers }, (_, i) => value.doubles(2 * ids + i)),
    };
    this.#at = 0;
    return true;
  }

  #takeTo(to: number): Columns {
    const from = this.#at;
    this.#at = to;
    return {
      rows: to - from,
      ids: this.#chunk.ids.map((ids) => ids.subarray(from * ID_BYTES, to * ID_BYTES)),
      numbers: this.#chunk.numbers.map((values) => values.subarray(from, to)),
    };
  }

  #joined(parts: readonly Columns[]): Columns {
    const { ids, numbers } = this.#counts;
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    const joined: Columns = {
      rows,
      ids: Array.from({ length: ids }, () => new Uint8Array(rows * ID_BYTES)),
      numbers: Array.from({ length: numbers }, () => new Float64Array(rows)),
    };
    let at = 0;
    for (const part of parts) {
      for (const [i, of] of part.ids.entries()) joined.ids[i]!.set(of, at * ID_BYTES);
      for (const [i, of] of part.numbers.entries()) joined.numbers[i]!.set(of, at);
      at += part.rows;
    }
    return joined;
  }
}
