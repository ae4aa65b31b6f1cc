/** How the cells of a known file (known-headers.ts) become the cells that are asked for. */
import { namesNobody } from '../../proto/identity-value.ts';
import { type KnownName, knownFile, spelling } from '../../settings/known-headers.ts';
import { isPlaceholderHash } from '../identity/placeholder-values.ts';
import type { TextRow } from './csv-rows.ts';

/** Crosses to threads as it is. */
export interface CellRecipe {
  /** Places in a row of sources. */
  readonly from: readonly number[];
  /** The first value that names somebody, or the values of all cells. */
  readonly take: 'first' | 'all';
  /** Cells that stand for others; the key '' is an empty cell. */
  readonly words: Readonly<Record<string, string>> | null;
}

export interface ColumnSources {
  /** Columns to take from the file. */
  readonly names: readonly string[];
  /** Names a file may lack: their cells are then ''. */
  readonly mayLack: readonly string[];
  /** One a column asked for, or null when the sources are those columns. */
  readonly recipes: readonly CellRecipe[] | null;
}

/** With `blanksStay` an empty cell stands for nothing. */
export function columnSources(
  columns: readonly string[],
  like: KnownName | null,
  blanksStay = false,
): ColumnSources {
  if (like === null) return { names: columns, mayLack: [], recipes: null };
  const { firstOf, words, lacks, repeats = [] } = knownFile(like);
  const names: string[] = [];
  const placeOf = (name: string) => {
    if (!names.includes(name)) names.push(name);
    return names.indexOf(name);
  };
  const again = (name: string) => (repeats.includes(name) ? repeated(name) : []);
  const recipes = columns.map((column): CellRecipe => {
    const first = firstOf?.[column];
    return {
      from: (first ?? [column, ...again(column)]).map(placeOf),
      take: first === undefined ? 'all' : 'first',
      words: wordsOf(words?.[column], blanksStay),
    };
  });
  return { names, mayLack: [...lacks, ...repeats.flatMap(repeated)], recipes };
}

function wordsOf(
  words: Readonly<Record<string, string>> | undefined,
  blanksStay: boolean,
): CellRecipe['words'] {
  if (words === undefined) return null;
  if (!blanksStay) return words;
  const { '': _, ...rest } = words;
  return rest;
}

const REPEATED_MAX = 5;

/** What numberedHeader() calls a column that stands there again. */
function repeated(name: string): string[] {
  return Array.from({ length: REPEATED_MAX - 1 }, (_, i) => `${name} (${i + 2})`);
}

/** A header whose repeated columns have numbers: `Email`, `Email (2)`. */
export function numberedHeader(header: readonly string[]): string[] {
  const times = new Map<string, number>();
  return header.map((column) => {
    const name = column.trim();
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return time === 1 ? name : `${name} (${time})`;
  });
}

/** Where columns stand in a header; -1 for one that is not there. A known file's may be spelled otherwise. */
export function columnPlacesIn(
  header: readonly string[],
  columns: readonly string[],
  like: KnownName | null,
): number[] {
  const exact = header.map((name) => name.trim());
  const spelled = like === null ? exact : exact.map(spelling);
  return columns.map((column) => {
    const place = exact.indexOf(column);
    return place === -1 && like !== null ? spelled.indexOf(spelling(column)) : place;
  });
}

/** Rows of the sources as rows of the columns asked for. */
export function prepared(rows: TextRow[], recipes: readonly CellRecipe[] | null): TextRow[] {
  if (recipes === null) return rows;
  return rows.map((row) => {
    if (row.fields === null) return row;
    const { fields } = row;
    return { ...row, fields: recipes.map((recipe) => preparedCell(fields, recipe)) };
  });
}

function preparedCell(fields: readonly string[], { from, take, words }: CellRecipe): string {
  const cell = take === 'first' ? firstOfSeveral(fields, from) : allOf(fields, from);
  const word = cell.trim();
  return words !== null && Object.hasOwn(words, word) ? words[word]! : cell;
}

function allOf(fields: readonly string[], from: readonly number[]): string {
  if (from.length === 1) return fields[from[0]!]!;
  return from
    .map((place) => fields[place]!.trim())
    .filter((cell) => cell !== '')
    .join(',');
}

function firstOfSeveral(fields: readonly string[], from: readonly number[]): string {
  for (const place of from) {
    for (const value of severalValues(fields[place]!)) {
      if (namesSomebody(value) && !isPlaceholderHash(value.toLowerCase())) return value;
    }
  }
  return '';
}

const PHONE_BEGINS = /^\(\+?\d/;

/** Of an id, an e-mail or a phone, which alone may begin as a macro does: `(916) 555-11-22`. */
export function namesSomebody(value: string): boolean {
  return !namesNobody(value) || PHONE_BEGINS.test(value);
}

/** The values of a cell of several, `a, b`. */
export function severalValues(cell: string): string[] {
  const values = cell.split(',').map((value) => value.trim());
  return values.filter((value) => value !== '');
}
