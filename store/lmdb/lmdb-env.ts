/**
 * One LMDB environment below the workspace, shared by every thread and process of a machine.
 *
 * Commits are not fsynced (a reservation costs 7 us instead of 260): a killed process loses nothing,
 * because the pages are the kernel's. After a power cut the file is not opened again but built anew
 * (lmdb-rebuild.ts), so every opening is noted in `in-use` and the last closing flushes.
 */
import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase, type Transaction } from 'lmdb';
import type { Clock } from '../../platform/clock.ts';
import { type Machine, systemMachine } from '../../platform/machine.ts';
import { StoreUnavailable } from '../ports.ts';
import type { Scratch } from '../scratch.ts';
import { LmdbGate, sync } from './lmdb-gate.ts';
import { noteUse, STORE_FILE } from './lmdb-in-use.ts';
import { type LmdbKey, writePlainKeys } from './lmdb-keys.ts';

/** Length of the sparse file and of the map. It costs no memory and no disk until data fills it. */
const MAP_BYTES = 64 * 1024 ** 3;
/** A publish that would grow the data past this is refused, so the disk is never filled unseen. */
const LMDB_FILE_BYTES_MAX = 60 * 1024 ** 3;
/** Left free on the disk: a page that finds no room there ends the process (docs/decisions/0006). */
const DISK_FREE_BYTES_MIN = 256 * 1024 ** 2;
/** A write touches some ten pages, so this many stay far below what is left free. */
const WRITES_PER_DISK_CHECK = 256;
const READERS_MAX = 1024;
/** LMDB's limit is 1978 bytes; no key of ours comes near. A longer one is from garbage. */
const KEY_LENGTH_MAX = 512;

/** Rows read or written in bulk until the pages they lie on are let go of: some 100 MB. */
const ROWS_HELD_MAX = 100_000;

export type LmdbTable = Database<Buffer, string>;

export interface LmdbOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly machine?: Machine;
  /** Default STORE_FILE. Another is a file in the making: as long as what it holds, nobody else's. */
  readonly file?: string;
  /** Default LMDB_FILE_BYTES_MAX. */
  readonly fileBytesMax?: number;
  /** Default: what the file system of `dir` says. */
  readonly diskFreeBytes?: () => number;
}

export class LmdbEnv {
  readonly dir: string;
  readonly clock: Clock;
  readonly machine: Machine;
  /** Others after rowsTouched(). */
  profiles!: LmdbTable;
  links!: LmdbTable;
  blobs!: LmdbTable;
  live!: LmdbTable;
  exposures!: LmdbTable;
  budgets!: LmdbTable;
  notices!: LmdbTable;
  syncs!: LmdbTable;
  learned!: LmdbTable;
  meta!: LmdbTable;
  readonly #gate: LmdbGate | null;
  readonly #file: string;
  #root!: RootDatabase<Buffer, string>;
  readonly #fileBytesMax: number;
  readonly #diskFreeBytes: () => number;
  #writesUntilDiskCheck = 0;
  #closed = false;
  #rowsHeld = 0;
  #lent: Buffer | null = null;
  #lentView: Buffer = Buffer.alloc(0);

  constructor(options: LmdbOptions) {
    this.dir = options.dir;
    this.clock = options.clock;
    this.machine = options.machine ?? systemMachine;
    this.#file = options.file ?? STORE_FILE;
    this.#fileBytesMax = options.fileBytesMax ?? LMDB_FILE_BYTES_MAX;
    this.#diskFreeBytes = options.diskFreeBytes ?? (() => diskFreeBytes(options.dir));
    mkdirSync(options.dir, { recursive: true });
    this.#assertDisk();
    this.#gate = this.#file === STORE_FILE ? new LmdbGate(options.dir) : null;
    this.#open();
  }

