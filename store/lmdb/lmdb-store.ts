import { isMainThread } from 'node:worker_threads';
import type { Store } from '../ports.ts';
import { LmdbBudgets } from './lmdb-budgets.ts';
import { LmdbCaps } from './lmdb-caps.ts';
import { answer, type LmdbEnv, type LmdbOptions } from './lmdb-env.ts';
import { LmdbErasure } from './lmdb-erasure.ts';
import { LmdbGenerations } from './lmdb-generations.ts';
import { LmdbHotReads } from './lmdb-hot-reads.ts';
import { LmdbLearned } from './lmdb-learned.ts';
import { LmdbLiveFacts } from './lmdb-live-facts.ts';
import { LmdbMarks } from './lmdb-marks.ts';
import { LmdbNotices } from './lmdb-notices.ts';
import { closeLmdb, openLmdb } from './lmdb-open.ts';
import { LmdbPurge } from './lmdb-purge.ts';
import { LmdbSyncs } from './lmdb-syncs.ts';

const environments = new WeakMap<Store, LmdbEnv>();

/** Opens or creates the store. Throws StoreUnavailable with the path and the reason. */
export function openLmdbStore(options: LmdbOptions): Store {
  const env = openLmdb(options);
  // Main threads watch over others: they may not wait for the write lock, which a stopped one may hold.
  const purge = isMainThread ? null : new LmdbPurge(env);
  const store: Store = {
    description: env.description,
    hot: new LmdbHotReads(env),
    caps: new LmdbCaps(env),
    budgets: new LmdbBudgets(env),
    notices: new LmdbNotices(env),
    live: new LmdbLiveFacts(env),
    syncs: new LmdbSyncs(env),
    learned: new LmdbLearned(env),
    generations: new LmdbGenerations(env),
    marks: new LmdbMarks(env),
    erasure: new LmdbErasure(env),
    ping: () => answer(env, () => void env.get(env.meta, 'ping')),
    available: () => !env.closed,
    [Symbol.asyncDispose]: async () => {
      purge?.stop();
      await closeLmdb(env);
    },
  };
  environments.set(store, env);
  return store;
}

/** The environment behind an embedded store; undefined for every other. */
export function environmentOf(store: Store): LmdbEnv | undefined {
  return environments.get(store);
}
