/**
 * The supervisor: starts the bidder processes, has a dead one back within a second and ends one that
 * hangs, sums their metrics, passes sound settings on, and drains them all. It never touches a bid.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { Log } from '../platform/log.ts';
import type { MetricsLayout } from '../platform/metrics.ts';
import { renderMetrics } from '../platform/metrics-exposition.ts';
import type { ServiceConfig } from '../settings/workspace.ts';
import type { FromProcess, ProcessStart, ToProcess } from './messages.ts';
import { BEAT_MS, PROCESS_BEATS_MISSED_MAX, Pulse } from './pulse.ts';
import { nameExchanges, type SupervisorMetrics } from './service-metrics.ts';

const PROCESS_MAIN = fileURLToPath(new URL('./process-main.js', import.meta.url));
const READY_MS = 60_000;
const SCRAPE_MS = 1000;
/** More ends than this within a minute: something is wrong that a restart does not mend. */
const RESTARTS_PER_MINUTE_MAX = 5;
const RESTART_SLOW_MS = 10_000;

export interface SupervisorDeps {
  readonly config: ServiceConfig;
  /** Those that the layout was made with. */
  readonly exchanges: readonly string[];
  readonly layout: MetricsLayout;
  readonly metrics: SupervisorMetrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of sites of which no ads.txt is known. */
  wanted(hosts: readonly string[]): void;
}

interface Slot {
  readonly slot: number;
  child: ChildProcess | null;
  ready: boolean;
  pulse: Pulse;
  /** Monotonic ms of recent ends. */
  ends: number[];
}

