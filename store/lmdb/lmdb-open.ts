/** Opening and closing the store's file, with the note that tells whether it was ever cut off. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { systemMachine } from '../../platform/machine.ts';
import { StoreUnavailable } from '../ports.ts';
import { LmdbEnv, type LmdbOptions, unavailable } from './lmdb-env.ts';
import { GATE_FILE } from './lmdb-gate.ts';
import { beginsAsLmdb } from './lmdb-header.ts';
import { faultOf, noteUse, removeNote, STORE_FILE } from './lmdb-in-use.ts';

const REBUILD = '"rekindle start" builds it anew from the copy of its counters and the event log';

/** Openings by this thread, by folder. */
const openings = new Map<string, number>();

/** Throws StoreUnavailable for a file that cannot be opened, or must not be before it is rebuilt. */
export function openLmdb(options: LmdbOptions): LmdbEnv {
  const description = `LMDB at ${options.dir}`;
  try {
    assertSound(options);
    const machine = options.machine ?? systemMachine;
    mkdirSync(options.dir, { recursive: true });
    noteUse(options.dir, machine);
    const env = new LmdbEnv(options);
    // From the first read on, whoever closes the file sees us. Who closed it before took the note.
    env.get(env.meta, 'ping');
    noteUse(options.dir, machine);
    openings.set(env.dir, openingsOf(env.dir) + 1);
    return env;
  } catch (error) {
    // What LMDB says when its last user, closing it, takes the locks away under who opens it.
    if (String(error).includes('No transaction to renew')) {
      throw new StoreUnavailable(`${description} was closed in this very moment: try again`);
    }
    throw unavailable({ description }, error);
  }
}

function assertSound({ dir, machine }: LmdbOptions): void {
  const fault = faultOf(dir, machine ?? systemMachine);
  const file = join(dir, STORE_FILE);
  if (fault === 'cut-off') {
    throw new StoreUnavailable(
      `${file} may be damaged: the machine stopped while it was in use; ${REBUILD}`,
    );
  }
  if (fault === 'missing') throw new StoreUnavailable(`${file} is missing; ${REBUILD}`);
  if (!beginsAsLmdb(file)) {
    throw new StoreUnavailable(`${file} is damaged: delete it, and ${REBUILD}`);
  }
  const gate = join(dir, GATE_FILE);
  if (beginsAsLmdb(gate)) return;
  throw new StoreUnavailable(`${gate} is damaged: stop what uses the store and delete it`);
}

/** The last to close flushes the file and removes the note. */
export async function closeLmdb(env: LmdbEnv): Promise<void> {
  if (env.closed) return;
  openings.set(env.dir, openingsOf(env.dir) - 1);
  try {
    if (!isLast(env)) return;
    await env.flush();
    removeNote(env.dir);
    if (!isLast(env)) noteUse(env.dir, env.machine);
  } finally {
    await env.close();
  }
}

/** Threads share the process that LMDB knows them by, so that only the main one can tell. */
function isLast(env: LmdbEnv): boolean {
  return isMainThread && openingsOf(env.dir) === 0 && env.isOnlyProcess();
}

function openingsOf(dir: string): number {
  return openings.get(dir) ?? 0;
}
