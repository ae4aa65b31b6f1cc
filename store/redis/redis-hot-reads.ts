import {
  type HotReads,
  IDENTITIES_MAX,
  type PersonRead,
  type PersonReceiver,
  type StoreUnavailable,
} from '../ports.ts';
import type { Answered, GuardedLink } from './guarded-link.ts';
import {
  bytesOrNull,
  clearRead,
  failRead,
  isListOf,
  personKeys,
  takeKnown,
} from './person-reply.ts';
import { type PersonKeyStarts, personKeyStarts } from './redis-keys.ts';
import { scriptWords } from './redis-scripts.ts';
import type { RespWords } from './resp-words.ts';

/** Items of the answer of read-person-0.lua. */
const RECOGNISED_LENGTH = 5;

/**
 * A single server: one trip in every case. A person known by id is an MGET, which is the cheapest
 * read there is; one known by identities is a script, which goes from the link to what it leads to.
 */
export class RedisHotReads implements HotReads {
  readonly #link: GuardedLink<RespWords>;
  #shop = '';
  #generation = '';
  #starts: PersonKeyStarts = personKeyStarts('', '');

  constructor(link: GuardedLink<RespWords>) {
    this.#link = link;
  }

  readPerson(read: PersonRead, receiver: PersonReceiver): void {
    clearRead(read);
    if (read.person !== '') {
      const keys = personKeys(read);
      this.#link.send(['MGET', ...keys], new KnownPerson(read, receiver, keys.length));
      return;
    }
    read.matchedIdentity = -1;
    if (read.identities.length === 0) receiver.personRead(read);
    else this.#link.send(this.#recogniseWords(read), new RecognisedPerson(read, receiver));
  }

  #recogniseWords(read: PersonRead): RespWords {
    const { link, live, exposures, profile } = this.#startsFor(read);
    const identities = read.identities.slice(0, IDENTITIES_MAX);
    const wanted = read.wantProfile ? profile : '';
    return scriptWords('readPerson', [link, live, exposures, wanted, ...identities]);
  }

  /** Most reads are of one shop. */
  #startsFor({ shop, generation }: PersonRead): PersonKeyStarts {
    if (shop !== this.#shop || generation !== this.#generation) {
      this.#shop = shop;
      this.#generation = generation;
      this.#starts = personKeyStarts(shop, generation);
    }
    return this.#starts;
  }
}

class KnownPerson implements Answered {
  readonly #read: PersonRead;
  readonly #receiver: PersonReceiver;
  readonly #keyCount: number;

  constructor(read: PersonRead, receiver: PersonReceiver, keyCount: number) {
    this.#read = read;
    this.#receiver = receiver;
    this.#keyCount = keyCount;
  }

  answered(reply: unknown, error: StoreUnavailable | null): void {
    if (error !== null || !isListOf(reply, this.#keyCount)) {
      failRead(this.#read, this.#receiver);
      return;
    }
    takeKnown(this.#read, reply, 0);
    this.#receiver.personRead(this.#read);
  }
}

class RecognisedPerson implements Answered {
  readonly #read: PersonRead;
  readonly #receiver: PersonReceiver;

  constructor(read: PersonRead, receiver: PersonReceiver) {
    this.#read = read;
    this.#receiver = receiver;
  }

  answered(reply: unknown, error: StoreUnavailable | null): void {
    const read = this.#read;
    if (error !== null || !isListOf(reply, RECOGNISED_LENGTH) || !recognise(read, reply)) {
      failRead(read, this.#receiver);
      return;
    }
    takeKnown(read, reply, 2);
    this.#receiver.personRead(read);
  }
}

/** Fills in who it is; false when the answer makes no sense. */
function recognise(read: PersonRead, [index, person]: readonly unknown[]): boolean {
  if (index === -1) {
    read.person = read.identities[0]!;
    return true;
  }
  const id = bytesOrNull(person);
  if (typeof index !== 'number' || read.identities[index] === undefined || id === null)
    return false;
  read.matchedIdentity = index;
  read.person = id.toString('latin1');
  return true;
}
