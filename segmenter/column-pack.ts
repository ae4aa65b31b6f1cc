/**
 * Rows on their way into DuckDB, a column as one text. A call into the engine for each value costs
 * several times what the value's own work does; a pack costs one a column, and SQL splits it.
 */
export interface ColumnPack {
  /** Stands between the values, and in none of them. */
  readonly separator: string;
  readonly joined: readonly string[];
}

const UNIT_SEPARATOR = 0x1f;
/** No text holds every character from here on. */
const PRIVATE_USE = 0xe000;

/** Columns of the same length, at least one value each. */
export function packColumns(columns: readonly (readonly (string | number)[])[]): ColumnPack {
  const rows = columns[0]!.length;
  for (let code = UNIT_SEPARATOR; ; code = code < PRIVATE_USE ? PRIVATE_USE : code + 1) {
    const separator = String.fromCodePoint(code);
    const joined = columns.map((values) => values.join(separator));
    if (joined.every((text) => occurrences(text, separator) === rows - 1)) {
      return { separator, joined };
    }
  }
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) count++;
  return count;
}
