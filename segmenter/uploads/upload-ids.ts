/**
 * Numbers of uploads: from 1, never given twice, whether a running service takes an upload or a command
 * imports a file. A number is taken by giving its name to a folder, which no two can do.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../../platform/durable-file.ts';
import type { ShopFiles } from '../shop-data.ts';
import { readUploads } from './upload-record.ts';

type UploadFiles = Pick<ShopFiles, 'waiting' | 'uploads'>;

/** In folders that only hold a number. */
const CLAIM = 'claim';
/** In folders of uploads that were taken back before they were imported. */
const WITHDRAWN = 'withdrawn';

/** Gives `prepared`, a folder with something in it beside those of the uploads, the next number as its name. */
export function takeNumber({ waiting, uploads }: UploadFiles, prepared: string): number {
  // Folders before records: who has its record in place lets go of its folder after that.
  const first = Math.max(0, ...numbersIn(waiting)) + 1;
  let from = prepared;
  for (let id = Math.max(first, lastRecorded(uploads) + 1); ; id++) {
    if (!renamed(from, join(waiting, String(id)))) continue;
    syncFolder(waiting);
    from = join(waiting, String(id));
    if (lastRecorded(uploads) < id) return id;
  }
}

/** Numbers of `count` files that are imported now; freeNumbers() when they are in the log. */
export function claimNumbers(files: UploadFiles, count: number): number[] {
  mkdirSync(files.waiting, { recursive: true });
  return Array.from({ length: count }, () => {
    const prepared = mkdtempSync(join(files.waiting, 'claim-'));
    writeFileSync(join(prepared, CLAIM), '');
    return takeNumber(files, prepared);
  });
}

/**
 * Also those of imports that ended without a word, and of withdrawn uploads once a later one is recorded. Only
 * under the shop's lock.
 */
export function freeNumbers({ waiting, uploads }: UploadFiles): void {
  const last = lastRecorded(uploads);
  for (const id of numbersIn(waiting)) {
    const folder = join(waiting, String(id));
    const isFree = existsSync(join(folder, CLAIM)) || (isWithdrawn(folder) && id < last);
    if (isFree) rmSync(folder, { recursive: true });
  }
}

/** Of the upload's folder only its number stays. Killed at any moment it leaves one that is withdrawn, or all of it. */
export function withdrawNumber({ waiting }: Pick<UploadFiles, 'waiting'>, id: number): void {
  const folder = join(waiting, String(id));
  writeDurably(join(folder, WITHDRAWN), '');
  for (const name of readdirSync(folder)) {
    if (name !== WITHDRAWN) rmSync(join(folder, name));
  }
}

export function isWithdrawn(folder: string): boolean {
  return existsSync(join(folder, WITHDRAWN));
}

/** Of the folders of uploads, in order. */
export function numbersIn(waiting: string): number[] {
  if (!existsSync(waiting)) return [];
  const names = readdirSync(waiting).filter((name) => /^[1-9]\d*$/.test(name));
  return names.map(Number).sort((a, b) => a - b);
}

function lastRecorded(uploads: string): number {
  return Math.max(0, ...readUploads(uploads).map(({ id }) => id));
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}
