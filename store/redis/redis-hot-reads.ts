import { isExposureLog } from '../../proto/exposure-log.ts';
import { type HotReads, IDENTITIES_MAX, type PersonRead, type PersonReceiver } from '../ports.ts';
import { exposuresKey, linkKey, liveKey, profileKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import type { RedisClient } from './redis-scripts.ts';

type Reply = Buffer | null;

/** A known person is one MGET; an unknown one costs a second only when a link leads somewhere. */
export class RedisHotReads implements HotReads {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  readPerson(read: PersonRead, receiver: PersonReceiver): void {
    read.profile = null;
    read.live = null;
    read.exposures = null;
    read.failed = false;
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
    for (let i = 0; i < identities.length; i++)
      keys.push(linkKey(shop, generation, identities[i]!));
    const ask = this.#link.isCluster ? mgetInCluster : mget;
    this.#link.send(
      (client) => ask(client, keys),
      (values, error) => {
        if (error !== null || !isReplyTo(keys, values)) fail(read, receiver);
        else this.#recognised(read, receiver, { identities, values });
      },
    );
  }

  #recognised(
    read: PersonRead,
    receiver: PersonReceiver,
    found: { readonly identities: readonly string[]; readonly values: readonly unknown[] },
  ): void {
    const { identities, values } = found;
    for (let i = 0; i < identities.length; i++) {
      const link = bytesOrNull(values[i + 2]);
      if (link === null || link.length === 0) continue;
      read.person = link.toString('latin1');
      read.matchedIdentity = i;
      this.#readKnown(read, receiver);
      return;
    }
    read.person = identities[0]!;
    read.live = bytesOrNull(values[0]);
    read.exposures = logOrNull(bytesOrNull(values[1]));
    receiver.personRead(read);
  }

  #readKnown(read: PersonRead, receiver: PersonReceiver): void {
    const { shop, generation, person } = read;
    const keys = [liveKey(shop, person), exposuresKey(shop, person)];
    if (read.wantProfile) keys.push(profileKey(shop, generation, person));
    this.#link.send(
      (client) => mget(client, keys),
      (values, error) => {
        if (error !== null || !isReplyTo(keys, values)) {
          fail(read, receiver);
          return;
        }
        read.live = bytesOrNull(values[0]);
        read.exposures = logOrNull(bytesOrNull(values[1]));
        read.profile = bytesOrNull(values[2]);
        receiver.personRead(read);
      },
    );
  }
}

function mget(client: RedisClient, keys: string[]): Promise<unknown> {
  return client.mgetBuffer(keys);
}

/** The first identity's link lies in the slot of the anonymous person it would become. */
async function mgetInCluster(client: RedisClient, keys: string[]): Promise<unknown> {
  const parts = [keys.slice(0, 3), ...keys.slice(3).map((key) => [key])];
  return (await Promise.all(parts.map((part) => mget(client, part)))).flat();
}

/** A reply of another shape is not from the store we think it is. */
function isReplyTo(keys: readonly string[], reply: unknown): reply is readonly unknown[] {
  return Array.isArray(reply) && reply.length === keys.length;
}

function bytesOrNull(value: unknown): Reply {
  return Buffer.isBuffer(value) ? value : null;
}

function logOrNull(bytes: Reply): Reply {
  return bytes !== null && isExposureLog(bytes) ? bytes : null;
}

function fail(read: PersonRead, receiver: PersonReceiver): void {
  read.failed = true;
  receiver.personRead(read);
}
