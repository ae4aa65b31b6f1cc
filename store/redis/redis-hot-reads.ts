import { isExposureLog } from '../../proto/exposure-log.ts';
import { type HotReads, IDENTITIES_MAX, type PersonRead, type PersonReceiver } from '../ports.ts';
import { exposuresKey, linkKey, liveKey, profileKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import type { RedisClient } from './redis-scripts.ts';

type Reply = Buffer | null;

/** What one round trip tells of an unknown person: links, and the records of the anonymous one. */
interface Recognition {
  readonly links: readonly Reply[];
  readonly live: Reply;
  readonly exposures: Reply;
}

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
    if (!this.#link.available()) {
      fail(read, receiver);
      return;
    }
    const identities = read.identities.slice(0, IDENTITIES_MAX);
    const ask = this.#link.isCluster ? recogniseInCluster : recogniseInOne;
    this.#link
      .ask((client) => ask(client, read, identities))
      .then(
        (found) => {
          const matched = found.links.findIndex((link) => link !== null && link.length > 0);
          if (matched !== -1) {
            read.person = found.links[matched]!.toString('latin1');
            read.matchedIdentity = matched;
            return this.#readKnown(read, receiver);
          }
          read.person = identities[0]!;
          read.live = found.live;
          read.exposures = logOrNull(found.exposures);
          receiver.personRead(read);
        },
        () => fail(read, receiver),
      );
  }

  #readKnown(read: PersonRead, receiver: PersonReceiver): void {
    if (!this.#link.available()) {
      fail(read, receiver);
      return;
    }
    const { shop, generation, person } = read;
    const keys = [liveKey(shop, person), exposuresKey(shop, person)];
    if (read.wantProfile) keys.push(profileKey(shop, generation, person));
    this.#link
      .ask((client) => mget(client, keys))
      .then(
        ([live, exposures, profile]) => {
          read.live = live ?? null;
          read.exposures = logOrNull(exposures ?? null);
          read.profile = profile ?? null;
          receiver.personRead(read);
        },
        () => fail(read, receiver),
      );
  }
}

async function recogniseInOne(
  client: RedisClient,
  read: PersonRead,
  identities: readonly string[],
): Promise<Recognition> {
  const keys = [liveKey(read.shop, identities[0]!), exposuresKey(read.shop, identities[0]!)];
  for (const identity of identities) keys.push(linkKey(read.shop, read.generation, identity));
  const [live, exposures, ...links] = await mget(client, keys);
  return { links, live: live ?? null, exposures: exposures ?? null };
}

/** The first identity's link lies in the slot of the anonymous person it would become. */
async function recogniseInCluster(
  client: RedisClient,
  read: PersonRead,
  identities: readonly string[],
): Promise<Recognition> {
  const { shop, generation } = read;
  const [first, ...others] = identities;
  const [own, ...links] = await Promise.all([
    mget(client, [
      liveKey(shop, first!),
      exposuresKey(shop, first!),
      linkKey(shop, generation, first!),
    ]),
    ...others.map((identity) => mget(client, [linkKey(shop, generation, identity)])),
  ]);
  return {
    live: own[0] ?? null,
    exposures: own[1] ?? null,
    links: [own[2] ?? null, ...links.map((reply) => reply[0] ?? null)],
  };
}

/** Values as they are, or a rejection: a reply of another shape is not from the store we think it is. */
async function mget(client: RedisClient, keys: string[]): Promise<Reply[]> {
  const reply: unknown = await client.mgetBuffer(keys);
  if (!Array.isArray(reply) || reply.length !== keys.length) {
    throw new Error(`MGET of ${keys.length} keys was answered with something else`);
  }
  return reply.map((value: unknown) => (Buffer.isBuffer(value) ? value : null));
}

function logOrNull(bytes: Reply): Reply {
  return bytes !== null && isExposureLog(bytes) ? bytes : null;
}

function fail(read: PersonRead, receiver: PersonReceiver): void {
  read.failed = true;
  receiver.personRead(read);
}
