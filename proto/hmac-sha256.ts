/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) with the key's two blocks hashed once. A bid needs one MAC for
 * its token and one for each identifier; node:crypto makes a native object for each, which costs
 * several times the hash itself (docs/decisions/0007). Held to node:crypto by a property test.
 */
import { strict as assert } from 'node:assert';
import type { KeyObject } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** The 0x80 that ends a message and its length in bits. */
const PADDING_BYTES_MIN = 9;
/** UTF-8 of one UTF-16 unit. */
const UNIT_BYTES_MAX = 3;
const LINE_FEED = 10;

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND_CONSTANTS = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);
const INITIAL_STATE = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

const schedule = new Int32Array(64);
const state = new Int32Array(8);
const digest = Buffer.alloc(DIGEST_BYTES);
let message = Buffer.alloc(4096);

interface KeyedStates {
  readonly inner: Int32Array;
  readonly outer: Int32Array;
}

const statesOfKey = new WeakMap<KeyObject, KeyedStates>();
let lastKey: KeyObject | null = null;
let lastStates: KeyedStates | null = null;

/** The MAC of the text's UTF-8. The buffer is lent: it holds until the next call. */
export function hmacSha256(key: KeyObject, text: string): Buffer {
  makeRoom(text.length);
  finish(statesOf(key), message.write(text, 0, 'utf8'));
  for (let i = 0; i < 8; i++) {
    const word = state[i]!;
    digest[i * 4] = word >>> 24;
    digest[i * 4 + 1] = word >>> 16;
    digest[i * 4 + 2] = word >>> 8;
    digest[i * 4 + 3] = word;
  }
  return digest;
}

/**
 * The MAC of `first\nsecond\nthird` as eight words, lent as above. Short ASCII parts are never
 * joined to a string, which is to be made, flattened and collected.
 */
export function hmacOfLines(
  key: KeyObject,
  first: string,
  second: string,
  third: string,
): Int32Array {
  makeRoom(first.length + second.length + third.length + 2);
  let bytes = writeText(first, 0);
  message[bytes++] = LINE_FEED;
  bytes = writeText(second, bytes);
  message[bytes++] = LINE_FEED;
  finish(statesOf(key), writeText(third, bytes));
  return state;
}

/** A worker has one key. */
function statesOf(key: KeyObject): KeyedStates {
  if (key === lastKey) return lastStates!;
  let keyed = statesOfKey.get(key);
  if (keyed === undefined) {
    keyed = keyedStates(key);
    statesOfKey.set(key, keyed);
  }
  lastKey = key;
  lastStates = keyed;
  return keyed;
}

function keyedStates(key: KeyObject): KeyedStates {
  const bytes = key.export();
  assert(bytes.length <= BLOCK_BYTES, 'a longer key would have to be hashed first');
  const padded = (pad: number): Int32Array => {
    const block = Buffer.alloc(BLOCK_BYTES, pad);
    for (let i = 0; i < bytes.length; i++) block[i]! ^= bytes[i]!;
    state.set(INITIAL_STATE);
    readBlock(block, 0);
    compress();
    return state.slice();
  };
  return { inner: padded(0x36), outer: padded(0x5c) };
}

function makeRoom(length: number): void {
  const room = length * UNIT_BYTES_MAX + PADDING_BYTES_MIN + BLOCK_BYTES;
  if (message.length < room) message = Buffer.alloc(room * 2);
}

/** Appends the text's UTF-8 at `from`; returns where it ends. */
function writeText(text: string, from: number): number {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return from + message.write(text, from, 'utf8');
    message[from + i] = code;
  }
  return from + length;
}

/** Hashes so many bytes of the message, then the outer block: the MAC is in the state. */
function finish(keyed: KeyedStates, bytes: number): void {
  takeState(keyed.inner);
  const end = Math.ceil((bytes + PADDING_BYTES_MIN) / BLOCK_BYTES) * BLOCK_BYTES;
  message[bytes] = 0x80;
  for (let i = bytes + 1; i < end; i++) message[i] = 0;
  for (let at = 0; at < end; at += BLOCK_BYTES) {
    readBlock(message, at);
    if (at + BLOCK_BYTES === end) schedule[15] = (BLOCK_BYTES + bytes) * 8;
    compress();
  }
  for (let i = 0; i < 8; i++) schedule[i] = state[i]!;
  schedule[8] = 1 << 31;
  for (let i = 9; i < 15; i++) schedule[i] = 0;
  schedule[15] = (BLOCK_BYTES + DIGEST_BYTES) * 8;
  takeState(keyed.outer);
  compress();
}

function takeState(from: Int32Array): void {
  for (let i = 0; i < 8; i++) state[i] = from[i]!;
}

function readBlock(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const b = at + i * 4;
    schedule[i] = (bytes[b]! << 24) | (bytes[b + 1]! << 16) | (bytes[b + 2]! << 8) | bytes[b + 3]!;
  }
}

/** SHA-256 over the block in the first 16 words of the schedule. */
function compress(): void {
  expand();
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  // Four rounds a pass: each writes the variables that it replaces, and none is moved in between.
  for (let i = 0; i < 64; i += 4) {
    h = (h + sigma1(e) + (g ^ (e & (f ^ g))) + ROUND_CONSTANTS[i]! + schedule[i]!) | 0;
    d = (d + h) | 0;
    h = (h + sigma0(a) + ((a & b) ^ (c & (a ^ b)))) | 0;
    g = (g + sigma1(d) + (f ^ (d & (e ^ f))) + ROUND_CONSTANTS[i + 1]! + schedule[i + 1]!) | 0;
    c = (c + g) | 0;
    g = (g + sigma0(h) + ((h & a) ^ (b & (h ^ a)))) | 0;
    f = (f + sigma1(c) + (e ^ (c & (d ^ e))) + ROUND_CONSTANTS[i + 2]! + schedule[i + 2]!) | 0;
    b = (b + f) | 0;
    f = (f + sigma0(g) + ((g & h) ^ (a & (g ^ h)))) | 0;
    e = (e + sigma1(b) + (d ^ (b & (c ^ d))) + ROUND_CONSTANTS[i + 3]! + schedule[i + 3]!) | 0;
    a = (a + e) | 0;
    e = (e + sigma0(f) + ((f & g) ^ (h & (f ^ g)))) | 0;
    // Half a turn is made: the halves change places.
    let first = a;
    a = e;
    e = first;
    first = b;
    b = f;
    f = first;
    first = c;
    c = g;
    g = first;
    first = d;
    d = h;
    h = first;
  }
  state[0] = (state[0]! + a) | 0;
  state[1] = (state[1]! + b) | 0;
  state[2] = (state[2]! + c) | 0;
  state[3] = (state[3]! + d) | 0;
  state[4] = (state[4]! + e) | 0;
  state[5] = (state[5]! + f) | 0;
  state[6] = (state[6]! + g) | 0;
  state[7] = (state[7]! + h) | 0;
}

function expand(): void {
  let before = schedule[0]!;
  for (let i = 16; i < 64; i++) {
    const x = schedule[i - 15]!;
    const y = schedule[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    schedule[i] = (before + s0 + schedule[i - 7]! + s1) | 0;
    before = x;
  }
}

function sigma0(a: number): number {
  return ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
}

function sigma1(e: number): number {
  return ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
}
