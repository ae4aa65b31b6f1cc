import { type HotReads, IDENTITIES_MAX, type PersonRead, type PersonReceiver } from '../ports.ts';
import {
  bytesOrNull,
  clearRead,
  failRead,
  isListOf,
  personKeys,
  takeKnown,
} from './person-reply.ts';
import { exposuresKey, linkKey, liveKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import type { RedisClient } from './redis-scripts.ts';

/**
 * A Cluster keeps links and persons in different slots: who is behind an identity must be known
 * before it can be told where to ask for them. A known person is one MGET; an unknown one costs a
 * second only when a link leads somewhere.
 */
export class RedisClusterReads implements HotReads {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  readPerson(read: PersonRead, receiver: PersonReceiver): void {
    clearRead(read);
    if (read.person !== '') {
      this.#readKnown(read, receiver);
      return;
    }
    read.matchedIdentity = -1;
    if (read.identities.length === 0) receiver.personRead(read);
    else this.#recognise(read, receiver);
  }

  #recognise(read: PersonRead, receiver: PersonReceiver): void {
    const identities = read.identities.slice(0, IDENTITIES_MAX);
    const { shop, generation } = read;
    const anonymous = identities[0]!;
    const keys = [liveKey(shop, anonymous), exposuresKey(shop, anonymous)];
    for (const identity of identities) keys.push(linkKey(shop, generation, identity));
    this.#link.send((client) => mgetAcrossSlots(client, keys), {
      answered: (values, error) => {
        if (error !== null || !isListOf(values, keys.length)) failRead(read, receiver);
        else this.#recognised(read, receiver, values);
      },
    });
  }

  #recognised(read: PersonRead, receiver: PersonReceiver, values: readonly unknown[]): void {
    for (let i = 2; i < values.length; i++) {
      const link = bytesOrNull(values[i]);
      if (link === null || link.length === 0) continue;
      read.person = link.toString('latin1');
      read.matchedIdentity = i - 2;
      this.#readKnown(read, receiver);
      return;
    }
    read.person = read.identities[0]!;
    takeKnown(read, [values[0], values[1]], 0);
    receiver.personRead(read);
  }

  #readKnown(read: PersonRead, receiver: PersonReceiver): void {
    const keys = personKeys(read);
    this.#link.send((client) => client.mgetBuffer(keys), {
      answered: (values, error) => {
        if (error !== null || !isListOf(values, keys.length)) {
          failRead(read, receiver);
          return;
        }
        takeKnown(read, values, 0);
        receiver.personRead(read);
      },
    });
  }
}

/** The first identity's link lies in the slot of the anonymous person it would become. */
async function mgetAcrossSlots(client: RedisClient, keys: string[]): Promise<unknown> {
  const parts = [keys.slice(0, 3), ...keys.slice(3).map((key) => [key])];
  return (await Promise.all(parts.map((part) => client.mgetBuffer(part)))).flat();
}
