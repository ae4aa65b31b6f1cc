/** What keeps the embedded store over a power cut. A Redis keeps itself: for one nothing is done. */
import { type CountersCopy, copyCounters, countersCopiedAtMs } from './lmdb/lmdb-counters.ts';
import { type Rebuilt, rebuildLmdb } from './lmdb/lmdb-rebuild.ts';
import { environmentOf } from './lmdb/lmdb-store.ts';
import { lmdbOptions, type StoreOptions } from './open-store.ts';
import type { Store } from './ports.ts';

/**
 * Before the store is opened by anybody: builds its file anew when the machine stopped while it was
 * in use; null when it is sound. The event log must be replayed after it. No lease is granted for
 * the next `silentMs`, which is how long after a bid its notices may come.
 */
export async function rebuildStore(
  options: StoreOptions,
  silentMs: number,
): Promise<Rebuilt | null> {
  return options.url === '' ? rebuildLmdb(lmdbOptions(options), silentMs) : null;
}

/**
 * Copies what the event log counts to where a power cut does not reach it; others may write on.
 * Never waits for them. Rejects when `signal` aborts; the last copy stays. Null for a Redis.
 */
export async function keepCounters(
  store: Store,
  signal?: AbortSignal,
): Promise<CountersCopy | null> {
  const env = environmentOf(store);
  return env === undefined ? null : copyCounters(env, signal);
}

/** When the last copy was made, Unix ms: after a power cut logs that are younger are asked for. */
export function keptUntilMs(options: StoreOptions): number {
  if (options.url !== '') return Number.POSITIVE_INFINITY;
  return countersCopiedAtMs(lmdbOptions(options).dir) ?? 0;
}
