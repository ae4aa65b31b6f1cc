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
import { syncFolder } from '../../platform/durable-file.ts';
import type { ShopFiles } from '../shop-data.ts';
import { readUploads } from './upload-record.ts';

type UploadFiles = Pick<ShopFiles, 'waiting' | 'uploads'>;

/** In folders that only hold a number. */
const CLAIM = 'claim';

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

/** Also those of imports that ended without a word. Only under the shop's lock. */
export function freeNumbers({ waiting }: UploadFiles): void {
  for (const id of numbersIn(waiting)) {
    const folder = join(waiting, String(id));
    if (existsSync(join(folder, CLAIM))) rmSync(folder, { recursive: true });
  }
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
