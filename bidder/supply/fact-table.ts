/**
 * Millions of small facts, each a key of a few texts and a number, in twelve bytes of shared memory
 * and found without making anything: the key is hashed as it stands, and only its 64-bit hash is
 * kept. The seed is drawn for each table, so nobody can choose texts that meet in one hash.
 */

/** Plain data: threads share the bytes. */
export interface FactTable {
  /** Slots of two words of hash and one of value; a value of 0 is an empty slot. */
  readonly words: Int32Array;
  readonly seed: number;
}

const SLOT_WORDS = 3;
const SLOTS_AT_FIRST = 1024;
/** Ends a text in a key: no character is so large. */
const TEXT_END = 0x10000;
const FIRST_FACTOR = 0x9e3779b1;
const FIRST_SHIFT = 15;
const SECOND_FACTOR = 0x85ebca77;
const SECOND_SHIFT = 13;

/** The key that is being made: two hashes, begun and continued by the functions below. */
let one = 0;
let two = 0;

/** Begins a key. `kind` and `owner` keep equal texts of different meaning apart. */
export function beginKey(seed: number, kind: number, owner: number): void {
  one = seed | 0;
  two = ~seed;
  addPart(kind);
  addPart(owner);
}

/** Continues it with a text, from a place in it on. */
export function addText(text: string, from: number): void {
  // In variables of its own: those of the module are stored at each step.
  let first = one;
  let second = two;
  for (let i = from; i < text.length; i++) {
    const character = text.charCodeAt(i);
    first = mixed(first, character, FIRST_FACTOR, FIRST_SHIFT);
    second = mixed(second, character, SECOND_FACTOR, SECOND_SHIFT);
  }
  one = first;
  two = second;
  addPart(TEXT_END);
}

/** Ends it: what is known under it, 0 for nothing. */
export function valueOfKey({ words }: FactTable): number {
  return words[slotOfKey(words) + 2]!;
}

function addPart(part: number): void {
  one = mixed(one, part, FIRST_FACTOR, FIRST_SHIFT);
  two = mixed(two, part, SECOND_FACTOR, SECOND_SHIFT);
}

function mixed(hash: number, part: number, factor: number, shift: number): number {
  const product = Math.imul(hash ^ part, factor);
  return product ^ (product >>> shift);
}

/** Where the key stands, or the empty slot where it would. */
function slotOfKey(words: Int32Array): number {
  return slotOf(words, firstWord(), two);
}

/** The low bits of this word are the place in the table: every bit of both hashes decides them. */
function firstWord(): number {
  let word = Math.imul(one ^ (two >>> 16) ^ (two << 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}

function slotOf(words: Int32Array, first: number, second: number): number {
  const end = words.length;
  let slot = (first & (end / SLOT_WORDS - 1)) * SLOT_WORDS;
  while (words[slot + 2] !== 0 && (words[slot] !== first || words[slot + 1] !== second)) {
    slot += SLOT_WORDS;
    if (slot === end) slot = 0;
  }
  return slot;
}

/** Makes a table, off the hot path. */
export class FactTableBuilder {
  readonly seed: number;
  #words = new Int32Array(SLOTS_AT_FIRST * SLOT_WORDS);
  #count = 0;

  constructor(seed: number) {
    this.seed = seed >>> 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Ends the key that was begun with our seed: the bits of the value are added to what it had. */
  put(value: number): void {
    const words = this.#words;
    const slot = slotOfKey(words);
    if (words[slot + 2] === 0) {
      words[slot] = firstWord();
      words[slot + 1] = two;
      this.#count++;
    }
    words[slot + 2]! |= value;
    // A third stays empty at least: a search for what is not there ends soon.
    if (this.#count * 3 > (words.length / SLOT_WORDS) * 2) this.#grow();
  }

  /** A copy in shared memory. */
  table(): FactTable {
    const words = new Int32Array(new SharedArrayBuffer(this.#words.byteLength));
    words.set(this.#words);
    return { words, seed: this.seed };
  }

  #grow(): void {
    const old = this.#words;
    const words = new Int32Array(old.length * 2);
    for (let slot = 0; slot < old.length; slot += SLOT_WORDS) {
      if (old[slot + 2] === 0) continue;
      words.set(old.subarray(slot, slot + SLOT_WORDS), slotOf(words, old[slot]!, old[slot + 1]!));
    }
    this.#words = words;
  }
}
