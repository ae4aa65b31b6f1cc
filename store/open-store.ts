import { join } from 'node:path';
import { type Clock, systemClock } from '../platform/clock.ts';
import { type Machine, systemMachine } from '../platform/machine.ts';
import type { Store } from './ports.ts';
import { isRedisUrl, parseRedisUrl } from './redis/redis-url.ts';

export interface StoreOptions {
  /** '' is the embedded store below `dir`; else a Redis URL, see the message below. */
  readonly url: string;
  /** The workspace's data folder; the embedded store lives in `store` below it. */
  readonly dir: string;
  /** Tells when a record's life is over in the embedded store. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Default: the machine that this runs on. */
  readonly machine?: Machine;
  /** How long a bid may wait for Redis, ms. Default 8. */
  readonly hotTimeoutMs?: number;
}

/**
 * Opens the store that `url` names. Throws an Error for a URL that names none, and StoreUnavailable
 * when the embedded store's file cannot be opened or must be rebuilt first (keep-store.ts). A Redis that is away does not throw: the store
 * returns within 1.5 s, rejects every call until the server is there, and `ping` says why.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  // Only the adapter that is wanted is loaded: each brings a large library.
  if (options.url === '') {
    const { openLmdbStore } = await import('./lmdb/lmdb-store.ts');
    return openLmdbStore(lmdbOptions(options));
  }
  const clock = options.clock ?? systemClock;
  if (isRedisUrl(options.url)) {
    const { hotTimeoutMs } = options;
    const address = parseRedisUrl(options.url);
    const { openRedisStore } = await import('./redis/redis-store.ts');
    return openRedisStore({ address, clock, ...(hotTimeoutMs && { hotTimeoutMs }) });
  }
  throw new Error(
    `store URL ${schemeOf(options.url)} is of no known kind: expected nothing (the embedded store), ` +
      'redis://, rediss://, redis+cluster:// or redis+unix://',
  );
}

/** Where and how the embedded store is opened. */
export function lmdbOptions(options: StoreOptions) {
  const clock = options.clock ?? systemClock;
  const machine = options.machine ?? systemMachine;
  return { dir: join(options.dir, 'store'), clock, machine };
}

/** Only the scheme is shown: the rest of a URL may hold a password. */
function schemeOf(url: string): string {
  const colon = url.indexOf(':');
  return colon === -1 ? 'without a scheme' : `"${url.slice(0, colon)}:…"`;
}
