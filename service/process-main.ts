/**
 * A bidder process: its main thread loads and watches what is served and runs the worker threads;
 * it never touches a bid. Started by the supervisor, which restarts it when it ends.
 */
import { Worker } from 'node:worker_threads';
import { openIndexCompiler } from '../bidder/compile-index.ts';
import { systemClock } from '../platform/clock.ts';
import { EXIT_CODES } from '../platform/failure.ts';
import { chooseBackend } from '../platform/http/choose-backend.ts';
import { createLog } from '../platform/log.ts';
import { openStore } from '../store/open-store.ts';
import type {
  FromProcess,
  FromWorker,
  ProcessStart,
  ToProcess,
  ToWorker,
  WorkerStart,
} from './messages.ts';
import { Pulse, THREAD_BEATS_MISSED_MAX } from './pulse.ts';
import { serviceMetricsLayout } from './service-metrics.ts';
import { loadServingState, type ServingState, servingPointers } from './serving-state.ts';
import { StateWatch } from './state-watch.ts';
import { SupplyFiles } from './supply/load-supply-index.ts';

const POLL_MS = 250;

const start = JSON.parse(process.argv[2]!) as ProcessStart;
const { config, slot } = start;
const log = createLog({ level: 'info', service: `bidder-${slot}` });
const tell = (message: FromProcess): void => {
  // Who has gone meanwhile needs no answer.
  if (process.connected) process.send?.(message, () => {});
};

// The supervisor is gone: so is the reason to run.
let serves = false;
process.on('disconnect', () => (serves ? void drain(2000) : process.exit(1)));
if (!process.connected) process.exit(1);

const store = await openStore({ url: config.storeUrl, dir: config.dir });
const compiler = openIndexCompiler();
const supplyFiles = new SupplyFiles(config.dir);
const state = await firstState();
const watch = new StateWatch(state, {
  load: loadState,
  pointers: (loaded) => servingPointers(store, shopNames(loaded)),
  took: serve,
  kept: (reason, error) => log.error('kept what is served', { reason, error }),
});
let { exchanges } = start;
const layout = serviceMetricsLayout(exchanges);
const blocks = Array.from(
  { length: config.workers },
  () => new SharedArrayBuffer(layout.byteLength),
);
const backend = await chooseBackend();
const workers = blocks.map((metrics, i) => startWorker(metrics, i));

process.on('message', (message: ToProcess) => {
  if (message.kind === 'scrape') {
    tell({
      kind: 'scraped',
      id: message.id,
      blocks: blocks.map((block) => new Float64Array(block).slice()),
    });
  } else if (message.kind === 'beat') {
    beat();
  } else if (message.kind === 'reload') {
    ({ exchanges } = message);
    void watch.want('settings');
  } else {
    void drain(message.deadlineMs);
  }
});
serves = true;
// The terminal sends Ctrl-C to the whole group; only the supervisor decides about the drain.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

const listening = await Promise.all(workers.map(({ listening }) => listening));
tell({ kind: 'ready', backend: listening[0]! });
const poll = setInterval(() => void watch.look(), POLL_MS);

function loadState(): Promise<ServingState> {
  return loadServingState(
    config.dir,
    store,
    (input) => compiler.compile(input),
    (exchanges) => supplyFiles.index(exchanges),
  );
}

async function firstState(): Promise<ServingState> {
  try {
    return await loadState();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function fail(message: string): never {
  tell({ kind: 'failed', message, exitCode: EXIT_CODES['failed-check'] });
  process.exit(EXIT_CODES['failed-check']);
}

function shopNames({ shops, unpublished }: ServingState): string[] {
  return [...shops.map(({ published }) => published.settings.shop), ...unpublished];
}

function serve(next: ServingState, reason: string): void {
  for (const { worker } of workers)
    worker.postMessage({ kind: 'serve', state: next, exchanges } satisfies ToWorker);
  for (const { published } of next.shops) {
    log.info('serving', {
      reason,
      shop: published.settings.shop,
      generation: published.manifest.generation,
    });
  }
}

/** The answer of a process is that of all its threads: one that hangs takes it along. */
function beat(): void {
  let alive = true;
  for (const { worker, pulse } of workers) {
    if (!pulse.beats()) alive = false;
    worker.postMessage({ kind: 'beat' } satisfies ToWorker);
  }
  if (alive) tell({ kind: 'beat' });
}

function startWorker(metrics: SharedArrayBuffer, index: number) {
  const start: WorkerStart = {
    config,
    writer: `p${slot}w${index}`,
    replays: index === 0,
    shared: config.processes * config.workers > 1 && backend.sharesPorts,
    exchanges,
    metrics,
    state,
  };
  const worker = new Worker(new URL('./worker-main.js', import.meta.url), { workerData: start });
  const pulse = new Pulse(THREAD_BEATS_MISSED_MAX);
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'beat') pulse.answered();
    if (message.kind === 'wanted') tell(message);
  });
  const told = (kind: FromWorker['kind']) =>
    new Promise<FromWorker>((resolve) => {
      worker.on('message', (message: FromWorker) => message.kind === kind && resolve(message));
    });
  void told('failed').then((message) => {
    if (message.kind !== 'failed') return;
    tell(message);
    process.exit(message.exitCode);
  });
  // A worker that ends unasked takes its process with it: processes are the fences.
  worker.on('error', (error) => fail(`worker ${start.writer}: ${error.message}`));
  const listening = told('listening').then((message) =>
    message.kind === 'listening' ? message.backend : '',
  );
  return { worker, pulse, listening, drained: told('drained') };
}

let draining = false;
async function drain(deadlineMs: number): Promise<void> {
  if (draining) return;
  draining = true;
  clearInterval(poll);
  const startMs = systemClock.monotonicMs();
  for (const { worker } of workers)
    worker.postMessage({ kind: 'drain', deadlineMs } satisfies ToWorker);
  await Promise.all(workers.map(({ drained }) => drained));
  await compiler[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  log.info('drained', { durationMs: Math.round(systemClock.monotonicMs() - startMs) });
  process.exit(0);
}
