import type { Marks } from '../ports.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';

/** Keys of the meta table: `mark/name`. */
export const MARK_PREFIX = 'mark/';

export class LmdbMarks implements Marks {
  readonly #env: LmdbEnv;

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  async get(name: string): Promise<string | null> {
    const env = this.#env;
    return answer(env, () => env.get(env.meta, `${MARK_PREFIX}${name}`)?.toString() ?? null);
  }

  async set(name: string, value: string): Promise<void> {
    const env = this.#env;
    await answer(env, () =>
      env.write(() => env.meta.putSync(`${MARK_PREFIX}${name}`, Buffer.from(value))),
    );
  }
}
