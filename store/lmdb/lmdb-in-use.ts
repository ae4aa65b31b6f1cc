/**
 * The note `in-use` beside the store's file: written before anybody changes the file, removed when
 * the last has flushed and closed it. One of another boot means that the machine stopped meanwhile,
 * and that the disk may hold any mixture of the file's pages (docs/decisions/0008).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDurably, writeDurably } from '../../platform/durable-file.ts';
import type { Machine } from '../../platform/machine.ts';

export const STORE_FILE = 'store.lmdb';
/** Exposures, budgets, live facts, notices and marks as of one moment, wholly on the disk. */
export const COUNTERS_FILE = 'counters.lmdb';
const NOTE_FILE = 'in-use';

/** Why the store's file must be built anew before it is opened; null when it is sound. */
export function faultOf(dir: string, machine: Machine): 'cut-off' | 'missing' | null {
  const note = readNote(dir);
  if (note !== null && note !== machine.bootId()) return 'cut-off';
  const lost = !existsSync(join(dir, STORE_FILE)) && existsSync(join(dir, COUNTERS_FILE));
  return lost ? 'missing' : null;
}

/** Durable when this returns. */
export function noteUse(dir: string, machine: Machine): void {
  if (readNote(dir) === null) writeDurably(join(dir, NOTE_FILE), machine.bootId());
}

/** The file is flushed and nobody has it open. */
export function removeNote(dir: string): void {
  if (readNote(dir) !== null) removeDurably(join(dir, NOTE_FILE));
}

function readNote(dir: string): string | null {
  try {
    return readFileSync(join(dir, NOTE_FILE), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
