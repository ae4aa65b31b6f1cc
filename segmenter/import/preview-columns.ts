/** The columns of a file as a preview shows them. */
import { columnPlacesIn, columnSources } from './cell-recipes.ts';
import type { PreviewReader } from './preview-readers.ts';
import { ITEM_KEYS } from './retailcrm-items.ts';

export interface ColumnPreview {
  /** As the file has it; '' for the rows as a whole. */
  readonly column: string;
  /** What the import takes it for; none when it is not read. */
  readonly as: readonly string[];
  /** Different values of the first rows. */
  readonly samples: readonly string[];
  /** Reasons for which rows would be refused, with their numbers. */
  readonly problems: readonly { readonly reason: string; readonly rows: number }[];
}

interface Seen {
  readonly samples: readonly (readonly string[])[];
  /** Null when it is not known how to read the file. */
  readonly reader: PreviewReader | null;
  readonly refused: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** One a column of the file, then those that rows were refused for and that no column is. */
export function columnPreviews(
  header: readonly string[],
  { samples, reader, refused }: Seen,
): ColumnPreview[] {
  const as = takenAs(header, reader);
  const previews = header.map((column, i) => ({
    column,
    as: as[i]!,
    samples: different(samples, i),
    problems: problemsOf(refused.get(column)),
  }));
  const others = [...refused.keys()].filter((column) => !header.includes(column));
  for (const column of others) {
    previews.push({ column, as: [], samples: [], problems: problemsOf(refused.get(column)) });
  }
  return previews;
}

function takenAs(header: readonly string[], reader: PreviewReader | null): string[][] {
  const as: string[][] = header.map(() => []);
  for (const [name, column] of reader?.taken ?? []) {
    for (const place of placesOf(column, header, reader!.like)) as[place]!.push(name);
  }
  return as;
}

/** An object that is one cell, as Metrica's products, stands in a header with its keys, retailCRM's items with theirs. */
function placesOf(
  column: string,
  header: readonly string[],
  like: PreviewReader['like'],
): number[] {
  const { names } = columnSources([column], like);
  const places = columnPlacesIn(header, names, like).filter((place) => place !== -1);
  if (places.length > 0) return places;
  const items = ITEM_KEYS.map((key) => `${column}.${key}`).filter((key) => header.includes(key));
  const isPart = (key: string) => items.length === 0 || items.includes(key);
  return header.flatMap((key, place) =>
    key.startsWith(`${column}.`) && isPart(key) ? [place] : [],
  );
}

const SAMPLES = 3;
const SAMPLE_CHARS = 40;

function different(rows: readonly (readonly string[])[], column: number): string[] {
  const found = new Set<string>();
  for (const row of rows) {
    const value = row[column]!.trim();
    if (value !== '') found.add(value.slice(0, SAMPLE_CHARS));
    if (found.size === SAMPLES) break;
  }
  return [...found];
}

function problemsOf(
  reasons: ReadonlyMap<string, number> = new Map(),
): { reason: string; rows: number }[] {
  return [...reasons].map(([reason, rows]) => ({ reason, rows }));
}
