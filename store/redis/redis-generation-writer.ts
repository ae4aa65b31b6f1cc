import { COPIED_AT_ONCE, type GenerationWriter, type ProfileRange } from '../ports.ts';
import { addToIndex, countIndex, indexRange } from './redis-generation-index.ts';
import {
  blobKey,
  blobNamesKey,
  generationsKey,
  linkIndexKey,
  linkKey,
  profileIndexKey,
  profileKey,
} from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';

/** Commands written to the socket together; the client sends them as one batch. */
const CHUNK_ROWS = 500;

export class RedisGenerationWriter implements GenerationWriter {
  readonly #link: RedisLink;
  readonly #at: { shop: string; generation: string };
  readonly #abandon: () => Promise<void>;
  #stays = false;

  constructor(
    link: RedisLink,
    at: { shop: string; generation: string },
    abandon: () => Promise<void>,
  ) {
    this.#link = link;
    this.#at = at;
    this.#abandon = abandon;
  }

  async putProfiles(batch: readonly { person: string; bytes: Uint8Array }[]): Promise<void> {
    const { shop, generation } = this.#at;
    await this.#assertWritable();
    for (const rows of chunksOf(batch)) {
      const index = (letter: string) => profileIndexKey(shop, generation, letter);
      await addToIndex(
        this.#link,
        index,
        rows.map((row) => row.person),
      );
      await this.#setAll(
        rows.map((row) => [profileKey(shop, generation, row.person), Buffer.from(row.bytes)]),
      );
    }
  }

  async putLinks(batch: readonly { identity: string; person: string }[]): Promise<void> {
    const { shop, generation } = this.#at;
    await this.#assertWritable();
    for (const rows of chunksOf(batch)) {
      const index = (letter: string) => linkIndexKey(shop, generation, letter);
      await addToIndex(
        this.#link,
        index,
        rows.map((row) => row.identity),
      );
      await this.#setAll(rows.map((row) => [linkKey(shop, generation, row.identity), row.person]));
    }
  }

  async *copyProfiles({ generation, but, ...range }: ProfileRange): AsyncGenerator<number> {
    const { shop } = this.#at;
    await this.#assertWritable();
    const source = (letter: string) => profileIndexKey(shop, generation, letter);
    const own = (letter: string) => profileIndexKey(shop, this.#at.generation, letter);
    for await (const ids of indexRange(this.#link, source, range, COPIED_AT_ONCE)) {
      const persons = ids.filter((person) => !but.has(person));
      if (persons.length === 0) continue;
      await addToIndex(this.#link, own, persons);
      yield await this.#copyAll(generation, persons);
    }
  }

  /** Inside the server: a person's profiles of all generations lie in one slot. */
  async #copyAll(generation: string, persons: readonly string[]): Promise<number> {
    const { shop, generation: own } = this.#at;
    const done = await this.#link.ask((client) =>
      Promise.all(
        persons.map((person) => {
          const from = profileKey(shop, generation, person);
          return client.copy(from, profileKey(shop, own, person), 'REPLACE');
        }),
      ),
    );
    return done.filter((one) => one === 1).length;
  }

  async putBlob(name: string, bytes: Uint8Array): Promise<void> {
    const { shop, generation } = this.#at;
    await this.#assertWritable();
    await this.#link.ask((client) => client.sadd(blobNamesKey(shop, generation), name));
    await this.#setAll([[blobKey(shop, generation, name), Buffer.from(bytes)]]);
  }

  async seal(counts: { profiles: number; links: number }): Promise<void> {
    const { shop, generation } = this.#at;
    await this.#assertWritable();
    const profiles = await countIndex(this.#link, (letter) =>
      profileIndexKey(shop, generation, letter),
    );
    const links = await countIndex(this.#link, (letter) => linkIndexKey(shop, generation, letter));
    if (profiles !== counts.profiles || links !== counts.links) {
      throw new Error(
        `generation ${shop}/${generation} cannot be sealed: it holds ${profiles} profiles and ${links} links, expected ${counts.profiles} and ${counts.links}`,
      );
    }
    await this.#link.ask((client) => client.hset(generationsKey(shop), generation, 'sealed'));
  }

  leave(): void {
    this.#stays = true;
  }

  /** Leaves a sealed generation alone; an unfinished one is removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stays) return;
    if ((await this.#state()) === 'open') await this.#abandon();
  }

  #setAll(rows: readonly (readonly [string, Buffer | string])[]): Promise<unknown> {
    return this.#link.ask((client) =>
      Promise.all(rows.map(([key, value]) => client.set(key, value))),
    );
  }

  #state(): Promise<string | null> {
    const { shop, generation } = this.#at;
    return this.#link.ask((client) => client.hget(generationsKey(shop), generation));
  }

  async #assertWritable(): Promise<void> {
    const state = await this.#state();
    if (state === 'open') return;
    const { shop, generation } = this.#at;
    throw new Error(
      state === null
        ? `generation ${shop}/${generation} was removed while written`
        : `generation ${shop}/${generation} is sealed`,
    );
  }
}

function chunksOf<Row>(rows: readonly Row[]): Row[][] {
  const chunks: Row[][] = [];
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    chunks.push(rows.slice(from, from + CHUNK_ROWS));
  }
  return chunks;
}
