import { isExposureLog } from '../../proto/exposure-log.ts';
import type { PersonRead, PersonReceiver } from '../ports.ts';
import { exposuresKey, liveKey, profileKey } from './redis-keys.ts';

/** What a read has before it is answered. */
export function clearRead(read: PersonRead): void {
  read.profile = null;
  read.live = null;
  read.exposures = null;
  read.failed = false;
}

export function failRead(read: PersonRead, receiver: PersonReceiver): void {
  read.failed = true;
  receiver.personRead(read);
}

/** The keys of a known person, all in one slot, in the order of `takeKnown`. */
export function personKeys({ shop, generation, person, wantProfile }: PersonRead): string[] {
  const keys = [liveKey(shop, person), exposuresKey(shop, person)];
  if (wantProfile) keys.push(profileKey(shop, generation, person));
  return keys;
}

/** Fills in live facts, exposure log and profile as `reply` holds them from `first` on. */
export function takeKnown(read: PersonRead, reply: readonly unknown[], first: number): void {
  read.live = bytesOrNull(reply[first]);
  const log = bytesOrNull(reply[first + 1]);
  read.exposures = log !== null && isExposureLog(log) ? log : null;
  read.profile = bytesOrNull(reply[first + 2]);
}

/** A reply of another shape is not from the store we think it is. */
export function isListOf(reply: unknown, length: number): reply is readonly unknown[] {
  return Array.isArray(reply) && reply.length === length;
}

export function bytesOrNull(value: unknown): Buffer | null {
  return Buffer.isBuffer(value) ? value : null;
}
