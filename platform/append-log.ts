/**
 * Append, group fsync, then acknowledge. Records gather in one buffer; one write and one fdatasync
 * cover all of them. After a failed fdatasync the kernel may call the lost pages clean, so a file
 * that failed once is never synced again: its waiters fail and a new segment is opened.
 */
import { strict as assert } from 'node:assert';
import { diskFiles, type SegmentFiles } from './append-log-files.ts';
import {
  parseSegmentName,
  putRecord,
  RECORD_BYTES_MAX,
  RECORD_PREFIX_BYTES,
  segmentName,
} from './append-log-format.ts';
import { isNoSpace, type LogPosition, SegmentWriter } from './append-log-segments.ts';
import type { Clock } from './clock.ts';

export interface AppendLogOptions {
  readonly dir: string;
  /** Names the files; one live writer a name. Letters, digits and underscores. */
  readonly writer: string;
  /** A segment past this size is closed and the next one opened. */
  readonly segmentBytesMax: number;
  /** Longest wait of a durable record for company, ms. */
  readonly flushMs: number;
  /** Bytes held in memory, waiting and being written together. */
  readonly queueBytesMax: number;
  readonly clock: Clock;
  readonly files?: SegmentFiles;
}

type LogState = 'ok' | 'full' | 'broken' | 'closed';

type Durable = (error: Error | null) => void;

export interface AppendLog extends AsyncDisposable {
  readonly dir: string;
  readonly writer: string;
  /**
   * Takes a copy of the record and writes it soon; nothing is promised. False, and counted in
   * `dropped`, when the queue is full, the disk is, or the log is closed.
   */
  append(record: Uint8Array): boolean;
  /**
   * As append, and `done` is called once, never before this returns: with null after the fdatasync
   * that covers the record, else with the error, and then the record may or may not be kept.
   */
  appendDurable(record: Uint8Array, done: Durable): void;
  /** `full` and `broken` end by themselves with the next write that succeeds. */
  state(): LogState;
  /** Records of append() that were refused, or were in a batch that could not be written. */
  dropped(): number;
  /** All `done`s of records before this position have been called. */
  durable(): LogPosition;
  /** Writes and syncs what is queued. */
  close(): Promise<void>;
}

/** How long a record without a waiter may stay in memory: that much a killed process forgets. */
const LAZY_FLUSH_MS = 50;
const RETRY_MS = 250;
const BATCH_BYTES_MIN = 65_536;

interface Batch {
  buffer: Buffer;
  used: number;
  records: number;
  waiters: Durable[];
}

/** Opens a new segment after the last one of this writer. Rejects when the folder is not writable. */
export async function openAppendLog(options: AppendLogOptions): Promise<AppendLog> {
  assert(options.flushMs <= LAZY_FLUSH_MS, 'flushMs may not be longer than the lazy flush');
  assert(options.queueBytesMax >= RECORD_BYTES_MAX, 'the queue must hold one record');
  assert(parseSegmentName(segmentName(options.writer, 1)) !== null, 'writer must be a plain name');
  const files = options.files ?? diskFiles;
  let seq = 0;
  for (const name of await files.list(options.dir)) {
    const segment = parseSegmentName(name);
    if (segment?.writer === options.writer) seq = Math.max(seq, segment.seq);
  }
  const segments = new SegmentWriter(options, files, seq);
  await segments.open();
  return new FileAppendLog(options, segments);
}

class FileAppendLog implements AppendLog {
  readonly dir: string;
  readonly writer: string;
  readonly #options: AppendLogOptions;
  readonly #segments: SegmentWriter;
  #durable: LogPosition;
  #batch = emptyBatch();
  #spare = emptyBatch();
  #flyingBytes = 0;
  #flushing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #timerUrgent = false;
  #fault: Error | null = null;
  #state: LogState = 'ok';
  #retryAtMs = 0;
  #dropped = 0;

  constructor(options: AppendLogOptions, segments: SegmentWriter) {
    this.dir = options.dir;
    this.writer = options.writer;
    this.#options = options;
    this.#segments = segments;
    this.#durable = segments.durable();
  }

  append(record: Uint8Array): boolean {
    if (!this.#take(record)) {
      this.#dropped++;
      return false;
    }
    this.#schedule(false);
    return true;
  }

