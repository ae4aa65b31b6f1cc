/**
 * Identifiers as the store and the logs may hold them: keyed hashes, never the raw value
 * (promise 7). A person id and an identity key are 16 characters of base64url, 96 bits of
 * HMAC-SHA-256 under the workspace's key, so they are safe as a key of any store.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { hmacOfLines } from './hmac-sha256.ts';

/** MD5s of e-mails and phones in Yandex' form: the CRM side compares them, no bid request has them. */
export const CONTACT_HASH_SPACES = ['email_md5', 'phone_md5'] as const;
export type ContactHashSpace = (typeof CONTACT_HASH_SPACES)[number];

/**
 * Where an identifier comes from. `exchange:<name>` is the id a user has at that exchange,
 * `click:<parameter>` that of one click on an advertisement.
 */
export type IdentitySpace =
  | 'customer'
  | 'cookie'
  | 'ifa'
  | 'email_sha256'
  | ContactHashSpace
  | `exchange:${string}`
  | `click:${string}`
  | `eid:${string}`;

const HASHED_ID = /^[A-Za-z0-9_-]{16}$/;

/** Campaigns, segments, shops, exchanges, offers and creatives are named by people: `[a-z0-9_-]`. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const BASE64URL = Uint8Array.from(
  Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'),
);

/** The first 96 bits of the MAC of the three lines. */
function keyedHash(key: KeyObject, kind: string, name: string, value: string): string {
  const mac = hmacOfLines(key, kind, name, value);
  const x = mac[0]!;
  const y = mac[1]!;
  const z = mac[2]!;
  return String.fromCharCode(
    BASE64URL[x >>> 26]!,
    BASE64URL[(x >>> 20) & 63]!,
    BASE64URL[(x >>> 14) & 63]!,
    BASE64URL[(x >>> 8) & 63]!,
    BASE64URL[(x >>> 2) & 63]!,
    BASE64URL[((x << 4) | (y >>> 28)) & 63]!,
    BASE64URL[(y >>> 22) & 63]!,
    BASE64URL[(y >>> 16) & 63]!,
    BASE64URL[(y >>> 10) & 63]!,
    BASE64URL[(y >>> 4) & 63]!,
    BASE64URL[((y << 2) | (z >>> 30)) & 63]!,
    BASE64URL[(z >>> 24) & 63]!,
    BASE64URL[(z >>> 18) & 63]!,
    BASE64URL[(z >>> 12) & 63]!,
    BASE64URL[(z >>> 6) & 63]!,
    BASE64URL[z & 63]!,
  );
}

/** The key under which a link from this identifier to a person is stored. */
export function identityKey(key: KeyObject, space: IdentitySpace, value: string): string {
  return keyedHash(key, 'i', space, value);
}

/** The person id of a customer known in the shop's CRM. Stable over rebuilds. */
export function customerPersonId(key: KeyObject, shop: string, customerId: string): string {
  return keyedHash(key, 'p', shop, customerId);
}

/** The identity key of an e-mail, in lower case as its hashes are made of. */
export function emailKey(key: KeyObject, email: string): string {
  return identityKey(key, 'email_sha256', createHash('sha256').update(email).digest('hex'));
}

/** A phone number, by the digits that it is compared by, as lists of people to leave out hold it. */
export function phoneKey(key: KeyObject, digits: string): string {
  return keyedHash(key, 't', 'phone', digits);
}

/** An order id as profiles and live facts carry it. */
export function orderKey(key: KeyObject, shop: string, orderId: string): string {
  return keyedHash(key, 'o', shop, orderId);
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
