import { isExposureLog } from '../../proto/exposure-log.ts';
import { type HotReads, IDENTITIES_MAX, type PersonRead, type PersonReceiver } from '../ports.ts';
import { Scratch } from '../scratch.ts';
import type { LmdbEnv } from './lmdb-env.ts';
import { liveBytes } from './lmdb-live-facts.ts';

/** Answers before it returns: some 5 us for a known person, no promise, no timer. */
export class LmdbHotReads implements HotReads {
  readonly holdsBlanks = false;
  readonly worthRemembering = false;
  readonly #env: LmdbEnv;
  // One for each, because a read hands them out together.
  readonly #exposures = new Scratch();
  readonly #live = new Scratch();
  readonly #profile = new Scratch();
  readonly #link = new Scratch();
  /** Keys in parts: the person's below the shop, and what is below the generation, too. */
  readonly #ofPerson = ['', ''];
  readonly #ofGeneration = ['', '', ''];

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  readPerson(read: PersonRead, receiver: PersonReceiver): void {
    read.profile = null;
    read.live = null;
    read.exposures = null;
    try {
      this.#fill(read);
      read.failed = false;
    } catch {
      // The file is away or damaged: the caller decides without it, and asks `ping` for the reason.
      read.failed = true;
    }
    receiver.personRead(read);
  }

  #fill(read: PersonRead): void {
    this.#env.assertOpen();
    let anonymous = false;
    if (read.person === '') {
      this.#recognise(read);
      anonymous = read.matchedIdentity < 0;
    }
    if (read.person === '') return;
    const env = this.#env;
    const person = read.person;
    const key = this.#ofPerson;
    key[0] = read.shop;
    key[1] = person;
    const exposures = env.get(env.exposures, key, this.#exposures);
    if (exposures !== null && isExposureLog(exposures)) read.exposures = exposures;
    const live = env.get(env.live, key, this.#live);
    if (live !== null) read.live = liveBytes(live, env.clock.nowMs());
    // Only a linked person, or one known by name, has a profile: a visitor's own id leads to none.
    if (read.wantProfile && !anonymous) {
      read.profile = env.get(env.profiles, this.#keyOf(read, person), this.#profile);
    }
  }

  #recognise(read: PersonRead): void {
    const env = this.#env;
    const count = Math.min(read.identities.length, IDENTITIES_MAX);
    read.matchedIdentity = -1;
    for (let i = 0; i < count; i++) {
      const link = env.get(env.links, this.#keyOf(read, read.identities[i]!), this.#link);
      if (link === null || link.length === 0) continue;
      read.person = textOf(link);
      read.matchedIdentity = i;
      return;
    }
    read.person = read.visitor;
  }

  #keyOf(read: PersonRead, id: string): readonly string[] {
    const key = this.#ofGeneration;
    key[0] = read.shop;
    key[1] = read.generation;
    key[2] = id;
    return key;
  }
}

/** Person ids have 16 characters: one call with all of them costs less than one into C++. */
function textOf(b: Buffer): string {
  if (b.length !== 16) return b.toString('latin1');
  return String.fromCharCode(
    b[0]!,
    b[1]!,
    b[2]!,
    b[3]!,
    b[4]!,
    b[5]!,
    b[6]!,
    b[7]!,
    b[8]!,
    b[9]!,
    b[10]!,
    b[11]!,
    b[12]!,
    b[13]!,
    b[14]!,
    b[15]!,
  );
}
