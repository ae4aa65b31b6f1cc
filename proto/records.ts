/** The binary records of proto/*.proto: the only door to the generated code. */
import { rekindle } from './generated/records.js';
import { readProfile } from './read-profile.ts';

export type ProfileRecord = rekindle.Profile.$Properties;
export type LiveFactsRecord = rekindle.LiveFacts.$Properties;
export type EventRecord = rekindle.Event.$Properties;
export type DecodedProfile = Pick<
  rekindle.Profile,
  | 'person'
  | 'segments'
  | 'orders'
  | 'cycleHalfDays'
  | 'products'
  | 'categories'
  | 'boughtWith'
  | 'conditions'
>;
export type DecodedLiveFacts = rekindle.LiveFacts;
export type DecodedEvent = rekindle.Event;

export const NoticeKind = rekindle.NoticeEvent.Kind;
export const ShopEventKind = rekindle.ShopEvent.Kind;

/** Bounds of the live facts record: older entries are dropped. */
export const LIVE_ITEMS_MAX = 20;
export const LIVE_ORDERS_MAX = 20;

export function encodeProfile(profile: ProfileRecord): Uint8Array {
  return rekindle.Profile.encode(profile).finish();
}

/** Null when the bytes are no profile of this person: a damaged or misplaced value is no value. */
export function decodeProfile(bytes: Uint8Array, person: string): DecodedProfile | null {
  const buffer = Buffer.isBuffer(bytes) ? bytes : bufferOf(bytes);
  const profile = readProfile(buffer) ?? decoded(() => rekindle.Profile.decode(plain(bytes)));
  return profile !== null && profile.person === person ? profile : null;
}

export function encodeLiveFacts(facts: LiveFactsRecord): Uint8Array {
  return rekindle.LiveFacts.encode(facts).finish();
}

export function decodeLiveFacts(bytes: Uint8Array, person: string): DecodedLiveFacts | null {
  const facts = decoded(() => rekindle.LiveFacts.decode(plain(bytes)));
  return facts !== null && facts.person === person ? facts : null;
}

export function encodeEvent(event: EventRecord): Uint8Array {
  return rekindle.Event.encode(event).finish();
}

export function decodeEvent(bytes: Uint8Array): DecodedEvent | null {
  return decoded(() => rekindle.Event.decode(plain(bytes)));
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** protobufjs reads short strings faster from a plain Uint8Array than from a Buffer. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decoded<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch {
    return null;
  }
}
