/** What supervisor, processes and worker threads tell each other. Plain data: it is cloned. */

import type { ServiceConfig } from '../settings/workspace.ts';
import type { ServingState } from './serving-state.ts';

export interface ProcessStart {
  readonly config: ServiceConfig;
  /** Slot of the process, from 0: names its log writers, so a restarted one takes them over. */
  readonly slot: number;
  readonly exchanges: ExchangeNames;
}

/**
 * Every exchange that the supervisor has known, in the order it met them: the order of their places
 * in the metrics of all processes and threads. It only grows.
 */
type ExchangeNames = readonly string[];

export type ToProcess =
  | { readonly kind: 'scrape'; readonly id: number }
  /** Settings have changed and are sound. */
  | { readonly kind: 'reload'; readonly exchanges: ExchangeNames }
  /** To be answered at once by a process whose threads all live. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'drain'; readonly deadlineMs: number };

/** Hosts of sites that requests named and of which no ads.txt is known. */
interface Wanted {
  readonly kind: 'wanted';
  readonly hosts: readonly string[];
}

export type FromProcess =
  | { readonly kind: 'ready'; readonly backend: string }
  | Wanted
  | { readonly kind: 'beat' }
  | { readonly kind: 'scraped'; readonly id: number; readonly blocks: readonly Float64Array[] }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number };

export interface WorkerStart {
  readonly config: ServiceConfig;
  /** `p0w1`: process slot and thread. */
  readonly writer: string;
  /** The first worker of a process replays what earlier ones left in the log. */
  readonly replays: boolean;
  readonly shared: boolean;
  readonly exchanges: ExchangeNames;
  readonly metrics: SharedArrayBuffer;
  readonly state: ServingState;
}

export type ToWorker =
  | { readonly kind: 'serve'; readonly state: ServingState; readonly exchanges: ExchangeNames }
  | { readonly kind: 'beat' }
  | { readonly kind: 'drain'; readonly deadlineMs: number };

export type FromWorker =
  | Wanted
  | { readonly kind: 'listening'; readonly backend: string }
  | { readonly kind: 'beat' }
  | { readonly kind: 'drained' }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number };
