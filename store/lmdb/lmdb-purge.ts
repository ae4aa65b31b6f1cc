import { exposuresEndMs } from '../../proto/exposure-log.ts';
import { budgetRowEndMs } from './lmdb-budgets.ts';
import type { LmdbEnv, LmdbTable } from './lmdb-env.ts';
import { liveEndMs } from './lmdb-live-facts.ts';
import { noticeEndMs } from './lmdb-notices.ts';
import { syncEndMs } from './lmdb-syncs.ts';

/** Rows looked at by one slice: some half a millisecond. */
const SLICE_ROWS = 500;
const SLICE_EVERY_MS = 5_000;

interface Purgeable {
  readonly table: LmdbTable;
  readonly endMs: (key: string, stored: Uint8Array) => number;
  after: string;
}

/**
 * LMDB has no expiry: this walks the tables whose records have a life, a slice at a time, and
 * deletes what is over. Readers check the life themselves, so the walk only frees space.
 */
export class LmdbPurge {
  readonly #env: LmdbEnv;
  readonly #queue: Purgeable[];
  readonly #timer: NodeJS.Timeout;

  constructor(env: LmdbEnv) {
    this.#env = env;
    this.#queue = [
      { table: env.exposures, endMs: (_key, log) => exposuresEndMs(log), after: '' },
      { table: env.live, endMs: (_key, record) => liveEndMs(record), after: '' },
      { table: env.notices, endMs: (_key, record) => noticeEndMs(record), after: '' },
      { table: env.syncs, endMs: (_key, record) => syncEndMs(record), after: '' },
      { table: env.learned, endMs: (_key, record) => liveEndMs(record), after: '' },
      { table: env.budgets, endMs: budgetRowEndMs, after: '' },
    ];
    this.#timer = setInterval(() => this.#tick(), SLICE_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    try {
      this.#env.forgetDeadReaders();
      this.slice(this.#env.clock.nowMs());
    } catch {
      // The file is away or full; `ping` tells, and the next tick tries again.
    }
  }

  /** Looks at the next rows of one table; returns how many it deleted. */
  slice(nowMs: number): number {
    const next = this.#queue.shift()!;
    this.#queue.push(next);
    const start = next.after;
    const range = start === '' ? { limit: SLICE_ROWS } : { start, limit: SLICE_ROWS };
    const keys = [...next.table.getKeys(range)];
    next.after = keys.length === SLICE_ROWS ? keys[keys.length - 1]! : '';
    const over = keys.filter((key) => this.#isOver(next, key, nowMs));
    if (over.length > 0) this.#remove(next, over, nowMs);
    return over.length;
  }

  #isOver(rows: Purgeable, key: string, nowMs: number): boolean {
    const stored = this.#env.get(rows.table, key);
    return stored !== null && rows.endMs(key, stored) <= nowMs;
  }

  #remove(rows: Purgeable, keys: readonly string[], nowMs: number): void {
    this.#env.write(() => {
      // Asked again under the lock: a record may have been renewed since.
      for (const key of keys) if (this.#isOver(rows, key, nowMs)) rows.table.removeSync(key);
    });
  }
}
