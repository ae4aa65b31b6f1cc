/**
 * Reads bits straight from base64url text, each character once, without decoding it to anything. A
 * cursor never throws: a read past the segment's end, or of a foreign character, breaks it; then
 * every read gives 0, and whoever asks in the end is told.
 */

/** Longer consent strings are not read: the longest honest ones have about 2,000 characters. */
export const CONSENT_LENGTH_MAX = 4096;

/** Ranges and restrictions in all segments together: an encoder that needs more writes bits instead. */
const ENTRIES_MAX = 1024;

export const COUNT_BITS = 12;
const CHARACTER_BITS = 6;
/** Encoders fill up to whole characters, bytes or both, so less than their least common multiple. */
const PADDING_BITS_MAX = 23;
const DOT = 0x2e;

const SEXTETS = new Int8Array(256).fill(-1);
for (const [value, character] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
].entries()) {
  SEXTETS[character.charCodeAt(0)] = value;
}

/** A place in the segments of a text, which are joined by dots. */
export interface BitCursor {
  readonly text: string;
  /** Behind the last character of the last segment. */
  readonly stop: number;
  /** The next character, and the bits that are left of those before it. */
  next: number;
  bits: number;
  bitsLeft: number;
  entriesLeft: number;
  isBroken: boolean;
}

/** A cursor at the first segment of what lies in from..stop. */
export function openSegments(text: string, from: number, stop: number): BitCursor {
  const entriesLeft = ENTRIES_MAX;
  return { text, stop, next: from, bits: 0, bitsLeft: 0, entriesLeft, isBroken: false };
}

/** Whether one more segment follows where this one was read to its end; then the cursor is there. */
export function nextSegment(cursor: BitCursor): boolean {
  if (cursor.isBroken || cursor.next === cursor.stop) return false;
  if (cursor.text.charCodeAt(cursor.next) !== DOT) cursor.isBroken = true;
  cursor.next++;
  cursor.bits = 0;
  cursor.bitsLeft = 0;
  return !cursor.isBroken;
}

/** The next `count` bits, at most 24, as a whole number. */
export function takeBits(cursor: BitCursor, count: number): number {
  if (cursor.bitsLeft < count && !lookAhead(cursor, count)) cursor.isBroken = true;
  if (cursor.isBroken) return 0;
  const left = cursor.bitsLeft - count;
  const value = cursor.bits >> left;
  cursor.bits ^= value << left;
  cursor.bitsLeft = left;
  return value;
}

/** How many entries follow, which are 12 bits everywhere; too many of them break the cursor. */
export function takeCount(cursor: BitCursor): number {
  const count = takeBits(cursor, COUNT_BITS);
  cursor.entriesLeft -= count;
  if (cursor.entriesLeft < 0) cursor.isBroken = true;
  return count;
}

/** Whether the segment has `count` bits more, at most 24, which are then in `bits`. */
export function lookAhead(cursor: BitCursor, count: number): boolean {
  const { text, stop } = cursor;
  let { next, bits, bitsLeft } = cursor;
  while (bitsLeft < count && next < stop) {
    const sextet = sextetOf(text.charCodeAt(next));
    if (sextet < 0) break;
    bits = (bits << CHARACTER_BITS) | sextet;
    bitsLeft += CHARACTER_BITS;
    next++;
  }
  cursor.next = next;
  cursor.bits = bits;
  cursor.bitsLeft = bitsLeft;
  return bitsLeft >= count;
}

export function skipBits(cursor: BitCursor, count: number): void {
  if (count <= cursor.bitsLeft) {
    takeBits(cursor, count);
    return;
  }
  const bits = count - cursor.bitsLeft;
  const behind = cursor.next + Math.trunc(bits / CHARACTER_BITS);
  cursor.bits = 0;
  cursor.bitsLeft = 0;
  skipCharacters(cursor, behind);
  if (cursor.next !== behind) cursor.isBroken = true;
  takeBits(cursor, bits % CHARACTER_BITS);
}

export function skipSegment(cursor: BitCursor): void {
  skipCharacters(cursor, cursor.stop);
}

/** Breaks the cursor when more than padding is left: then the layout is not the one that was read. */
export function takePadding(cursor: BitCursor): void {
  if (lookAhead(cursor, PADDING_BITS_MAX + 1) || cursor.bits !== 0) cursor.isBroken = true;
}

function skipCharacters(cursor: BitCursor, behind: number): void {
  const { text } = cursor;
  const end = Math.min(behind, cursor.stop);
  let { next } = cursor;
  while (next < end && sextetOf(text.charCodeAt(next)) >= 0) next++;
  cursor.next = next;
}

function sextetOf(code: number): number {
  return code < 256 ? SEXTETS[code]! : -1;
}
