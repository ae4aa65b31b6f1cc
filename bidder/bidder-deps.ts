import type { KeyObject } from 'node:crypto';
import type { AppendLog } from '../platform/append-log.ts';
import type { BusyPoll } from '../platform/busy-poll.ts';
import type { Clock } from '../platform/clock.ts';
import type { ReadWait } from '../platform/read-wait.ts';
import type { Caps, HotReads } from '../store/ports.ts';
import type { Snapshot } from './auction/snapshot.ts';
import type { BidMetrics } from './bid-metrics.ts';
import type { BudgetLeases } from './budget-leases.ts';
import type { Dialect } from './http/dialect.ts';
import type { LeaseBook } from './lease-book.ts';

/** What serves now; a request under way keeps the one it began with. */
export interface Serving {
  readonly snapshot: Snapshot;
  readonly book: LeaseBook;
  /** By the name of the exchange. */
  readonly dialects: ReadonlyMap<string, Dialect>;
}

/** What one worker bids with. */
export interface BidderDeps {
  readonly clock: Clock;
  readonly store: {
    readonly hot: HotReads;
    readonly caps: Caps;
    available(): boolean;
  };
  /** Replaced whole to publish. */
  readonly serving: { current: Serving };
  readonly leases: BudgetLeases;
  readonly metrics: BidMetrics;
  readonly eventLog: Pick<AppendLog, 'append' | 'state'>;
  /** Hashes identifiers (proto/ids.ts). */
  readonly identityKey: KeyObject;
  /** Signs notices (proto/token.ts). */
  readonly tokenKey: KeyObject;
  /** Base of notice, impression and click URLs, without a trailing slash. */
  readonly publicUrl: string;
  /** Unique for this worker and start, `[a-z0-9-]`: bid ids begin with it. */
  readonly instance: string;
  /** Longest a request may take, ms. */
  readonly deadlineMs: number;
  /** How long a request waited unread counts against its deadline. One for each worker. */
  readonly readWait: Pick<ReadWait, 'earliestMs'>;
  /** Told of every request. */
  readonly busyPoll: Pick<BusyPoll, 'came'>;
  /** The most requests that may wait for the store, however quick it is; see InFlightLimit. */
  readonly inFlightMax: number;
  /** Memory for cached links and profiles. */
  readonly cacheBytesMax: number;
  readonly cacheLifeMs: number;
  /** Our own bug, caught at the edge of a request: for the log, sampled. */
  onBug(error: unknown): void;
}
