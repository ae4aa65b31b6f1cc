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

/** The MAC of the text's UTF-8. The buffer is lent: it holds until the next call. */
export function hmacSha256(key: KeyObject, text: string): Buffer {
  let keyed = statesOfKey.get(key);
  if (keyed === undefined) {
    keyed = keyedStates(key);
    statesOfKey.set(key, keyed);
  }
  state.set(keyed.inner);
  hashMessage(text);
  for (let i = 0; i < 8; i++) schedule[i] = state[i]!;
  schedule[8] = 1 << 31;
  schedule.fill(0, 9, 15);
  schedule[15] = (BLOCK_BYTES + DIGEST_BYTES) * 8;
  state.set(keyed.outer);
  compress();
  for (let i = 0; i < 8; i++) digest.writeInt32BE(state[i]!, i * 4);
  return digest;
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

/** Hashes the text and the padding into the state that one block, the key's, has gone before. */
function hashMessage(text: string): void {
  const room = text.length * UNIT_BYTES_MAX + PADDING_BYTES_MIN + BLOCK_BYTES;
  if (message.length < room) message = Buffer.alloc(room * 2);
  const bytes = message.write(text, 0, 'utf8');
  const end = Math.ceil((bytes + PADDING_BYTES_MIN) / BLOCK_BYTES) * BLOCK_BYTES;
  message[bytes] = 0x80;
  message.fill(0, bytes + 1, end - 4);
  message.writeUInt32BE((BLOCK_BYTES + bytes) * 8, end - 4);
  for (let at = 0; at < end; at += BLOCK_BYTES) {
    readBlock(message, at);
    compress();
  }
}

function readBlock(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const b = at + i * 4;
    schedule[i] = (bytes[b]! << 24) | (bytes[b + 1]! << 16) | (bytes[b + 2]! << 8) | bytes[b + 3]!;
  }
}

/** One round of SHA-256 over the block in the first 16 words of the schedule. */
function compress(): void {
  for (let i = 16; i < 64; i++) {
    const x = schedule[i - 15]!;
    const y = schedule[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    schedule[i] = (schedule[i - 16]! + s0 + schedule[i - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[i]! + schedule[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
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