  #open(): void {
    this.#root = this.#pass(() =>
      open<Buffer, string>({
        path: join(this.dir, this.#file),
        encoding: 'binary',
        noSync: true,
        // Pages are changed in the shared map, not written from copies: half a reservation's cost (docs/decisions/0006).
        useWritemap: this.#file === STORE_FILE,
        mapSize: MAP_BYTES,
        maxDbs: 16,
        maxReaders: READERS_MAX,
      }),
    );
    this.profiles = this.#table('profiles');
    this.links = this.#table('links');
    this.blobs = this.#table('blobs');
    this.live = this.#table('live');
    this.exposures = this.#table('exposures');
    this.budgets = this.#table('budgets');
    this.notices = this.#table('notices');
    this.syncs = this.#table('syncs');
    this.learned = this.#table('learned');
    this.meta = this.#table('meta');
  }

  get closed(): boolean {
    return this.#closed;
  }

  #table(name: string): LmdbTable {
    const table = this.#pass(() => this.#root.openDB<Buffer, string>({ name, encoding: 'binary' }));
    writePlainKeys(table);
    return table;
  }

  /**
   * Runs `work` as the only writer of the machine; what it throws undoes what it wrote. Throws
   * StoreUnavailable when the disk is nearly full. Not from within another write.
   */
  write<T>(work: () => T): T {
    this.assertOpen();
    if (this.#writesUntilDiskCheck-- <= 0) this.#assertDisk();
    return this.#pass(() => this.#root.transactionSync(work));
  }

  #pass<T>(work: () => T): T {
    return this.#gate === null ? work() : this.#gate.pass(work);
  }

  /** A copy, or null: the caller's to keep, or in `scratch` until that is lent again. */
  get(table: LmdbTable, key: LmdbKey, scratch?: Scratch): Buffer | null {
    this.assertOpen();
    if (lengthOf(key) > KEY_LENGTH_MAX) return null;
    const lent = table.getBinaryFast(key as string);
    if (lent === undefined) return null;
    const { length } = lent;
    const whole = this.#viewOf(lent);
    if (scratch !== undefined) return scratch.take(whole, length);
    const copy = Buffer.allocUnsafe(length);
    whole.copy(copy, 0, 0, length);
    return copy;
  }

  /** Only inside `write`. */
  put(table: LmdbTable, key: LmdbKey, value: Buffer): void {
    table.putSync(key as string, value);
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

  /** Whether no other process has the file open; of each that has, a read must have been made. */
  isOnlyProcess(): boolean {
    this.forgetDeadReaders();
    const pids = this.#root.readerList().matchAll(/^\s*(\d+) /gm);
    return [...pids].every(([, pid]) => Number(pid) === process.pid);
  }

  /** A moment to read from while others write. Until `done`, no page that it needs is used again. */
  holdMoment(): Transaction {
    this.assertOpen();
    this.refresh();
    return this.#root.useReadTransaction();
  }

  get description(): string {
    return `LMDB at ${this.dir}`;
  }

  /** Until there is room on the disk again every write throws; what is there stays readable. */
  #assertDisk(): void {
    this.#writesUntilDiskCheck = 0;
    const bytes = this.#diskFreeBytes();
    if (bytes < DISK_FREE_BYTES_MIN) {
      throw new StoreUnavailable(
        `${this.description} cannot be written: its disk has ${bytes} bytes free of at least ${DISK_FREE_BYTES_MIN}; free some`,
      );
    }
    this.#writesUntilDiskCheck = WRITES_PER_DISK_CHECK;
  }

  /** Throws StoreUnavailable when the data has reached its bound, or the disk is nearly full. */
  assertRoom(): void {
    this.assertOpen();
    this.#assertDisk();
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
    try {
      await sync(this.#root);
      await this.#gate?.flush();
    } catch (error) {
      throw unavailable(this, error);
    }
  }

  /**
   * For what writes or reads in bulk and does nothing else meanwhile: now and then takes the file out of this
   * process and maps it again, because the pages that it has touched count as its memory until then. The
   * kernel keeps them.
   */
  async rowsTouched(rows: number): Promise<void> {
    this.#rowsHeld += rows;
    if (this.#rowsHeld < ROWS_HELD_MAX) return;
    this.#rowsHeld = 0;
    this.assertOpen();
    // Who asks meanwhile is refused, where the library would crash.
    this.#closed = true;
    try {
      await this.#root.close();
      this.#open();
      this.#closed = false;
      // As openLmdb() does: who closed the file in between did not see us, and took the note.
      this.get(this.meta, 'ping');
      if (this.#file === STORE_FILE) noteUse(this.dir, this.machine);
    } catch (error) {
      throw unavailable(this, error);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#root.close();
    await this.#gate?.close();
  }
}

/** Of parts as they are written: with a slash between two. */
function lengthOf(key: LmdbKey): number {
  if (typeof key === 'string') return key.length;
  let length = key.length - 1;
  for (let i = 0; i < key.length; i++) length += key[i]!.length;
  return length;
}

function diskFreeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize;
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
