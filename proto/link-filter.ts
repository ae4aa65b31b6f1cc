/**
 * Which identities a generation may link: a Bloom filter, each key's bits within one cache line
 * (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007). "No" is certain;
 * "yes" is wrong for less than one identity in a hundred. Identity keys (ids.ts) are uniformly
 * random already, so their characters serve as hashes: five choose the block, two a bit, five times.
 */
const BLOCK_WORDS = 16;
const WORD_BITS = 32;
const BLOCK_BITS = BLOCK_WORDS * WORD_BITS;
const BITS_PER_KEY = 12;
const BLOCK_CHARACTERS = 5;
const PROBES_END = 15;
const CHARACTER_VALUES = 64;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const VALUE = new Uint8Array(256);
for (let i = 0; i < ALPHABET.length; i++) VALUE[ALPHABET.charCodeAt(i)] = i;

/** Bytes of the filter of so many identities. */
export function linkFilterBytes(identities: number): number {
  const blocks = Math.max(1, Math.ceil((identities * BITS_PER_KEY) / BLOCK_BITS));
  return (blocks * BLOCK_BITS) / 8;
}

export class LinkFilter {
  readonly #words: Int32Array;
  readonly #blocks: number;

  /** Over the words as stored, or over zeros of linkFilterBytes to be filled. */
  constructor(bytes: ArrayBufferLike) {
    if (bytes.byteLength === 0 || bytes.byteLength % (BLOCK_BITS / 8) !== 0) {
      throw new RangeError(`a link filter of ${bytes.byteLength} bytes is not whole blocks`);
    }
    this.#words = new Int32Array(bytes);
    this.#blocks = this.#words.length / BLOCK_WORDS;
  }

  add(identity: string): void {
    const block = this.#block(identity);
    for (let i = BLOCK_CHARACTERS; i < PROBES_END; i += 2) {
      const place = probe(identity, i);
      this.#words[block + (place >>> 5)]! |= 1 << (place & 31);
    }
  }

  /** False when no link leads from the identity. */
  mayLink(identity: string): boolean {
    const words = this.#words;
    const block = this.#block(identity);
    for (let i = BLOCK_CHARACTERS; i < PROBES_END; i += 2) {
      const place = probe(identity, i);
      if ((words[block + (place >>> 5)]! & (1 << (place & 31))) === 0) return false;
    }
    return true;
  }

  /** Index of the block's first word. */
  #block(identity: string): number {
    let share = 0;
    for (let i = 0; i < BLOCK_CHARACTERS; i++) {
      share = (share + VALUE[identity.charCodeAt(i)]!) / CHARACTER_VALUES;
    }
    return Math.floor(share * this.#blocks) * BLOCK_WORDS;
  }
}

/** A bit of the block, from two characters. */
function probe(identity: string, at: number): number {
  const value =
    VALUE[identity.charCodeAt(at)]! * CHARACTER_VALUES + VALUE[identity.charCodeAt(at + 1)]!;
  return value % BLOCK_BITS;
}
