/** One worker's bidder, put together: routes to listen on, a way to publish, a way to end. */
import type { KeyObject } from 'node:crypto';
import type { AppendLog } from '../platform/append-log.ts';
import type { BusyPoll } from '../platform/busy-poll.ts';
import type { Clock } from '../platform/clock.ts';
import type { Route } from '../platform/http/http-port.ts';
import { ReadWait } from '../platform/read-wait.ts';
import type { Exchange } from '../settings/exchange.ts';
import type { ServiceConfig } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import type { Snapshot } from './auction/snapshot.ts';
import { BidHandler } from './bid-handler.ts';
import type { BidMetrics } from './bid-metrics.ts';
import type { BidderDeps, Serving } from './bidder-deps.ts';
import { BudgetLeases } from './budget-leases.ts';
import { LessonBook } from './exchange-lessons.ts';
import { createBidRoutes } from './http/bid-routes.ts';
import { DialectMaker } from './http/make-dialects.ts';
import type { SupplyIndex } from './supply/supply-index.ts';
import { WantedDomains } from './supply/wanted-domains.ts';

const MAINTAIN_EVERY_MS = 100;
/** A creative that was refused is bid with so long at most, before its pause begins. */
const REFRESH_EVERY_MS = 5_000;
const IN_FLIGHT_MAX = 1000;
const CACHE_BYTES_MAX = 96 * 1024 * 1024;
const CACHE_LIFE_MS = 60_000;

export interface BidderOptions {
  readonly config: Pick<ServiceConfig, 'publicUrl' | 'deadlineMs'>;
  /** The workspace's key: hashes identifiers and signs tokens. */
  readonly key: KeyObject;
  readonly store: Pick<Store, 'hot' | 'caps' | 'budgets' | 'learned' | 'available'>;
  readonly clock: Clock;
  readonly metrics: BidMetrics;
  readonly log: Pick<AppendLog, 'append' | 'state'>;
  /** Unique for this worker and start, `[a-z0-9-]`. */
  readonly instance: string;
  /** All workers that bid from the same budgets. */
  readonly workers: number;
  readonly snapshot: Snapshot;
  readonly exchanges: readonly Exchange[];
  /** What is known of those who sell; nothing when absent. */
  readonly supply?: SupplyIndex;
  /** Told of sites of which nothing is known. */
  readonly wanted?: WantedDomains;
  readonly onError: (error: unknown) => void;
  /** Of this thread's loop. */
  readonly busyPoll: BusyPoll;
  /** Reads it off `busyPoll` when absent. */
  readonly readWait?: BidderDeps['readWait'];
}

export interface Bidder {
  readonly routes: readonly Route[];
  /** Resolves when the first leases are there; before that a campaign has no money. */
  readonly ready: Promise<void>;
  /** Publishes: requests that begin from now on see it. */
  serve(snapshot: Snapshot, exchanges: readonly Exchange[], supply?: SupplyIndex): void;
  /** A loss notice has counted, at `atMs`. */
  lossSeen(exchange: string, loss: { readonly reason: string; readonly atMs: number }): void;
  /** Reads anew which creatives are paused; runs by itself, here for tests. */
  refreshLessons(): Promise<void>;
  /** Bids no more and gives unpromised money back. */
  close(): Promise<void>;
}

export function createBidder(options: BidderOptions): Bidder {
  const { config, store, clock, metrics } = options;
  const leases = new BudgetLeases({
    budgets: store.budgets,
    workers: options.workers,
    instance: options.instance,
    onFailure: () => metrics.leaseFailed(),
  });
  const lessons = new LessonBook({
    learned: store.learned,
    clock,
    metrics,
    workers: options.workers,
  });
  const dialects = new DialectMaker({
    workers: options.workers,
    clock,
    lessons,
    wanted: options.wanted ?? new WantedDomains(),
  });
  const made = dialects.make(options.exchanges, options.supply);
  const serving = { current: publish(leases, options.snapshot, made) };
  const handler = new BidHandler({
    clock,
    store,
    serving,
    leases,
    metrics,
    eventLog: options.log,
    identityKey: options.key,
    tokenKey: options.key,
    publicUrl: config.publicUrl,
    instance: options.instance,
    deadlineMs: config.deadlineMs,
    readWait: options.readWait ?? new ReadWait(options.busyPoll),
    busyPoll: options.busyPoll,
    inFlightMax: IN_FLIGHT_MAX,
    cacheBytesMax: CACHE_BYTES_MAX,
    cacheLifeMs: CACHE_LIFE_MS,
    onBug: options.onError,
  });
  const leasing = keepUp(() => leases.maintain(clock.nowMs()), MAINTAIN_EVERY_MS, options);
  const learning = keepUp(() => lessons.refresh(), REFRESH_EVERY_MS, options);
  return {
    routes: createBidRoutes(handler),
    ready: Promise.all([leasing.ready, learning.ready]).then(() => undefined),
    refreshLessons: () => lessons.refresh(),
    lossSeen: (exchange, loss) => lessons.lossSeen(exchange, loss),
    serve(snapshot, exchanges, supply) {
      serving.current = publish(leases, snapshot, dialects.make(exchanges, supply));
    },
    async close() {
      handler.drain();
      await Promise.all([leasing.stop(), learning.stop()]);
      await leases.close();
    },
  };
}

function publish(leases: BudgetLeases, snapshot: Snapshot, dialects: Serving['dialects']): Serving {
  return { snapshot, book: leases.adopt(snapshot), dialects };
}

/** Works until stopped, one round at a time. */
function keepUp(
  work: () => Promise<void>,
  everyMs: number,
  { onError }: BidderOptions,
): { ready: Promise<void>; stop(): Promise<void> } {
  const round = () => work().catch(onError);
  const ready = round();
  let under: Promise<void> | null = ready.then(() => {
    under = null;
  });
  const timer = setInterval(() => {
    if (under !== null) return;
    under = round().then(() => {
      under = null;
    });
  }, everyMs);
  return {
    ready,
    async stop() {
      clearInterval(timer);
      await under;
    },
  };
}
