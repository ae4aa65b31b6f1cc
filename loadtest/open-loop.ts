/**
 * The load generator of our own. Open loop: requests fall due at the moments of a Poisson process
 * whatever the server does, wait for a free connection when there is none, and latency counts from
 * the moment they were due, so a server that stalls cannot hide it. autocannon cannot do this: its
 * rate mode sends each second's requests in one burst. With 'saturate' every connection is always
 * busy instead. The loop spins on setImmediate and never sleeps: a timer's millisecond would show.
 */
import type { Histogram } from 'hdr-histogram-js';
import type { SeededRandom } from '../platform/seeded-random.ts';
import { bestHalf, latencyHistogram, recordMs, summarise } from './latency.ts';
import { LoadConnection } from './load-connection.ts';
import type { LoadTarget, OpenLoopResult } from './load-result.ts';

const WINDOW_MS = 1000;
const SWEEP_EVERY_MS = 20;
/** How long after the end answers and requests that were due are waited for. */
const DRAIN_MS = 1000;

export interface OpenLoopOptions {
  readonly target: LoadTarget;
  /** Whole requests (load-result.ts requestsTo), sent in turn. */
  readonly requests: readonly Buffer[];
  /** Where in `requests` to begin; 0 when absent. */
  readonly firstRequest?: number;
  readonly connections: number;
  readonly ratePerSecond: number | 'saturate';
  readonly seconds: number;
  /** An answer that takes longer is an error, and its connection is closed. */
  readonly timeoutMs: number;
  readonly random: SeededRandom;
}

/** Rejects when no connection can be made at the start. Always ends: seconds plus a drain. */
export async function runOpenLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  const loop = new OpenLoop(options);
  await loop.connect();
  return loop.run();
}

class OpenLoop {
  readonly #options: OpenLoopOptions;
  readonly #connections: LoadConnection[];
  /** First in, first out, so that no connection rests until the server closes it. */
  #idle: LoadConnection[] = [];
  readonly #due: number[] = [];
  #dueHead = 0;
  #startMs = 0;
  #endMs = 0;
  #nextDueMs = 0;
  #nextSweepMs = 0;
  #request = 0;
  #inFlight = 0;
  #events = 0;
  #idleMs = 0;
  #answeredInTime = 0;
  readonly #counts = { bids: 0, noBids: 0, non2xx: 0, serverErrors: 0, errors: 0, bidBytes: 0 };
  readonly #total = latencyHistogram();
  readonly #bids = latencyHistogram();
  readonly #noBids = latencyHistogram();
  readonly #windows: Histogram[] = [];

