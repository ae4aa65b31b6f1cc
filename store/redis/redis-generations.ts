import { assertGeneration } from '../generation-id.ts';
import type { Generations, GenerationWriter, ServingPointer } from '../ports.ts';
import { removeIndexed, scanIndex } from './redis-generation-index.ts';
import { RedisGenerationWriter } from './redis-generation-writer.ts';
import {
  blobKey,
  blobNamesKey,
  generationsKey,
  linkIndexKey,
  linkKey,
  profileIndexKey,
  profileKey,
  servingKey,
} from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { type RedisArgument, runScript, type ScriptName } from './redis-scripts.ts';

/** As durable as the server's own persistence: see docs/redis-keys.md. */
export class RedisGenerations implements Generations {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async write(shop: string, generation: string): Promise<GenerationWriter> {
    assertGeneration(shop, generation);
    if ((await this.#run('openGeneration', [generationsKey(shop), generation])) !== 1) {
      throw new Error(`generation ${shop}/${generation} is sealed`);
    }
    // What a killed build of the same name left behind may not be mixed into this one.
    await this.#clear(shop, generation);
    return this.#writer(shop, generation);
  }

  async resume(shop: string, generation: string): Promise<GenerationWriter> {
    const state = await this.#link.ask((client) => client.hget(generationsKey(shop), generation));
    if (state === 'open') return this.#writer(shop, generation);
    throw new Error(`generation ${shop}/${generation} is not an unfinished one`);
  }

  #writer(shop: string, generation: string): GenerationWriter {
    return new RedisGenerationWriter(this.#link, { shop, generation }, () =>
      this.remove(shop, generation),
    );
  }

  async serving(shop: string): Promise<ServingPointer | null> {
    const [generation, previous] = await this.#link.ask((client) =>
      client.hmget(servingKey(shop), 'generation', 'previous'),
    );
    if (generation === null || generation === undefined) return null;
    return { generation, previous: previous ? previous : null };
  }

  async flip(shop: string, generation: string): Promise<void> {
    const call = [generationsKey(shop), servingKey(shop), generation];
    if ((await this.#run('flipGeneration', call)) === 1) return;
    throw new Error(`generation ${shop}/${generation} is not sealed and cannot serve`);
  }

  async rollback(shop: string): Promise<ServingPointer> {
    const reply = (await this.#run('rollbackGeneration', [servingKey(shop)])) as string[];
    const [generation, previous] = reply;
    if (generation === undefined) {
      throw new Error(`shop ${shop} has no previous generation to roll back to`);
    }
    return { generation, previous: previous ?? null };
  }

  async list(shop: string): Promise<readonly { generation: string; sealed: boolean }[]> {
    const states = await this.#link.ask((client) => client.hgetall(generationsKey(shop)));
    return Object.entries(states)
      .map(([generation, state]) => ({ generation, sealed: state === 'sealed' }))
      .sort((a, b) => (a.generation < b.generation ? -1 : 1));
  }

  async remove(shop: string, generation: string): Promise<void> {
    const call = [generationsKey(shop), servingKey(shop), generation];
    if ((await this.#run('retireGeneration', call)) !== 1) {
      throw new Error(`generation ${shop}/${generation} is serving or previous: not removed`);
    }
    await this.#clear(shop, generation);
    await this.#link.ask((client) => client.hdel(generationsKey(shop), generation));
  }

  async readBlob(shop: string, generation: string, name: string): Promise<Uint8Array | null> {
    return this.#link.ask((client) => client.getBuffer(blobKey(shop, generation, name)));
  }

  async readProfile(shop: string, generation: string, person: string): Promise<Uint8Array | null> {
    return this.#link.ask((client) => client.getBuffer(profileKey(shop, generation, person)));
  }

  async readLink(shop: string, generation: string, identity: string): Promise<string | null> {
    const link = await this.#link.ask((client) => client.get(linkKey(shop, generation, identity)));
    return link === '' ? null : link;
  }

  async scanProfiles(
    shop: string,
    generation: string,
    after: string,
    limit: number,
  ): Promise<readonly string[]> {
    const index = (letter: string) => profileIndexKey(shop, generation, letter);
    return scanIndex(this.#link, index, after, limit);
  }

  async scanLinks(
    shop: string,
    generation: string,
    after: string,
    limit: number,
  ): Promise<readonly { identity: string; person: string }[]> {
    const index = (letter: string) => linkIndexKey(shop, generation, letter);
    const identities = await scanIndex(this.#link, index, after, limit);
    const people = await this.#link.ask((client) =>
      Promise.all(identities.map((identity) => client.get(linkKey(shop, generation, identity)))),
    );
    return identities.flatMap((identity, i) => {
      const person = people[i];
      return person ? [{ identity, person }] : [];
    });
  }

  #run(script: ScriptName, call: readonly RedisArgument[]): Promise<unknown> {
    return this.#link.ask((client) => runScript(client, script, call));
  }

  async #clear(shop: string, generation: string): Promise<void> {
    const link = this.#link;
    await removeIndexed(
      link,
      (letter) => profileIndexKey(shop, generation, letter),
      (person) => profileKey(shop, generation, person),
    );
    await removeIndexed(
      link,
      (letter) => linkIndexKey(shop, generation, letter),
      (identity) => linkKey(shop, generation, identity),
    );
    const namesKey = blobNamesKey(shop, generation);
    const names = await link.ask((client) => client.smembers(namesKey));
    await link.ask((client) =>
      Promise.all(names.map((name) => client.unlink(blobKey(shop, generation, name)))),
    );
    await link.ask((client) => client.unlink(namesKey));
  }
}
