/** Parts of a file on their way to rows: read at once, or cut off and read in any thread. */
import { type CellRecipe, prepared } from './cell-recipes.ts';
import { csvRows, type TextPiece, type TextRow } from './csv-rows.ts';
import { jsonRows } from './json-rows.ts';
import { ndjsonRows, shownCells } from './ndjson-rows.ts';

/** How the pieces of a file become rows of the columns asked for. */
export type RowFormat = {
  /** For the cells of a known file; null when the file's own cells are asked for. */
  readonly recipes: readonly CellRecipe[] | null;
} & (
  | {
      readonly kind: 'csv';
      readonly delimiter: string;
      /** Where the columns to take are; -1 for one that the file lacks. */
      readonly indices: readonly number[];
      /** Fields of the header. */
      readonly width: number;
    }
  | {
      readonly kind: 'ndjson' | 'json';
      readonly keys: readonly string[];
      /** Rows are for looking at: no value costs its row. */
      readonly shown?: boolean;
    }
);

export type RowsPart =
  | { readonly rows: TextRow[] }
  | { readonly piece: TextPiece; readonly format: RowFormat };

export function rowsOf(part: RowsPart): TextRow[] {
  if ('rows' in part) return part.rows;
  const { piece, format } = part;
  if (format.kind === 'csv') return selectedRows(csvRows(piece, format.delimiter), format);
  const { keys, shown = false } = format;
  const rows = (format.kind === 'json' ? jsonRows : ndjsonRows)(piece, keys);
  return prepared(marked(shown ? rows.map((row) => shownRow(row, keys)) : rows), format.recipes);
}

function shownRow(row: TextRow, keys: readonly string[]): TextRow {
  const fields = row.fields ?? shownCells(row.raw, keys);
  return fields === null ? row : { ...row, fields, problem: '' };
}

/**
 * Numbers of a part's rows, each once in a file and in its order: that of its line, and in a JSON list, where
 * a line may hold all of them, its place in the list.
 */
export function rowNumbers(part: RowsPart, rows: readonly TextRow[]): number[] {
  const before = 'piece' in part ? part.piece.rowsBefore : undefined;
  return rows.map(({ line }, i) => (before === undefined ? line : before + i + 1));
}

/** Rows of a CSV file with the columns asked for, in their order. */
export function selectedRows(rows: TextRow[], format: RowFormat & { kind: 'csv' }): TextRow[] {
  return prepared(marked(rows.map((row) => selected(row, format))), format.recipes);
}

function selected(
  row: TextRow,
  { indices, width }: { readonly indices: readonly number[]; readonly width: number },
): TextRow {
  if (row.fields === null) return row;
  if (row.fields.length !== width) {
    const cut = row.fields.length < width ? ' (is the file cut off?)' : '';
    const problem = `${row.fields.length} fields where the header has ${width}${cut}`;
    return { line: row.line, fields: null, problem, raw: row.raw };
  }
  const fields: string[] = [];
  for (const index of indices) fields.push(index === -1 ? '' : row.fields[index]!);
  return { line: row.line, fields, problem: '', raw: row.raw };
}

const DAMAGED = '\uFFFD';

/** Rows with bytes that were not UTF-8 in a cell we read cannot be trusted. */
export function marked(rows: TextRow[]): TextRow[] {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!row.raw.includes(DAMAGED) || row.fields === null) continue;
    if (!row.fields.some((field) => field.includes(DAMAGED))) continue;
    rows[i] = { line: row.line, fields: null, problem: 'bytes that are not UTF-8', raw: row.raw };
  }
  return rows;
}
