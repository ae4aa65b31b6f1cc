import { join } from 'node:path';
import { type Clock, systemClock } from '../platform/clock.ts';
import { openLmdbStore } from './lmdb/lmdb-store.ts';
import type { Store } from './ports.ts';

export interface StoreOptions {
  /** '' is the embedded store below `dir`. */
  readonly url: string;
  /** The workspace's data folder; the embedded store lives in `store` below it. */
  readonly dir: string;
  /** Tells when a record's life is over in the embedded store. Default: the machine's clock. */
  readonly clock?: Clock;
}

/**
 * Opens the store that `url` names. Throws an Error for a URL that names none, StoreUnavailable
 * when the embedded store's files cannot be opened.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.url === '') {
    return openLmdbStore({
      dir: join(options.dir, 'store'),
      clock: options.clock ?? systemClock,
    });
  }
  throw new Error(
    `store URL "${schemeOf(options.url)}" is unknown: expected nothing (embedded LMDB)`,
  );
}

/** Only the scheme is shown: the rest of a URL may hold a password. */
function schemeOf(url: string): string {
  return `${url.split(':', 1)[0]}:…`;
}
