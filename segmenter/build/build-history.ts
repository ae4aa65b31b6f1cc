/**
 * What has served and since when: `data/<shop>/history.ndjson`, a line for each build that was put in
 * place and each rollback, the newest last. Names nobody.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ShopFiles } from '../shop-data.ts';
import type { BuildResult } from './build-request.ts';

interface Built {
  readonly kind: 'build';
  /** Unix ms. */
  readonly atMs: number;
  readonly generation: string;
  /** The moment the rules were evaluated at, Unix ms. */
  readonly asOfMs: number;
  readonly tookMs: number;
  readonly customers: number;
  readonly segments: BuildResult['segments'];
}

interface RolledBack {
  readonly kind: 'rollback';
  readonly atMs: number;
  readonly generation: string;
}

export type HistoryEntry = Built | RolledBack;

/** The oldest half goes when there are more. */
const ENTRIES_MAX = 1000;

export function addToHistory(files: ShopFiles, entry: HistoryEntry): void {
  const older = readHistory(files);
  if (older.length >= ENTRIES_MAX) {
    const kept = older.slice(-ENTRIES_MAX / 2).map((each) => `${JSON.stringify(each)}\n`);
    writeFileSync(`${files.history}.part`, kept.join(''));
    renameSync(`${files.history}.part`, files.history);
  }
  // A line of its own even behind one that was cut off.
  appendFileSync(files.history, `\n${JSON.stringify(entry)}\n`);
}

/** Oldest first. A line that a crash has cut off is passed over. */
export function readHistory(files: ShopFiles): readonly HistoryEntry[] {
  if (!existsSync(files.history)) return [];
  return readFileSync(files.history, 'utf8').split('\n').flatMap(entryOf);
}

function entryOf(line: string): HistoryEntry[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line) as HistoryEntry];
  } catch {
    return [];
  }
}
