/**
 * What this process remembers of a generation: who is behind an identity, and the bytes of their
 * profile; that there is nobody or nothing is remembered too. A generation never changes, so an
 * entry can only be superfluous; the short life is for people who asked to be forgotten. Counts
 * that guard caps and money, and what happened on the site, are never answered from here.
 */
import { LRUCache } from 'lru-cache';
import type { PersonRead } from '../store/ports.ts';

export interface PersonCacheOptions {
  /** Together for links and profiles. */
  readonly bytesMax: number;
  readonly lifeMs: number;
}

/** Overhead of one entry, by measurement of lru-cache with short string keys. */
const ENTRY_BYTES = 200;
const ABSENT = '';
const NO_PROFILE = new Uint8Array(0);
const TTL_RESOLUTION_MS = 100;

export class PersonCache {
  readonly #links: LRUCache<string, string>;
  readonly #profiles: LRUCache<string, Uint8Array>;

  constructor(options: PersonCacheOptions) {
    const common = { ttl: options.lifeMs, ttlResolution: TTL_RESOLUTION_MS };
    this.#links = new LRUCache({
      ...common,
      maxSize: Math.floor(options.bytesMax / 4),
      sizeCalculation: (person, key) => ENTRY_BYTES + person.length + key.length,
    });
    this.#profiles = new LRUCache({
      ...common,
      maxSize: Math.floor((options.bytesMax * 3) / 4),
      sizeCalculation: (bytes, key) => ENTRY_BYTES + bytes.length + key.length,
    });
  }

  /**
   * Fills in what is known: `person` and `matchedIdentity` when every identity up to the matching
   * one is known, and `wantProfile`. Returns the profile when it is known; null is known absence.
   */
  prepare(read: PersonRead): Uint8Array | null | undefined {
    read.person = '';
    read.matchedIdentity = -1;
    read.wantProfile = true;
    if (this.#links.size === 0) return undefined;
    for (let i = 0; i < read.identities.length; i++) {
      const link = this.#links.get(keyOf(read, read.identities[i]!));
      if (link === undefined) return undefined;
      if (link === ABSENT) continue;
      read.person = link;
      read.matchedIdentity = i;
      break;
    }
    if (read.matchedIdentity < 0) {
      read.person = read.visitor;
      read.wantProfile = false;
      return null;
    }
    const profile = this.#profiles.get(keyOf(read, read.person));
    if (profile === undefined) return undefined;
    read.wantProfile = false;
    return profile === NO_PROFILE ? null : profile;
  }

  /** Remembers what the store answered to a read that was prepared here. */
  remember(read: PersonRead): void {
    if (read.failed || !read.wantProfile) return;
    const last = read.matchedIdentity < 0 ? read.identities.length : read.matchedIdentity;
    for (let i = 0; i < last; i++) this.#links.set(keyOf(read, read.identities[i]!), ABSENT);
    if (read.matchedIdentity < 0) return;
    this.#links.set(keyOf(read, read.identities[read.matchedIdentity]!), read.person);
    // Buffer.from copies into a pooled slab: the bytes are the store's only during the call.
    const bytes = read.profile === null ? NO_PROFILE : Buffer.from(read.profile);
    this.#profiles.set(keyOf(read, read.person), bytes);
  }
}

function keyOf(read: PersonRead, id: string): string {
  return `${read.shop}/${read.generation}/${id}`;
}
