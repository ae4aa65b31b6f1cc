/**
 * The shop's data as it was before each of the last imports, so that they can be undone: hard links, which
 * cost nothing until an import writes a table anew. `versions/<id>` is what lay there before upload <id>.
 */
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { syncFolder } from '../../platform/durable-file.ts';
import { SHOP_TABLES } from '../import/import-context.ts';
import { filesIn, type ShopFiles } from '../shop-data.ts';
import type { UploadRecord } from './upload-record.ts';

const VERSIONS_MAX = 5;
const DAY_MS = 86_400_000;
/** As long as a sender may send the same days again. */
const KEPT_MS = 3 * DAY_MS;

/** Before an import is put in place. Only under the shop's lock. */
export function keepVersion(files: ShopFiles, id: number): void {
  const folder = join(files.versions, String(id));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const table of [...SHOP_TABLES.map((name) => files[name]), files.state]) {
    if (existsSync(table)) linkSync(table, join(folder, basename(table)));
  }
  syncFolder(folder);
  syncFolder(files.versions);
}

/** The kept data of before an upload; null when it is not kept any more. */
export function keptVersion(files: ShopFiles, id: number): ShopFiles | null {
  const folder = join(files.versions, String(id));
  return existsSync(folder) ? { ...filesIn(folder), temp: files.temp } : null;
}

/** Ids of the uploads whose data of before is kept, oldest first. */
export function keptVersions({ versions }: Pick<ShopFiles, 'versions'>): number[] {
  if (!existsSync(versions)) return [];
  return readdirSync(versions)
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Removes what is too old, one too many, or of an import that was never put in place or is undone. Only under
 * the shop's lock.
 */
export function pruneVersions(
  files: ShopFiles,
  records: readonly UploadRecord[],
  nowMs: number,
): void {
  const undoable = records.filter(
    ({ state, dryRun, timeMs }) => state === 'PROCESSED' && !dryRun && nowMs - timeMs < KEPT_MS,
  );
  const ids = new Set(undoable.map(({ together }) => together));
  const held = keptVersions(files);
  const kept = [...ids].filter((id) => held.includes(id)).slice(-VERSIONS_MAX);
  for (const id of held) {
    if (!kept.includes(id)) rmSync(join(files.versions, String(id)), { recursive: true });
  }
}

/** Removes all of them: they hold somebody who is forgotten. Only under the shop's lock. Returns how many there were. */
export function dropVersions(files: Pick<ShopFiles, 'versions'>): number {
  const { length } = keptVersions(files);
  rmSync(files.versions, { recursive: true, force: true });
  return length;
}
