/**
 * A copy of what the event log counts, as of one moment, in a file of its own. Budgets need the one
 * moment: a bid's mark without its money, or the reverse, would make a replay count it never or twice.
 */
import { rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transaction } from 'lmdb';
import { renameDurably } from '../../platform/durable-file.ts';
import { LmdbEnv, type LmdbTable } from './lmdb-env.ts';
import { COUNTERS_FILE } from './lmdb-in-use.ts';
import { MARK_PREFIX } from './lmdb-marks.ts';

const DRAFT_FILE = 'counters.draft.lmdb';
/** Read and written in one go: some milliseconds. */
const SLICE_ROWS = 1000;

export interface CountersCopy {
  readonly rows: number;
  readonly durationMs: number;
}

interface Copying {
  readonly copy: LmdbEnv;
  readonly moment: Transaction;
  readonly signal: AbortSignal | undefined;
}

interface CopiedTable {
  readonly from: LmdbTable;
  readonly to: LmdbTable;
  /** Only keys that begin with it. */
  readonly prefix: string;
}

/** Takes the place of the last copy once it is wholly on the disk. Rejects when `signal` aborts. */
export async function copyCounters(env: LmdbEnv, signal?: AbortSignal): Promise<CountersCopy> {
  const startMs = env.clock.monotonicMs();
  const takenAtS = env.clock.nowMs() / 1000;
  const draft = join(env.dir, DRAFT_FILE);
  removeEnvironment(draft);
  const copy = new LmdbEnv({ dir: env.dir, clock: env.clock, file: DRAFT_FILE });
  try {
    const rows = await copyTables(env, copy, signal);
    await copy.flush();
    await copy.close();
    // The time the counts are of, not the time the file was done: logs older than it may go.
    utimesSync(draft, takenAtS, takenAtS);
    renameDurably(draft, join(env.dir, COUNTERS_FILE));
    return { rows, durationMs: env.clock.monotonicMs() - startMs };
  } finally {
    await copy.close();
    removeEnvironment(draft);
  }
}

/** The moment that the last copy is of, Unix ms; null when there is none. */
export function countersCopiedAtMs(dir: string): number | null {
  return statSync(join(dir, COUNTERS_FILE), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** The file and its locks, if they are there. */
export function removeEnvironment(file: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}-lock`, { force: true });
}

async function copyTables(env: LmdbEnv, copy: LmdbEnv, signal?: AbortSignal): Promise<number> {
  const moment = env.holdMoment();
  const source = { copy, moment, signal };
  try {
    let rows = await copyTable(source, {
      from: env.meta,
      to: copy.meta,
      prefix: MARK_PREFIX,
    });
    for (const name of ['exposures', 'live', 'budgets', 'notices', 'syncs', 'learned'] as const) {
      rows += await copyTable(source, { from: env[name], to: copy[name], prefix: '' });
    }
    return rows;
  } finally {
    moment.done();
  }
}

async function copyTable({ copy, moment, signal }: Copying, table: CopiedTable): Promise<number> {
  let rows = 0;
  let after = table.prefix;
  for (;;) {
    const range = { transaction: moment, limit: SLICE_ROWS, ...(after !== '' && { start: after }) };
    const slice = [...table.from.getRange(range)].filter(
      ({ key }) => key !== after && key.startsWith(table.prefix),
    );
    if (slice.length === 0) return rows;
    copy.write(() => {
      for (const { key, value } of slice) table.to.putSync(key, value);
    });
    rows += slice.length;
    after = slice.at(-1)!.key;
    await nextTurn();
    signal?.throwIfAborted();
  }
}
