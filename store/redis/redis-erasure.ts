import type { ErasedRecords, Erasure, ErasureSubject, GenerationLink } from '../record-ports.ts';
import {
  exposuresKey,
  generationsKey,
  indexLetter,
  linkIndexKey,
  linkKey,
  liveKey,
  profileIndexKey,
  profileKey,
} from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';

/** Keys go before their place in an index: killed in between, they are still found by it. */
export class RedisErasure implements Erasure {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async erase({
    shop,
    persons,
    identities,
    links: single,
  }: ErasureSubject): Promise<ErasedRecords> {
    const generations = await this.#link.ask((client) => client.hkeys(generationsKey(shop)));
    const everybody = [...persons, ...identities];
    let profiles = 0;
    let links = 0;
    for (const generation of generations) {
      profiles += await this.#removeIndexed(
        persons,
        (person) => profileKey(shop, generation, person),
        (letter) => profileIndexKey(shop, generation, letter),
      );
      links += await this.#removeIndexed(
        [...identities, ...identitiesIn(single, generation)],
        (identity) => linkKey(shop, generation, identity),
        (letter) => linkIndexKey(shop, generation, letter),
      );
    }
    return {
      profiles,
      links,
      liveFacts: await this.#remove(everybody.map((person) => liveKey(shop, person))),
      exposureLogs: await this.#remove(everybody.map((person) => exposuresKey(shop, person))),
    };
  }

  async #removeIndexed(
    ids: readonly string[],
    keyOf: (id: string) => string,
    indexOf: (letter: string) => string,
  ): Promise<number> {
    const removed = await this.#remove(ids.map(keyOf));
    await this.#link.ask((client) =>
      Promise.all(ids.map((id) => client.zrem(indexOf(indexLetter(id)), id))),
    );
    return removed;
  }

  /** One command a key: in a Cluster they lie in different slots. */
  async #remove(keys: readonly string[]): Promise<number> {
    const counts = await this.#link.ask((client) =>
      Promise.all(keys.map((key) => client.unlink(key))),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }
}

function identitiesIn(links: readonly GenerationLink[], generation: string): string[] {
  return links.filter((link) => link.generation === generation).map(({ identity }) => identity);
}
