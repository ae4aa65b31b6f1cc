import {
  type Blanks,
  type HotReads,
  IDENTITIES_MAX,
  type PersonRead,
  type PersonReceiver,
  type StoreUnavailable,
} from '../ports.ts';
import { blankEntries, blanksLifeMs, type ReturnsBlanks } from './blank-entries.ts';
import type { Answered, GuardedLink } from './guarded-link.ts';
import {
  answerLength,
  bytesOrNull,
  clearRead,
  failRead,
  HELD_LENGTH,
  holdArguments,
  isListOf,
  personKeys,
  takeKnown,
} from './person-reply.ts';
import { type PersonKeyStarts, personKeyStarts } from './redis-keys.ts';
import { type RedisArgument, scriptWords } from './redis-scripts.ts';
import type { RespWords } from './resp-words.ts';

/** Items of the answer of read-person-0.lua. */
const RECOGNISED_LENGTH = 6;
/** For no time. */
const NO_BLANKS = ['', 0] as const;

/**
 * A single server: one trip in every case. A person known by id is an MGET, which is the cheapest
 * read there is, unless blanks are to be held; one known by identities is a script, which goes from
 * the link to what it leads to.
 */
export class RedisHotReads implements HotReads {
  readonly holdsBlanks = true;
  readonly worthRemembering = false;
  readonly #link: GuardedLink<RespWords>;
  readonly #returnBlanks: ReturnsBlanks;
  #shop = '';
  #generation = '';
  #starts: PersonKeyStarts = personKeyStarts('', '');

  constructor(link: GuardedLink<RespWords>, returnBlanks: ReturnsBlanks) {
    this.#link = link;
    this.#returnBlanks = returnBlanks;
  }

  readPerson(read: PersonRead, receiver: PersonReceiver): void {
    clearRead(read);
    if (read.person !== '') {
      this.#readKnown(read, receiver);
      return;
    }
    read.matchedIdentity = -1;
    if (read.identities.length === 0) receiver.personRead(read);
    else {
      const recognised = new RecognisedPerson(read, receiver, this.#returnBlanks);
      this.#link.send(this.#recogniseWords(read), recognised);
    }
  }

  #readKnown(read: PersonRead, receiver: PersonReceiver): void {
    const words: RespWords =
      read.blanks === null
        ? ['MGET', ...personKeys(read)]
        : scriptWords('readKnown', holdArguments(read, read.blanks));
    this.#link.send(words, new KnownPerson(read, receiver, this.#returnBlanks));
  }

  #recogniseWords(read: PersonRead): RespWords {
    const { link, live, exposures, profile } = this.#startsFor(read);
    const wanted = read.wantProfile ? profile : '';
    const { blanks, visitor } = read;
    const held = blanks === null ? NO_BLANKS : [blankEntries(blanks), blanksLifeMs(blanks)];
    const words: RedisArgument[] = [live, exposures, wanted, ...held, visitor];
    const count = Math.min(read.identities.length, IDENTITIES_MAX);
    for (let i = 0; i < count; i++) words.push(`${link}${read.identities[i]!}}`);
    return scriptWords('readPerson', words);
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

/** What is behind a read that holds blanks: the read itself is its owner's again once it is answered. */
abstract class Reading {
  protected readonly read: PersonRead;
  protected readonly receiver: PersonReceiver;
  readonly #shop: string;
  readonly #blanks: Blanks | null;
  readonly #returnBlanks: ReturnsBlanks;

  constructor(read: PersonRead, receiver: PersonReceiver, returnBlanks: ReturnsBlanks) {
    this.read = read;
    this.receiver = receiver;
    this.#shop = read.shop;
    this.#blanks = read.blanks;
    this.#returnBlanks = returnBlanks;
  }

  /** Held by an answer that came too late for a bid. */
  protected giveBack(person: string): void {
    if (this.#blanks !== null) this.#returnBlanks({ shop: this.#shop, person }, this.#blanks);
  }
}

class KnownPerson extends Reading implements Answered {
  readonly #person: string;
  readonly #length: number;

  constructor(read: PersonRead, receiver: PersonReceiver, returnBlanks: ReturnsBlanks) {
    super(read, receiver, returnBlanks);
    this.#person = read.person;
    this.#length = answerLength(read);
  }

  answered(reply: unknown, error: StoreUnavailable | null): void {
    if (error !== null || !isListOf(reply, this.#length)) {
      failRead(this.read, this.receiver);
      return;
    }
    takeKnown(this.read, reply, 0);
    this.receiver.personRead(this.read);
  }

  late(reply: unknown): void {
    if (isListOf(reply, HELD_LENGTH) && reply[HELD_LENGTH - 1] === 1) this.giveBack(this.#person);
  }
}

class RecognisedPerson extends Reading implements Answered {
  answered(reply: unknown, error: StoreUnavailable | null): void {
    const { read, receiver } = this;
    if (error !== null || !isListOf(reply, RECOGNISED_LENGTH) || !recognise(read, reply)) {
      failRead(read, receiver);
      return;
    }
    takeKnown(read, reply, 2);
    receiver.personRead(read);
  }

  late(reply: unknown): void {
    if (!isListOf(reply, RECOGNISED_LENGTH) || reply[RECOGNISED_LENGTH - 1] !== 1) return;
    const person = bytesOrNull(reply[1]);
    if (person !== null) this.giveBack(person.toString('latin1'));
  }
}

/** Fills in who it is; false when the answer makes no sense. */
function recognise(read: PersonRead, [index, person]: readonly unknown[]): boolean {
  if (index === -1) {
    read.person = read.visitor;
    return true;
  }
  const id = bytesOrNull(person);
  if (typeof index !== 'number' || read.identities[index] === undefined || id === null)
    return false;
  read.matchedIdentity = index;
  read.person = id.toString('latin1');
  return true;
}
