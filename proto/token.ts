/**
 * The signed token in every notice, impression and click URL. Its payload is text of dot-separated
 * fields that need no percent-encoding. The first is the format of the ad by its markup type: it was
 * the version, 1, while every ad was a banner, so those tokens are read as what they are and a format
 * costs no byte. Another layout begins with something that is no markup type.
 *
 * The signature is one half of an HMAC-SHA-256 over the payload. The first half signs what the exchange
 * calls (win, billing, loss), the second half what a browser calls (impression, click): the halves of
 * a PRF's output are independent, so who holds a banner cannot make a billing notice out of it, and a
 * bid pays for one HMAC.
 */
import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { AD_FORMATS, type AdFormat, MTYPES } from './ad-format.ts';
import { hmacSha256 } from './hmac-sha256.ts';

const FORMAT_OF: ReadonlyMap<string, AdFormat> = new Map(
  AD_FORMATS.map((format) => [String(MTYPES[format]), format]),
);
const FIELD_COUNT = 15;
const TAG_BYTES = 16;
const SAFE_ITEM = /^[A-Za-z0-9_-]{1,64}$/;
/** A longer token is not one of ours. */
const TOKEN_LENGTH_MAX = 2048;

export type TokenAudience = 'exchange' | 'browser';

export interface TokenPayload {
  readonly format: AdFormat;
  readonly exchange: string;
  readonly shop: string;
  readonly campaign: string;
  readonly creative: string;
  readonly bidId: string;
  /** Hashed person id, '' when no personal data was read. */
  readonly person: string;
  /** What was bid, CPM micros of `currency`: no notice books more. */
  readonly bidCpmMicros: number;
  readonly currency: string;
  /** The lease and budget period the money was promised from; '' for a test bid, which books nothing. */
  readonly leaseId: string;
  readonly period: string;
  /** The same bid in nanos of the shop's currency. */
  readonly reservedNanos: number;
  /** Unix seconds of the bid. */
  readonly bidAtS: number;
  /** Name of the offer on the banner, '' for none: a click lands with its coupon. */
  readonly offer: string;
  /** Item ids in slot order. */
  readonly items: readonly string[];
}

export function encodePayload(p: TokenPayload): string {
  let items = '';
  for (let i = 0; i < p.items.length; i++) {
    const item = p.items[i]!;
    items +=
      (i === 0 ? '' : '~') +
      (SAFE_ITEM.test(item) ? item : `!${Buffer.from(item).toString('base64url')}`);
  }
  return (
    `${MTYPES[p.format]}.${p.exchange}.${p.shop}.${p.campaign}.${p.creative}.${p.bidId}.${p.person}.` +
    `${p.bidCpmMicros.toString(36)}.${p.currency}.${p.leaseId}.${p.period}.${p.reservedNanos.toString(36)}.${p.bidAtS.toString(36)}.${p.offer}.${items}`
  );
}

export interface TokenTags {
  readonly exchange: string;
  readonly browser: string;
}

/** Both signatures of a payload, base64url. */
export function signPayload(key: KeyObject, payload: string): TokenTags {
  const digest = hmacSha256(key, payload);
  return {
    exchange: digest.toString('base64url', 0, TAG_BYTES),
    browser: digest.toString('base64url', TAG_BYTES, 2 * TAG_BYTES),
  };
}

/** The payload of a token that this key signed for this audience, or null: forged, foreign, cut. */
export function verifyToken(key: KeyObject, audience: TokenAudience, token: string): string | null {
  const cut = token.lastIndexOf('.');
  if (cut < 1 || token.length > TOKEN_LENGTH_MAX) return null;
  const payload = token.slice(0, cut);
  const tag = token.slice(cut + 1);
  const given = Buffer.from(tag, 'base64url');
  // Decoding ignores spare bits and foreign characters: only the one text we wrote is the tag.
  if (given.length !== TAG_BYTES || given.toString('base64url') !== tag) return null;
  const digest = hmacSha256(key, payload);
  const from = audience === 'exchange' ? 0 : TAG_BYTES;
  return timingSafeEqual(given, digest.subarray(from, from + TAG_BYTES)) ? payload : null;
}

/** Reads a verified payload. Null only when it was signed by another version of Rekindle. */
export function decodePayload(payload: string): TokenPayload | null {
  const f = payload.split('.');
  const format = FORMAT_OF.get(f[0]!);
  if (f.length !== FIELD_COUNT || format === undefined) return null;
  return {
    format,
    exchange: f[1]!,
    shop: f[2]!,
    campaign: f[3]!,
    creative: f[4]!,
    bidId: f[5]!,
    person: f[6]!,
    bidCpmMicros: Number.parseInt(f[7]!, 36),
    currency: f[8]!,
    leaseId: f[9]!,
    period: f[10]!,
    reservedNanos: Number.parseInt(f[11]!, 36),
    bidAtS: Number.parseInt(f[12]!, 36),
    offer: f[13]!,
    items: f[14] === '' ? [] : f[14]!.split('~').map(decodeItem),
  };
}

function decodeItem(text: string): string {
  return text.startsWith('!') ? Buffer.from(text.slice(1), 'base64url').toString() : text;
}

/** A bid id as the 53-bit positive integer that exposure logs carry. */
export function bidKeyOf(bidId: string): number {
  let high = 0x811c9dc5;
  let low = 0x9dc5811c;
  for (let i = 0; i < bidId.length; i++) {
    const code = bidId.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b) ^ (high >>> 13);
  }
  return (high >>> 11) * 4_294_967_296 + (low >>> 0);
}
