import type { Store } from '../ports.ts';
import { LmdbBudgets } from './lmdb-budgets.ts';
import { LmdbCaps } from './lmdb-caps.ts';
import { answer, LmdbEnv, type LmdbOptions, unavailable } from './lmdb-env.ts';
import { LmdbGenerations } from './lmdb-generations.ts';
import { LmdbHotReads } from './lmdb-hot-reads.ts';
import { LmdbLiveFacts } from './lmdb-live-facts.ts';
import { LmdbMarks } from './lmdb-marks.ts';
import { LmdbNotices } from './lmdb-notices.ts';
import { LmdbPurge } from './lmdb-purge.ts';

/** Opens or creates the environment. Throws StoreUnavailable with the path and the reason. */
export function openLmdbStore(options: LmdbOptions): Store {
  const env = openEnv(options);
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
      await env.close();
    },
  };
}

function openEnv(options: LmdbOptions): LmdbEnv {
  try {
    return new LmdbEnv(options);
  } catch (error) {
    throw unavailable({ description: `LMDB at ${options.dir}` }, error);
  }
}