  constructor(options: OpenLoopOptions) {
    this.#options = options;
    this.#request = (options.firstRequest ?? 0) % options.requests.length;
    this.#connections = Array.from(
      { length: options.connections },
      () => new LoadConnection(options.target, this),
    );
  }

  async connect(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.open()));
  }

  async run(): Promise<OpenLoopResult> {
    this.#startMs = performance.now();
    this.#endMs = this.#startMs + this.#options.seconds * 1000;
    this.#nextDueMs = this.#startMs;
    this.#idle = [...this.#connections];
    await this.#spin();
    const unanswered = this.#inFlight;
    for (const connection of this.#connections) connection.close();
    return this.#result(unanswered);
  }

  /** LoadConnection: a response is complete. */
  answered(connection: LoadConnection): void {
    const nowMs = performance.now();
    this.#events++;
    this.#inFlight--;
    if (nowMs <= this.#endMs) this.#answeredInTime++;
    const tookMs = nowMs - connection.dueMs;
    this.#count(connection, tookMs);
    recordMs(this.#total, tookMs);
    const index = Math.floor((connection.dueMs - this.#startMs) / WINDOW_MS);
    this.#windows[index] ??= latencyHistogram();
    recordMs(this.#windows[index]!, tookMs);
    this.#next(connection, nowMs);
  }

  /** LoadConnection: it broke with a request on it, and is being opened again. */
  failed(): void {
    this.#inFlight--;
    this.#counts.errors++;
  }

  /** LoadConnection: it is open again. */
  reopened(connection: LoadConnection): void {
    // It may have closed while it rested, and then it still waits among the free ones.
    if (!this.#idle.includes(connection)) this.#next(connection, performance.now());
  }

  #next(connection: LoadConnection, nowMs: number): void {
    if (this.#options.ratePerSecond === 'saturate') {
      if (nowMs < this.#endMs) this.#send(connection, nowMs);
    } else if (this.#dueHead < this.#due.length) {
      this.#send(connection, this.#due[this.#dueHead++]!);
    } else {
      this.#idle.push(connection);
    }
  }

  #send(connection: LoadConnection, dueMs: number): void {
    const { requests } = this.#options;
    this.#inFlight++;
    connection.send(requests[this.#request]!, dueMs);
    this.#request = (this.#request + 1) % requests.length;
  }

  #spin(): Promise<void> {
    return new Promise((resolve) => {
      let lastMs = this.#startMs;
      let lastEvents = 0;
      const turn = (): void => {
        const nowMs = performance.now();
        // A turn in which nothing fell due and nothing came is the generator's spare time.
        if (this.#events === lastEvents && nowMs < this.#endMs) this.#idleMs += nowMs - lastMs;
        lastMs = nowMs;
        lastEvents = this.#events;
        this.#dispatch(nowMs);
        if (this.#over(nowMs)) resolve();
        else setImmediate(turn);
      };
      turn();
    });
  }

  #over(nowMs: number): boolean {
    if (nowMs < this.#endMs) return false;
    const settled = this.#inFlight === 0 && this.#dueHead === this.#due.length;
    return settled || nowMs > this.#endMs + DRAIN_MS;
  }

  #dispatch(nowMs: number): void {
    const { ratePerSecond, random } = this.#options;
    if (nowMs >= this.#nextSweepMs) this.#sweep(nowMs);
    if (ratePerSecond === 'saturate') {
      const free = this.#idle;
      this.#idle = [];
      for (const connection of free) this.#next(connection, nowMs);
      return;
    }
    const untilMs = Math.min(nowMs, this.#endMs);
    while (this.#nextDueMs <= untilMs) {
      this.#events++;
      const connection = this.#freeConnection();
      if (connection === undefined) this.#due.push(this.#nextDueMs);
      else this.#send(connection, this.#nextDueMs);
      this.#nextDueMs += (random.exponential() * 1000) / ratePerSecond;
    }
  }

  #freeConnection(): LoadConnection | undefined {
    for (;;) {
      const connection = this.#idle.shift();
      if (connection === undefined || connection.isOpen) return connection;
    }
  }

  #sweep(nowMs: number): void {
    this.#nextSweepMs = nowMs + SWEEP_EVERY_MS;
    for (const connection of this.#connections) {
      if (connection.sentMs > 0 && nowMs - connection.sentMs > this.#options.timeoutMs) {
        connection.abandon();
      }
    }
  }

  #count({ reader }: LoadConnection, tookMs: number): void {
    const { status } = reader;
    if (reader.isBid) {
      this.#counts.bids++;
      this.#counts.bidBytes += reader.bodyBytes;
      recordMs(this.#bids, tookMs);
    } else if (status === 200 || status === 204) {
      this.#counts.noBids++;
      recordMs(this.#noBids, tookMs);
    } else if (status < 200 || status > 299) {
      this.#counts.non2xx++;
      if (status >= 500) this.#counts.serverErrors++;
    }
  }

  #result(unanswered: number): OpenLoopResult {
    const { ratePerSecond, seconds, connections } = this.#options;
    const saturating = ratePerSecond === 'saturate';
    return {
      client: `own spinning client, ${saturating ? 'closed' : 'open'} loop, ${connections} connections`,
      seconds,
      targetPerSecond: saturating ? null : ratePerSecond,
      answeredPerSecond: this.#answeredInTime / seconds,
      answered: this.#total.totalCount,
      ...this.#counts,
      errors: this.#counts.errors + unanswered,
      unsent: this.#due.length - this.#dueHead,
      generatorBusyShare: 1 - Math.min(1, this.#idleMs / (seconds * 1000)),
      latency: summarise(this.#total),
      bidLatency: summarise(this.#bids),
      noBidLatency: summarise(this.#noBids),
      bestHalfLatency: bestHalf(this.#windows.filter(Boolean)),
    };
  }
}
