import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { identityKey } from '../proto/ids.ts';
import type { RawIdentity } from './auction/bid-request.ts';

const ENTRY_BYTES = 120;

/** Identities as the store knows them. An HMAC costs more than the decision, so they are remembered. */
export class IdentityHashes {
  readonly #key: KeyObject;
  readonly #known: LRUCache<string, string>;

  constructor(key: KeyObject, bytesMax: number) {
    this.#key = key;
    this.#known = new LRUCache({
      maxSize: bytesMax,
      sizeCalculation: (hash, raw) => ENTRY_BYTES + hash.length + raw.length,
    });
  }

  /** Replaces the content of `out` by the hashes, in order. */
  hashAll(identities: readonly RawIdentity[], out: string[]): void {
    out.length = 0;
    for (let i = 0; i < identities.length; i++) {
      const { space, value } = identities[i]!;
      const raw = `${space}\n${value}`;
      let hash = this.#known.get(raw);
      if (hash === undefined) {
        hash = identityKey(this.#key, space, value);
        this.#known.set(raw, hash);
      }
      out.push(hash);
    }
  }
}
