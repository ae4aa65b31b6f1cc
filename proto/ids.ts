/**
 * Identifiers as the store and the logs may hold them: keyed hashes, never the raw value
 * (promise 7). A person id and an identity key are 16 characters of base64url, 96 bits of
 * HMAC-SHA-256 under the workspace's key, so they are safe as a key of any store.
 */
import type { KeyObject } from 'node:crypto';
import { hmacSha256 } from './hmac-sha256.ts';

/** Where an identifier comes from. `exchange:<name>` is the id a user has at that exchange. */
export type IdentitySpace =
  | 'customer'
  | 'cookie'
  | 'ifa'
  | 'email_sha256'
  | `exchange:${string}`
  | `eid:${string}`;

/** 16 characters of base64url. */
const HASHED_ID_BYTES = 12;
const HASHED_ID = /^[A-Za-z0-9_-]{16}$/;

/** Campaigns, segments, shops, exchanges, offers and creatives are named by people: `[a-z0-9_-]`. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9_-]{0,63}$/;

function keyedHash(key: KeyObject, text: string): string {
  return hmacSha256(key, text).toString('base64url', 0, HASHED_ID_BYTES);
}

/** The key under which a link from this identifier to a person is stored. */
export function identityKey(key: KeyObject, space: IdentitySpace, value: string): string {
  return keyedHash(key, `i\n${space}\n${value}`);
}

/** The person id of a customer known in the shop's CRM. Stable over rebuilds. */
export function customerPersonId(key: KeyObject, shop: string, customerId: string): string {
  return keyedHash(key, `p\n${shop}\n${customerId}`);
}

/** An order id as profiles and live facts carry it. */
export function orderKey(key: KeyObject, shop: string, orderId: string): string {
  return keyedHash(key, `o\n${shop}\n${orderId}`);
}

/**
 * A visitor whom no CRM row links to a customer is a person too: the identity key itself serves as
 * person id, so that caps hold and what was viewed is remembered.
 */
export function anonymousPersonId(identity: string): string {
  return identity;
}

export function isHashedId(text: string): boolean {
  return HASHED_ID.test(text);
}
