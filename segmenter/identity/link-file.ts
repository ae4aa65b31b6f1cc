/** `rekindle link`: a file of records as persons, measured against labels where there are any. */
import { ImportError } from '../import/import-error.ts';
import {
  type LabelledPair,
  type LinkQuality,
  qualityByClusters,
  qualityByPairs,
} from './link-quality.ts';
import {
  type KeyedRecord,
  type LinkedRecords,
  type LinkOptions,
  linkRecords,
} from './link-records.ts';
import { type BadRow, type RecordRow, readRecords } from './read-records.ts';

export interface LinkFileRequest extends LinkOptions {
  /** The column that names a record; null takes its line. */
  readonly id: string | null;
  readonly labels: LabelsRequest | null;
}

interface LabelsRequest {
  readonly file: string;
  /** The column that is the same for records of one person, beside one named as `id`. */
  readonly cluster: string;
  /** Columns of one id, the other and a score instead: half and more is one person. */
  readonly pairs: readonly [string, string, string] | null;
}

export interface LinkedFile extends LinkedRecords {
  readonly records: number;
  /** By size, smallest first. */
  readonly sizes: readonly { readonly size: number; readonly persons: number }[];
  readonly quality: LinkQuality | null;
  readonly rejected: { readonly count: number; readonly first: readonly BadRow[] };
}

const REJECTED_SHOWN = 20;

/** Throws ImportError for a file that cannot be read, or labels that are not what was said. */
export async function linkFile(file: string, request: LinkFileRequest): Promise<LinkedFile> {
  const { id, keys, labels } = request;
  const named = keys.flatMap(({ columns }) => columns);
  const columns = id === null ? named : [id, ...named];
  const { rows, bad } = await readRecords(file, columns);
  const { records, twice } = keyedRecords(rows, request);
  const linked = linkRecords(records, request);
  const rejected = [...bad, ...twice];
  return {
    records: records.length,
    ...linked,
    sizes: sizesOf(linked),
    quality: labels === null ? null : await measure(linked, labels, id ?? ''),
    rejected: { count: rejected.length, first: rejected.slice(0, REJECTED_SHOWN) },
  };
}

function keyedRecords(
  rows: readonly RecordRow[],
  { id, keys }: LinkFileRequest,
): { records: KeyedRecord[]; twice: BadRow[] } {
  const records = new Map<string, KeyedRecord>();
  const twice: BadRow[] = [];
  for (const { line, cells } of rows) {
    const name = id === null ? String(line) : cells[0]!.trim();
    if (name === '' || records.has(name)) {
      const reason = name === '' ? 'the record has no id' : `the id ${name} was there before`;
      twice.push({ line, reason });
      continue;
    }
    records.set(name, { id: name, cells: byKey(id === null ? cells : cells.slice(1), keys) });
  }
  return { records: [...records.values()], twice };
}

function byKey(cells: readonly string[], keys: LinkFileRequest['keys']): (readonly string[])[] {
  let at = 0;
  return keys.map(({ columns }) => {
    const from = at;
    at += columns.length;
    return cells.slice(from, at);
  });
}

function sizesOf({ clusters }: LinkedRecords): LinkedFile['sizes'] {
  const persons = new Map<number, number>();
  for (const { records } of clusters) {
    persons.set(records.length, (persons.get(records.length) ?? 0) + 1);
  }
  return [...persons].sort(([a], [b]) => a - b).map(([size, count]) => ({ size, persons: count }));
}

async function measure(
  { clusters }: LinkedRecords,
  { file, cluster, pairs }: LabelsRequest,
  id: string,
): Promise<LinkQuality> {
  const { rows, bad } = await readRecords(file, pairs ?? [id, cluster]);
  if (bad.length > 0) throw new ImportError(`${file}:${bad[0]!.line}: ${bad[0]!.reason}`);
  if (pairs !== null)
    return qualityByPairs(
      clusters,
      rows.map((row) => labelledPair(file, row)),
    );
  const labels = rows.map(({ cells }) => [cells[0]!.trim(), cells[1]!.trim()] as const);
  return qualityByClusters(clusters, new Map(labels.filter(([, label]) => label !== '')));
}

const SAME_SCORE_MIN = 0.5;

function labelledPair(file: string, { line, cells }: RecordRow): LabelledPair {
  const [a, b, text] = cells.map((cell) => cell.trim());
  const score = text === '' ? Number.NaN : Number(text);
  if (score >= 0 && score <= 1) return { a: a!, b: b!, same: score >= SAME_SCORE_MIN };
  throw new ImportError(`${file}:${line}: expected a score of 0 to 1, got "${text}"`);
}
