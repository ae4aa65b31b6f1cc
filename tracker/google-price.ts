/**
 * The price encryption of Google Authorized Buyers, which other exchanges have copied: web-safe
 * base64 of an initialisation vector (16 bytes: Unix seconds and microseconds of the sealing as two
 * uint32, then the server), the amount (8 bytes: an int64 XOR HMAC-SHA-1 of the vector under the
 * encryption key) and a tag (4 bytes: HMAC-SHA-1 of amount and vector under the integrity key).
 * developers.google.com/authorized-buyers/rtb/response-guide/decrypt-price
 */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { PriceKeys } from '../settings/exchange.ts';

const VECTOR_BYTES = 16;
const AMOUNT_BYTES = 8;
const TAG_AT = VECTOR_BYTES + AMOUNT_BYTES;
const TAG_BYTES = 4;
/** 28 bytes in either alphabet of base64; the padding is optional. */
const SEALED = /^[A-Za-z0-9+/_-]{38}(?:==)?$/;
const SEALED_CHARS = 38;

/** `unreadable`: not of the scheme at all. `forged`: no key has sealed it, or it was changed since. */
export type OpenedPrice =
  | { readonly kind: 'opened'; readonly micros: bigint; readonly sealedAtMs: number }
  | { readonly kind: 'unreadable' | 'forged' };

/** Opens a sealed price with the first pair of keys that has sealed it. Never throws. */
export function openGooglePrice(text: string, keys: readonly PriceKeys[]): OpenedPrice {
  const sealed = decodeSealed(text);
  if (sealed === null) return { kind: 'unreadable' };
  for (const pair of keys) {
    const micros = openWith(pair, sealed);
    if (micros !== null) return { kind: 'opened', micros, sealedAtMs: sealedAtMs(sealed) };
  }
  return { kind: 'forged' };
}

function decodeSealed(text: string): Buffer | null {
  if (!SEALED.test(text)) return null;
  const sealed = Buffer.from(text, 'base64');
  // The last character has four spare bits: only the one text that was written is the price.
  const written = text.slice(0, SEALED_CHARS).replaceAll('+', '-').replaceAll('/', '_');
  return sealed.toString('base64url') === written ? sealed : null;
}

function openWith({ encryption, integrity }: PriceKeys, sealed: Buffer): bigint | null {
  const vector = sealed.subarray(0, VECTOR_BYTES);
  const pad = hmacSha1(encryption, vector);
  const amount = Buffer.alloc(AMOUNT_BYTES);
  for (let i = 0; i < AMOUNT_BYTES; i++) amount[i] = sealed[VECTOR_BYTES + i]! ^ pad[i]!;
  const tag = hmacSha1(integrity, amount, vector).subarray(0, TAG_BYTES);
  return timingSafeEqual(tag, sealed.subarray(TAG_AT)) ? amount.readBigInt64BE() : null;
}

function hmacSha1(key: KeyObject, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('sha1', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

function sealedAtMs(sealed: Buffer): number {
  return sealed.readUInt32BE(0) * 1000 + Math.floor(sealed.readUInt32BE(4) / 1000);
}
