/**
 * Some rows of a result. Whole columns are copied as they lie in the engine's memory: an accessor for each value
 * costs ten times as much. The layout of a vector is part of DuckDB's C API.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type { DuckDBDataChunk } from '@duckdb/node-api';

const bindings = createRequire(import.meta.url)(
  '@duckdb/node-bindings',
) as typeof import('@duckdb/node-bindings');

/** Characters of an id. */
export const ID_BYTES = 16;
const HALF_BYTES = ID_BYTES / 2;
/** A duckdb_string_t: its length, and up to twelve bytes of text in place. */
const TEXT_WORDS = 4;

export class DuckChunk {
  readonly #chunk: DuckDBDataChunk;
  readonly rowCount: number;

  constructor(chunk: DuckDBDataChunk) {
    this.#chunk = chunk;
    this.rowCount = chunk.rowCount;
  }

  texts(column: number): readonly string[] {
    return this.#chunk.getColumnValues(column) as string[];
  }

  /** INTEGER and DOUBLE columns; null for NULL. */
  numbers(column: number): readonly number[] {
    return this.#chunk.getColumnValues(column) as number[];
  }

  /** A DOUBLE column; NaN for NULL. */
  doubles(column: number): Float64Array {
    const vector = this.#vector(column);
    const bytes = bindings.vector_get_data(vector, this.rowCount * Float64Array.BYTES_PER_ELEMENT);
    const values = new Float64Array(bytes.buffer, bytes.byteOffset, this.rowCount).slice();
    const isValid: Uint8Array | null = bindings.vector_get_validity(
      vector,
      Math.ceil(this.rowCount / 64) * 8,
    );
    // There is none when every row has a value.
    if (isValid !== null) {
      for (let row = 0; row < this.rowCount; row++) {
        if ((isValid[row >>> 3]! & (1 << (row & 7))) === 0) values[row] = Number.NaN;
      }
    }
    return values;
  }

  /** The characters of idSql(), which takes this column and the next: ID_BYTES a row. */
  idBytes(column: number): Uint8Array {
    const ids = new Uint32Array((this.rowCount * ID_BYTES) / Uint32Array.BYTES_PER_ELEMENT);
    this.#copyHalves(column, ids, 0);
    this.#copyHalves(column + 1, ids, 2);
    return new Uint8Array(ids.buffer);
  }

  /** The same as texts. */
  ids(column: number): string[] {
    return idTexts(this.idBytes(column));
  }

  #copyHalves(column: number, ids: Uint32Array, to: number): void {
    const words = this.rowCount * TEXT_WORDS;
    const bytes = bindings.vector_get_data(this.#vector(column), words * 4);
    const texts = new Uint32Array(bytes.buffer, bytes.byteOffset, words);
    for (let at = 0; at < words; at += TEXT_WORDS) {
      if (texts[at] !== HALF_BYTES) assert.fail(`a half of an id has ${texts[at]} bytes`);
      ids[at + to] = texts[at + 1]!;
      ids[at + to + 1] = texts[at + 2]!;
    }
  }

  #vector(column: number) {
    return bindings.data_chunk_get_vector(this.#chunk.chunk, column);
  }
}

/**
 * SQL for an id of sixteen characters as two columns, for DuckChunk: a text of more than twelve bytes lies
 * outside of its column.
 */
export function idSql(column: string): string {
  return `substr(${column}, 1, 8), substr(${column}, 9)`;
}

/** Ids that stand one behind the other, ID_BYTES each, as texts. */
export function idTexts(ids: Uint8Array): string[] {
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += ID_BYTES) {
    texts.push(bytes.toString('latin1', at, at + ID_BYTES));
  }
  return texts;
}
