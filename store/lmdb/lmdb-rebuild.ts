/**
 * Builds the store's file anew from the last copy of its counters (docs/decisions/0008). What came
 * after the copy is in the event log, behind the marks that the copy holds: the caller replays it.
 */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { renameDurably } from '../../platform/durable-file.ts';
import { StoreUnavailable } from '../ports.ts';
import { countersCopiedAtMs, removeEnvironment } from './lmdb-counters.ts';
import { LmdbEnv, type LmdbOptions } from './lmdb-env.ts';
import { GATE_FILE } from './lmdb-gate.ts';
import { beginsAsLmdb } from './lmdb-header.ts';
import { COUNTERS_FILE, faultOf, removeNote, STORE_FILE } from './lmdb-in-use.ts';
import { beginSilence } from './lmdb-silence.ts';

const DRAFT_FILE = 'rebuilt.lmdb';

export interface Rebuilt {
  /** `cut-off`: the machine stopped while the file was in use. `missing`: somebody removed it. */
  readonly fault: 'cut-off' | 'missing';
  /** The moment the counters are of, Unix ms; null when no copy had been made yet. */
  readonly countersAtMs: number | null;
}

/**
 * Null when the file is sound. Nobody else may have the store open. From then on no lease is granted
 * for `silentMs`. Killed at any point it begins again: the new file takes its place in one step.
 */
export async function rebuildLmdb(
  options: LmdbOptions & Required<Pick<LmdbOptions, 'machine'>>,
  silentMs: number,
): Promise<Rebuilt | null> {
  const { dir, machine } = options;
  const fault = faultOf(dir, machine);
  if (fault === null) return null;
  const draft = join(dir, DRAFT_FILE);
  removeEnvironment(draft);
  const countersAtMs = countersCopiedAtMs(dir);
  if (countersAtMs !== null) takeCopy(join(dir, COUNTERS_FILE), draft);
  await makeSilent({ ...options, file: DRAFT_FILE }, silentMs);
  const file = join(dir, STORE_FILE);
  // Locks of processes that the machine took with it, and a gate as torn as the file may be.
  rmSync(`${file}-lock`, { force: true });
  removeEnvironment(join(dir, GATE_FILE));
  renameDurably(draft, file);
  removeEnvironment(draft);
  removeNote(dir);
  return { fault, countersAtMs };
}

function takeCopy(copy: string, draft: string): void {
  if (!beginsAsLmdb(copy)) {
    throw new StoreUnavailable(
      `the store has to be built anew, but ${copy} is damaged: restore it from a backup, or delete ` +
        'it to count from the event log alone, as far back as that reaches',
    );
  }
  copyFileSync(copy, draft);
}

async function makeSilent(options: LmdbOptions, silentMs: number): Promise<void> {
  const env = new LmdbEnv(options);
  try {
    env.write(() => beginSilence(env, silentMs));
    await env.flush();
  } finally {
    await env.close();
  }
}