  appendDurable(record: Uint8Array, done: Durable): void {
    if (!this.#take(record)) {
      const error = this.#fault ?? new Error(this.#refusal());
      queueMicrotask(() => done(error));
      return;
    }
    this.#batch.waiters.push(done);
    this.#schedule(true);
  }

  state(): LogState {
    return this.#state;
  }

  dropped(): number {
    return this.#dropped;
  }

  durable(): LogPosition {
    return this.#durable;
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    while (this.#flushing !== null || this.#batch.used > 0) await (this.#flushing ?? this.#flush());
    await this.#segments.seal();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #refusal(): string {
    return this.#state === 'closed' ? 'the event log is closed' : 'the event log queue is full';
  }

  #take(record: Uint8Array): boolean {
    assert(record.length > 0 && record.length <= RECORD_BYTES_MAX, 'record size out of bounds');
    if (this.#state !== 'ok' && !this.#mayRetry()) return false;
    const batch = this.#batch;
    const end = batch.used + RECORD_PREFIX_BYTES + record.length;
    if (end + this.#flyingBytes > this.#options.queueBytesMax) return false;
    if (end > batch.buffer.length) grow(batch, end);
    batch.used = putRecord(batch.buffer, batch.used, record);
    batch.records++;
    return true;
  }

  /** While the disk refuses, one batch in RETRY_MS is let through to see whether it still does. */
  #mayRetry(): boolean {
    return this.#state !== 'closed' && this.#options.clock.monotonicMs() >= this.#retryAtMs;
  }

  #schedule(urgent: boolean): void {
    if (this.#flushing !== null) return; // what arrives meanwhile goes out right after
    if (this.#timer !== null) {
      if (this.#timerUrgent || !urgent) return;
      clearTimeout(this.#timer);
    }
    this.#timerUrgent = urgent;
    this.#timer = setTimeout(
      () => void this.#flush(),
      urgent ? this.#options.flushMs : LAZY_FLUSH_MS,
    );
  }

  #flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const batch = this.#batch;
    this.#batch = this.#spare;
    this.#spare = batch;
    this.#flyingBytes = batch.used;
    this.#flushing = this.#commit(batch);
    return this.#flushing;
  }

  async #commit(batch: Batch): Promise<void> {
    const error = await this.#write(batch);
    if (error !== null) this.#dropped += batch.records - batch.waiters.length;
    const waiters = batch.waiters;
    batch.used = 0;
    batch.records = 0;
    batch.waiters = [];
    this.#flyingBytes = 0;
    this.#flushing = null;
    // Together with the waiters, in one go: who reads the position may rely on their having run.
    this.#durable = this.#segments.durable();
    for (const done of waiters) settle(done, error);
    if (this.#batch.used > 0 && this.#state !== 'closed' && this.#flushing === null) {
      if (this.#batch.waiters.length > 0) void this.#flush();
      else this.#schedule(false);
    }
  }

  async #write(batch: Batch): Promise<Error | null> {
    try {
      await this.#segments.write(batch.buffer.subarray(0, batch.used), batch.waiters.length > 0);
    } catch (error) {
      return this.#failed(error as NodeJS.ErrnoException);
    }
    this.#fault = null;
    if (this.#state !== 'closed') this.#state = 'ok';
    return null;
  }

  #failed(error: NodeJS.ErrnoException): Error {
    this.#fault = error;
    if (this.#state !== 'closed') {
      this.#state = isNoSpace(error) ? 'full' : 'broken';
    }
    this.#retryAtMs = this.#options.clock.monotonicMs() + RETRY_MS;
    return error;
  }
}

function emptyBatch(): Batch {
  return { buffer: Buffer.allocUnsafe(BATCH_BYTES_MIN), used: 0, records: 0, waiters: [] };
}

function grow(batch: Batch, bytes: number): void {
  const larger = Buffer.allocUnsafe(2 ** Math.ceil(Math.log2(bytes)));
  batch.buffer.copy(larger, 0, 0, batch.used);
  batch.buffer = larger;
}

/** One caller's bug must not keep the news from the others. */
function settle(done: Durable, error: Error | null): void {
  try {
    done(error);
  } catch (bug) {
    queueMicrotask(() => {
      throw bug;
    });
  }
}