export class Supervisor {
  readonly #deps: SupervisorDeps;
  readonly #slots: Slot[];
  readonly #scrapes = new Map<number, (blocks: readonly Float64Array[]) => void>();
  #scrapeId = 0;
  #beat: NodeJS.Timeout | null = null;
  #exchanges: readonly string[];
  #reloads = 0;
  #stopping = false;

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
    this.#exchanges = deps.exchanges;
    this.#slots = Array.from({ length: deps.config.processes }, (_, slot) => ({
      slot,
      child: null,
      ready: false,
      pulse: new Pulse(PROCESS_BEATS_MISSED_MAX),
      ends: [],
    }));
  }

  /**
   * Resolves with the HTTP back end's name when every process serves; rejects with Failure when one
   * cannot. Does neither once `drain` was called.
   */
  async start(): Promise<string> {
    const backends = await Promise.all(this.#slots.map((slot) => this.#launch(slot)));
    this.#beat = setInterval(() => this.#beatAll(), BEAT_MS);
    return backends[0]!;
  }

  ready(): boolean {
    return !this.#stopping && this.#slots.some(({ ready }) => ready);
  }

  /** Process ids of the serving processes, for those who measure. */
  pids(): number[] {
    return this.#slots.flatMap(({ child }) => (child?.pid === undefined ? [] : [child.pid]));
  }

  /** `exchanges` are the workspace's now: those that are new get a place in the metrics. */
  reload(exchanges: readonly string[]): void {
    const added = exchanges.filter((exchange) => !this.#exchanges.includes(exchange));
    this.#exchanges = [...this.#exchanges, ...added];
    nameExchanges(this.#deps.layout, added);
    this.#reloads++;
    for (const { child, ready } of this.#slots)
      if (ready && child !== null) this.#sendReload(child);
  }

  /** Prometheus text over all workers. A process that does not answer in a second is left out. */
  async render(): Promise<string> {
    const blocks = await Promise.all(this.#slots.map((slot) => this.#scrape(slot)));
    return renderMetrics(this.#deps.layout, [this.#deps.metrics.snapshot(), ...blocks.flat()]);
  }

  /** Resolves when every process has ended, those that were still starting included. */
  async drain(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#beat !== null) clearInterval(this.#beat);
    await Promise.all(
      this.#slots.map(async ({ child, ready }) => {
        if (child === null || child.exitCode !== null) return;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        // One that does not serve yet has nothing to drain, and ends when nobody wants it.
        if (ready) child.send({ kind: 'drain', deadlineMs } satisfies ToProcess, () => {});
        else if (child.connected) child.disconnect();
        const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs + 2000);
        await ended;
        clearTimeout(timer);
      }),
    );
  }

  #launch(slot: Slot): Promise<string> {
    const exchanges = this.#exchanges;
    const reloads = this.#reloads;
    const start: ProcessStart = { config: this.#deps.config, slot: slot.slot, exchanges };
    const child = fork(PROCESS_MAIN, [JSON.stringify(start)], { serialization: 'advanced' });
    slot.child = child;
    return new Promise((resolve, reject) => {
      // Who stops waits for ends, not for what they say.
      const fail = (why: string): void => {
        if (!this.#stopping) reject(notReady(why));
      };
      const timer = setTimeout(() => {
        fail(`not ready within ${READY_MS} ms`);
        child.kill('SIGKILL');
      }, READY_MS);
      child.on('message', (message: FromProcess) => {
        this.#hear(slot, message);
        if (message.kind === 'failed') fail(message.message);
        if (message.kind !== 'ready') return;
        clearTimeout(timer);
        slot.ready = true;
        slot.pulse = new Pulse(PROCESS_BEATS_MISSED_MAX);
        this.#catchUp(child, reloads);
        resolve(message.backend);
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        const wasReady = slot.ready;
        slot.ready = false;
        slot.child = null;
        fail(`ended with ${code ?? signal}`);
        if (!this.#stopping && wasReady) this.#restart(slot, String(code ?? signal));
      });
    });
  }

  /** What a process says while it serves. */
  #hear({ pulse }: Slot, message: FromProcess): void {
    if (message.kind === 'beat') pulse.answered();
    if (message.kind === 'scraped') this.#scrapes.get(message.id)?.(message.blocks);
    if (message.kind === 'wanted') this.#deps.wanted(message.hosts);
  }

  #restart(slot: Slot, reason: string): void {
    const { clock, log, metrics } = this.#deps;
    const nowMs = clock.monotonicMs();
    slot.ends = [...slot.ends.filter((endMs) => endMs > nowMs - 60_000), nowMs];
    const waitMs = slot.ends.length > RESTARTS_PER_MINUTE_MAX ? RESTART_SLOW_MS : 0;
    metrics.processRestarted();
    log.error('a bidder process ended and is started again', {
      process: slot.slot,
      reason,
      restarts: slot.ends.length,
    });
    setTimeout(() => {
      if (this.#stopping) return;
      this.#launch(slot).catch((error: unknown) => {
        log.error('a bidder process did not come back', { process: slot.slot, error });
        if (!this.#stopping)
          setTimeout(() => this.#restart(slot, 'did not start'), RESTART_SLOW_MS);
      });
    }, waitMs);
  }

  #beatAll(): void {
    for (const slot of this.#slots) this.#beatOf(slot);
  }

  /** A process that is stopped or hangs may hold the store's write lock; only its end frees that. */
  #beatOf({ slot, child, ready, pulse }: Slot): void {
    if (child === null || !ready) return;
    if (pulse.beats()) {
      child.send({ kind: 'beat' } satisfies ToProcess, () => {});
      return;
    }
    this.#deps.metrics.processHung();
    this.#deps.log.error('a bidder process does not answer and is ended', { process: slot });
    child.kill('SIGKILL');
  }

  /** Settings that changed while it loaded may not be what it has read. */
  #catchUp(child: ChildProcess, reloadsBefore: number): void {
    if (reloadsBefore !== this.#reloads) this.#sendReload(child);
  }

  #sendReload(child: ChildProcess): void {
    child.send({ kind: 'reload', exchanges: this.#exchanges } satisfies ToProcess, () => {});
  }

  #scrape({ child, ready }: Slot): Promise<readonly Float64Array[]> {
    if (child === null || !ready) return Promise.resolve([]);
    const id = ++this.#scrapeId;
    return new Promise((resolve) => {
      const done = (blocks: readonly Float64Array[]): void => {
        clearTimeout(timer);
        this.#scrapes.delete(id);
        resolve(blocks);
      };
      const timer = setTimeout(() => done([]), SCRAPE_MS);
      this.#scrapes.set(id, done);
      child.send({ kind: 'scrape', id } satisfies ToProcess, (error) => error && done([]));
    });
  }
}

function notReady(why: string): Failure {
  return new Failure('failed-check', `a bidder process could not serve: ${why}`);
}
