/**
 * Between the log and the store: events wait here while the store is away. Memory is bounded, so a
 * long outage makes the queue forget; it then says so (`behind`), and the log, which forgets
 * nothing, is replayed (event-tracker.ts).
 */
import type { EventRecord } from '../proto/records.ts';
import { StoreUnavailable } from '../store/ports.ts';
import type { TrackerMetrics } from './tracker-metrics.ts';

export interface ApplyQueueDeps {
  /** Idempotent; rejects with StoreUnavailable to be tried again. */
  apply(event: EventRecord): Promise<void>;
  nowMs(): number;
  readonly metrics: TrackerMetrics;
  /** An event that can never be applied: our bug or a damaged row. Skipped, and counted. */
  onError(error: unknown): void;
  readonly eventsMax?: number;
}

const EVENTS_MAX = 20_000;
const AT_ONCE_MAX = 64;
const BACKOFF_MIN_MS = 50;
const BACKOFF_MAX_MS = 5_000;

export class ApplyQueue {
  readonly #deps: ApplyQueueDeps;
  readonly #eventsMax: number;
  /** Every event not yet applied by its number, oldest first. */
  readonly #open = new Map<number, EventRecord>();
  readonly #waiting: number[] = [];
  #submitted = 0;
  #running = 0;
  #backoffMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #behind = false;
  #idle: (() => void)[] = [];

  constructor(deps: ApplyQueueDeps) {
    this.#deps = deps;
    this.#eventsMax = deps.eventsMax ?? EVENTS_MAX;
  }

  /** Takes an event that the log holds durably. */
  submit(event: EventRecord): void {
    if (this.#open.size >= this.#eventsMax) {
      this.#behind = true;
      this.#deps.metrics.applyFault('deferred');
      return;
    }
    const number = ++this.#submitted;
    this.#open.set(number, event);
    this.#waiting.push(number);
    this.#pump();
  }

  /** How many were taken so far; `applied(n)` says whether the first n of them are in the store. */
  submitted(): number {
    return this.#submitted;
  }

  applied(number: number): boolean {
    const oldest = this.#open.keys().next();
    return oldest.done === true || oldest.value > number;
  }

  /** True when events were left to a replay of the log. */
  behind(): boolean {
    return this.#behind;
  }

  /** Called before a replay starts: what is left out from now on needs another one. */
  replayStarts(): void {
    this.#behind = false;
  }

  replayFailed(): void {
    this.#behind = true;
  }

  /** Resolves when nothing is open, or at once when the store is away: the log has the rest. */
  async drain(): Promise<void> {
    if (this.#open.size > 0 && this.#backoffMs === 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #pump(): void {
    while (this.#timer === null && this.#running < this.#limit() && this.#waiting.length > 0) {
      this.#running++;
      void this.#applyOne(this.#waiting.shift()!);
    }
    if (this.#open.size === 0 || this.#backoffMs > 0) this.#release();
  }

  /** While the store is away one event at a time asks whether it is back. */
  #limit(): number {
    return this.#backoffMs > 0 ? 1 : AT_ONCE_MAX;
  }

  #release(): void {
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  async #applyOne(number: number): Promise<void> {
    const event = this.#open.get(number)!;
    const error = await this.#deps.apply(event).then(
      () => null,
      (reason: unknown) => reason,
    );
    this.#running--;
    if (error instanceof StoreUnavailable) {
      this.#deps.metrics.applyFault('store_away');
      this.#waiting.unshift(number);
      this.#backOff();
    } else {
      this.#open.delete(number);
      this.#backoffMs = 0;
      this.#measure(event, error);
    }
    this.#pump();
  }

  #measure(event: EventRecord, error: unknown): void {
    const { metrics } = this.#deps;
    if (error === null) {
      metrics.eventApplied(this.#deps.nowMs() - (event.atMs ?? 0));
      return;
    }
    metrics.applyFault('failed');
    this.#deps.onError(error);
  }

  #backOff(): void {
    if (this.#timer !== null) return;
    this.#backoffMs = Math.min(BACKOFF_MAX_MS, Math.max(BACKOFF_MIN_MS, 2 * this.#backoffMs));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#pump();
    }, this.#backoffMs);
    this.#timer.unref();
  }
}
