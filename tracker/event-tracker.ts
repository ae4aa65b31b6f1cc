/**
 * One worker's event keeping: the log first, then the store, and a mark a second of how far the
 * store has come, so that a restart replays only what is missing.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppendLog } from '../platform/append-log.ts';
import { LOG_HEADER_BYTES, segmentName } from '../platform/append-log-format.ts';
import type { LogPosition } from '../platform/append-log-segments.ts';
import { type EventRecord, encodeEvent } from '../proto/records.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { ApplyDeps } from './apply-deps.ts';
import { applyEvent } from './apply-event.ts';
import { ApplyQueue } from './apply-queue.ts';
import { appliedMark, type ReplayReport, replayLogs } from './replay-log.ts';
import { WinPriceBook } from './win-price-book.ts';

export interface EventTrackerDeps extends Omit<ApplyDeps, 'winPrices'> {
  readonly log: AppendLog;
  /** Our bugs and damaged log segments. */
  onError(error: unknown): void;
  /** Between two marks, ms. */
  readonly markMs?: number;
  readonly eventsMax?: number;
}

const MARK_MS = 1_000;

export class EventTracker implements AsyncDisposable {
  readonly #deps: EventTrackerDeps;
  readonly #apply: (event: EventRecord) => Promise<void>;
  readonly #winPrices: WinPriceBook;
  readonly #queue: ApplyQueue;
  readonly #timer: NodeJS.Timeout;
  #marking: Promise<void> | null = null;
  /** Everything up to `position` is in the store once the queue has applied `number` events. */
  #checkpoint: { position: LogPosition; number: number } | null = null;
  #marked: { seq: number; offset: number };
  #dropped = 0;

  constructor(deps: EventTrackerDeps) {
    this.#deps = deps;
    this.#winPrices = new WinPriceBook(deps.store, deps.clock);
    const applying: ApplyDeps = { ...deps, winPrices: this.#winPrices };
    this.#apply = (event) => applyEvent(applying, event);
    this.#queue = new ApplyQueue({
      apply: this.#apply,
      nowMs: () => deps.clock.nowMs(),
      metrics: deps.metrics,
      onError: deps.onError,
      ...(deps.eventsMax === undefined ? {} : { eventsMax: deps.eventsMax }),
    });
    this.#marked = { seq: deps.log.durable().seq, offset: LOG_HEADER_BYTES };
    this.#timer = setInterval(() => void this.mark(), deps.markMs ?? MARK_MS);
    this.#timer.unref();
  }

  /** `done` is called with null once the event is on the disk; its way to the store starts then. */
  record(event: EventRecord, done: (error: Error | null) => void): void {
    this.#deps.log.appendDurable(encodeEvent(event), (error) => {
      try {
        done(error);
      } finally {
        if (error === null) this.#queue.submit(event);
      }
    });
  }

  /** Re-applies what earlier processes logged and the store has not seen. Call once at start. */
  replay(): Promise<ReplayReport> {
    return this.#replay(undefined);
  }

  /** Whether the store has everything that was recorded so far. */
  settled(): boolean {
    return !this.#queue.behind() && this.#queue.applied(this.#queue.submitted());
  }

  /** Writes down how far the store has come; runs by itself, here for the drain and for tests. */
  mark(): Promise<void> {
    this.#marking ??= this.#mark().finally(() => {
      this.#marking = null;
    });
    return this.#marking;
  }

  /** Stops marking and waits for nothing: a restart replays what is missing. */
  abandon(): void {
    clearInterval(this.#timer);
  }

  /** Waits until the store has what was recorded, marks it. The log is closed by who opened it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.abandon();
    await this.#queue.drain();
    // Twice: a first call may only finish with a checkpoint that was taken earlier.
    await this.mark();
    await this.mark();
    await this.#winPrices.flush().catch(this.#unlessAway);
  }

  async #mark(): Promise<void> {
    const { log, metrics, store } = this.#deps;
    metrics.logDropped(log.dropped() - this.#dropped);
    this.#dropped = log.dropped();
    try {
      await this.#winPrices.flushWhenDue();
      if (this.#queue.behind()) await this.#catchUp();
      this.#checkpoint ??= { position: log.durable(), number: this.#queue.submitted() };
      if (this.#queue.behind() || !this.#queue.applied(this.#checkpoint.number)) return;
      const { position } = this.#checkpoint;
      this.#checkpoint = null;
      if (store.available()) await this.#writeMarks(position);
    } catch (error) {
      this.#unlessAway(error);
    }
  }

  readonly #unlessAway = (error: unknown): void => {
    if (!(error instanceof StoreUnavailable)) this.#deps.onError(error);
  };

  /** The queue had to leave events to the log. */
  async #catchUp(): Promise<void> {
    if (!this.#deps.store.available()) return;
    this.#checkpoint = null;
    this.#queue.replayStarts();
    await this.#replay(this.#deps.log.writer).catch((error: unknown) => {
      this.#queue.replayFailed();
      throw error;
    });
  }

  async #replay(writer: string | undefined): Promise<ReplayReport> {
    const { log, store, onError } = this.#deps;
    const report = await replayLogs({
      dir: log.dir,
      marks: store.marks,
      apply: this.#apply,
      ...(writer === undefined ? {} : { writer }),
    });
    for (const damage of report.damaged) onError(damage);
    return report;
  }

  async #writeMarks(position: LogPosition): Promise<void> {
    const { log, store } = this.#deps;
    if (position.seq === this.#marked.seq && position.offset === this.#marked.offset) return;
    for (let seq = this.#marked.seq; seq < position.seq; seq++) {
      const name = segmentName(log.writer, seq);
      const size = await sizeOf(join(log.dir, name));
      if (size > 0) await store.marks.set(appliedMark(name), String(size));
    }
    await store.marks.set(appliedMark(position.name), String(position.offset));
    this.#marked = position;
  }
}

/** 0 for a number that no segment got. */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
