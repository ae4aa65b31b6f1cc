/**
 * One LMDB environment below the workspace, shared by every thread and process of a machine.
 *
 * Commits are not fsynced (a reservation costs 7 us instead of 260): a killed process loses nothing,
 * because the pages are the kernel's, and what a power cut loses is rebuilt from the event log.
 * What may not be lost, a sealed or flipped generation, is flushed explicitly by `flush`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Clock } from '../../platform/clock.ts';
import { StoreUnavailable } from '../ports.ts';

/** Address space reserved for the map. It costs no memory and no disk until data fills it. */
const MAP_BYTES = 64 * 1024 ** 3;
/** A publish that would grow the file past this is refused, so the disk is never filled unseen. */
const LMDB_FILE_BYTES_MAX = 60 * 1024 ** 3;
const READERS_MAX = 1024;
/** LMDB's limit is 1978 bytes; no key of ours comes near. A longer one is from garbage. */
const KEY_LENGTH_MAX = 512;

export type LmdbTable = Database<Buffer, string>;

export interface LmdbOptions {
  readonly dir: string;
  readonly clock: Clock;
  /** Default LMDB_FILE_BYTES_MAX. */
  readonly fileBytesMax?: number;
}

export class LmdbEnv {
  readonly dir: string;
  readonly clock: Clock;
  readonly profiles: LmdbTable;
  readonly links: LmdbTable;
  readonly blobs: LmdbTable;
  readonly live: LmdbTable;
  readonly exposures: LmdbTable;
  readonly budgets: LmdbTable;
  readonly notices: LmdbTable;
  readonly meta: LmdbTable;
  readonly #root: RootDatabase<Buffer, string>;
  readonly #fileBytesMax: number;
  #closed = false;
  #lent: Buffer | null = null;
  #lentView: Buffer = Buffer.alloc(0);

  constructor(options: LmdbOptions) {
    this.dir = options.dir;
    this.clock = options.clock;
    this.#fileBytesMax = options.fileBytesMax ?? LMDB_FILE_BYTES_MAX;
    mkdirSync(options.dir, { recursive: true });
    this.#root = open<Buffer, string>({
      path: join(options.dir, 'store.lmdb'),
      encoding: 'binary',
      noSync: true,
      mapSize: MAP_BYTES,
      maxDbs: 16,
      maxReaders: READERS_MAX,
    });
    this.profiles = this.#table('profiles');
    this.links = this.#table('links');
    this.blobs = this.#table('blobs');
    this.live = this.#table('live');
    this.exposures = this.#table('exposures');
    this.budgets = this.#table('budgets');
    this.notices = this.#table('notices');
    this.meta = this.#table('meta');
  }

  get closed(): boolean {
    return this.#closed;
  }

  #table(name: string): LmdbTable {
    return this.#root.openDB<Buffer, string>({ name, encoding: 'binary' });
  }

  /** Runs `work` as the only writer of the machine; what it throws undoes what it wrote. */
  write<T>(work: () => T): T {
    this.assertOpen();
    return this.#root.transactionSync(work);
  }

  /** A copy the caller may keep, or null. */
  get(table: LmdbTable, key: string): Buffer | null {
    this.assertOpen();
    if (key.length > KEY_LENGTH_MAX) return null;
    const lent = table.getBinaryFast(key);
    if (lent === undefined) return null;
    const copy = Buffer.allocUnsafe(lent.length);
    this.#viewOf(lent).copy(copy, 0, 0, lent.length);
    return copy;
  }

  /**
   * The library lends one long buffer again and again and only overrides its `length`, so that
   * `byteLength`, `copy` and every view made of it are wrong. This is the whole of it as it is.
   */
  #viewOf(lent: Buffer): Buffer {
    if (lent !== this.#lent) {
      this.#lent = lent;
      this.#lentView = Buffer.from(lent.buffer, lent.byteOffset, lent.byteLength);
    }
    return this.#lentView;
  }

  assertOpen(): void {
    // The library crashes the process when a closed environment is read.
    if (this.#closed) throw new StoreUnavailable(`${this.description} is closed`);
  }

  /** The next read sees what other processes have committed by now. */
  refresh(): void {
    this.#root.resetReadTxn();
  }

  /** Frees the slots of readers that were killed: their snapshots would keep old pages for ever. */
  forgetDeadReaders(): void {
    this.assertOpen();
    this.#root.readerCheck();
  }

  get description(): string {
    return `LMDB at ${this.dir}`;
  }

  /** Throws StoreUnavailable when the file has reached its bound. */
  assertRoom(): void {
    this.assertOpen();
    const stats = this.#root.getStats() as { lastPageNumber: number; pageSize: number };
    const bytes = stats.lastPageNumber * stats.pageSize;
    if (bytes <= this.#fileBytesMax) return;
    throw new StoreUnavailable(
      `${this.description} is full: it holds ${bytes} bytes of at most ${this.#fileBytesMax}; remove old generations`,
    );
  }

  /** Resolves when everything committed so far is on the disk. */
  async flush(): Promise<void> {
    this.assertOpen();
    // Missing in the library's types, documented nowhere else: mdb_env_sync on its thread pool.
    const root = this.#root as unknown as { sync(done: (error: unknown) => void): void };
    await new Promise<void>((resolve, reject) => {
      root.sync((error) => (error ? reject(unavailable(this, error)) : resolve()));
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#root.close();
  }
}

/** What a failing LMDB call means to the callers of the ports. Our own errors pass unchanged. */
export function unavailable(env: { readonly description: string }, error: unknown): Error {
  if (error instanceof StoreUnavailable) return error;
  if (error instanceof Error && !('code' in error) && !error.message.includes('MDB_')) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreUnavailable(`${env.description} failed: ${detail}`, { cause: error });
}

/** Runs synchronous LMDB work behind an asynchronous port. */
export async function answer<T>(env: LmdbEnv, work: () => T): Promise<T> {
  try {
    env.assertOpen();
    return work();
  } catch (error) {
    throw unavailable(env, error);
  }
}
