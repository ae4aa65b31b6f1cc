import type { ErasedRecords, Erasure, ErasureSubject } from '../record-ports.ts';
import { answer, type LmdbEnv, type LmdbTable } from './lmdb-env.ts';
import { below } from './lmdb-generation-records.ts';

/** One transaction for all of it: a person has some dozens of records. */
export class LmdbErasure implements Erasure {
  readonly #env: LmdbEnv;

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  async erase({ shop, persons, identities, links }: ErasureSubject): Promise<ErasedRecords> {
    const env = this.#env;
    const erased = await answer(env, () =>
      env.write(() => {
        const within = [...env.meta.getKeys(below(`gen/${shop}`))].map((key) =>
          key.slice('gen/'.length),
        );
        const everybody = [...persons, ...identities].map((person) => `${shop}/${person}`);
        return {
          profiles: remove(env, env.profiles, keysIn(within, persons)),
          links: remove(env, env.links, [
            ...keysIn(within, identities),
            ...links.map(({ generation, identity }) => `${shop}/${generation}/${identity}`),
          ]),
          liveFacts: remove(env, env.live, everybody),
          exposureLogs: remove(env, env.exposures, everybody),
        };
      }),
    );
    await env.flush();
    return erased;
  }
}

/** `within` are generations as `shop/generation`. */
function keysIn(within: readonly string[], ids: readonly string[]): string[] {
  return within.flatMap((generation) => ids.map((id) => `${generation}/${id}`));
}

function remove(env: LmdbEnv, table: LmdbTable, keys: readonly string[]): number {
  const held = keys.filter((key) => env.get(table, key) !== null);
  for (const key of held) table.removeSync(key);
  return held.length;
}
