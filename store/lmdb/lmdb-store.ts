import type { Store } from '../ports.ts';
import { LmdbBudgets } from './lmdb-budgets.ts';
import { LmdbCaps } from './lmdb-caps.ts';
import { answer, type LmdbOptions } from './lmdb-env.ts';
import { LmdbGenerations } from './lmdb-generations.ts';
import { LmdbHotReads } from './lmdb-hot-reads.ts';
import { LmdbLiveFacts } from './lmdb-live-facts.ts';
import { LmdbMarks } from './lmdb-marks.ts';
import { LmdbNotices } from './lmdb-notices.ts';
import { closeLmdb, openLmdb } from './lmdb-open.ts';
import { LmdbPurge } from './lmdb-purge.ts';

/** Opens or creates the store. Throws StoreUnavailable with the path and the reason. */
export function openLmdbStore(options: LmdbOptions): Store {
  const env = openLmdb(options);
  const purge = new LmdbPurge(env);
  return {
    description: env.description,
    hot: new LmdbHotReads(env),
    caps: new LmdbCaps(env),
    budgets: new LmdbBudgets(env),
    notices: new LmdbNotices(env),
    live: new LmdbLiveFacts(env),
    generations: new LmdbGenerations(env),
    marks: new LmdbMarks(env),
    ping: () => answer(env, () => void env.get(env.meta, 'ping')),
    available: () => !env.closed,
    [Symbol.asyncDispose]: async () => {
      purge.stop();
      await closeLmdb(env);
    },
  };
}
