import {
  type Blanks,
  type HotReads,
  IDENTITIES_MAX,
  type PersonRead,
  type PersonReceiver,
} from '../ports.ts';
import type { ReturnsBlanks } from './blank-entries.ts';
import {
  bytesOrNull,
  clearRead,
  failRead,
  HELD_LENGTH,
  holdArguments,
  isListOf,
  personKeys,
  takeKnown,
} from './person-reply.ts';
import { linkKey } from './redis-keys.ts';
import type { ClientCall, RedisLink } from './redis-link.ts';
import { type RedisClient, runScriptForBytes } from './redis-scripts.ts';

/**
 * A Cluster keeps links and persons in different slots: who is behind an identity must be known
 * before it can be told where to ask for them. So that is two trips, and a known person is one.
 */
export class RedisClusterReads implements HotReads {
  readonly holdsBlanks = true;
  readonly worthRemembering = true;
  readonly #link: RedisLink;
  readonly #returnBlanks: ReturnsBlanks;

  constructor(link: RedisLink, returnBlanks: ReturnsBlanks) {
    this.#link = link;
    this.#returnBlanks = returnBlanks;
  }

  readPerson(read: PersonRead, receiver: PersonReceiver): void {
    clearRead(read);
    if (read.person !== '') {
      this.#readKnown(read, receiver, read.blanks);
      return;
    }
    read.matchedIdentity = -1;
    if (read.identities.length === 0) receiver.personRead(read);
    else this.#recognise(read, receiver);
  }

  #recognise(read: PersonRead, receiver: PersonReceiver): void {
    const { shop, generation } = read;
    const identities = read.identities.slice(0, IDENTITIES_MAX);
    const keys = identities.map((identity) => linkKey(shop, generation, identity));
    this.#link.send((client) => getAcrossSlots(client, keys), {
      answered: (values, error) => {
        if (error !== null || !isListOf(values, keys.length)) failRead(read, receiver);
        else this.#recognised(read, receiver, values);
      },
    });
  }

  #recognised(read: PersonRead, receiver: PersonReceiver, values: readonly unknown[]): void {
    read.person = read.visitor;
    for (let i = 0; i < values.length; i++) {
      const link = bytesOrNull(values[i]);
      if (link === null || link.length === 0) continue;
      read.person = link.toString('latin1');
      read.matchedIdentity = i;
      break;
    }
    this.#readKnown(read, receiver, read.matchedIdentity < 0 ? null : read.blanks);
  }

  #readKnown(read: PersonRead, receiver: PersonReceiver, blanks: Blanks | null): void {
    const { shop, person } = read;
    const keys = personKeys(read);
    const length = blanks === null ? keys.length : HELD_LENGTH;
    const call: ClientCall = (client) =>
      blanks === null
        ? client.mgetBuffer(keys)
        : runScriptForBytes(client, 'readKnown', holdArguments(read, blanks));
    this.#link.send(call, {
      answered: (values, error) => {
        if (error !== null || !isListOf(values, length)) {
          failRead(read, receiver);
          return;
        }
        takeKnown(read, values, 0);
        receiver.personRead(read);
      },
      late: (values) => {
        const isHeld = isListOf(values, HELD_LENGTH) && values[HELD_LENGTH - 1] === 1;
        if (isHeld && blanks !== null) this.#returnBlanks({ shop, person }, blanks);
      },
    });
  }
}

/** MGET and not GET: a value of another type is none, not an error. */
async function getAcrossSlots(client: RedisClient, keys: readonly string[]): Promise<unknown> {
  return (await Promise.all(keys.map((key) => client.mgetBuffer(key)))).flat();
}
