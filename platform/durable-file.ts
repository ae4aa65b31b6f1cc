import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a small file whole: whatever happens to the machine, it holds the old text or the new. Of
 * threads and processes that write at once, one is the last.
 */
export function writeDurably(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}.tmp`;
  const handle = openSync(draft, 'w');
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameDurably(draft, file);
}

/** The new name, and what it took the place of, survive the machine once this returns. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** The file, if it is there, is gone and stays gone. */
export function removeDurably(file: string): void {
  rmSync(file, { force: true });
  syncFolder(dirname(file));
}

/** What was made in a folder, or taken out of it, survives the machine. */
export function syncFolder(dir: string): void {
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
