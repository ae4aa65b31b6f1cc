import { isExposureLog } from '../../proto/exposure-log.ts';
import type { Blanks, PersonRead, PersonReceiver } from '../ports.ts';
import { blankEntries, blanksLifeMs } from './blank-entries.ts';
import { exposuresKey, liveKey, profileKey } from './redis-keys.ts';
import type { RedisArgument } from './redis-scripts.ts';

/** What a read has before it is answered. */
export function clearRead(read: PersonRead): void {
  read.profile = null;
  read.live = null;
  read.exposures = null;
  read.held = false;
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

/**
 * Fills in live facts, exposure log, profile and whether blanks are held as `reply` has them from
 * `first` on.
 */
export function takeKnown(read: PersonRead, reply: readonly unknown[], first: number): void {
  read.live = bytesOrNull(reply[first]);
  const log = bytesOrNull(reply[first + 1]);
  read.exposures = log !== null && isExposureLog(log) ? log : null;
  read.profile = read.wantProfile ? bytesOrNull(reply[first + 2]) : null;
  read.held = reply[first + 3] === 1;
}

/** Items of the answer of read-known-3.lua. */
export const HELD_LENGTH = 4;

/** Items of the answer about a known person. */
export function answerLength({ blanks, wantProfile }: PersonRead): number {
  if (blanks !== null) return HELD_LENGTH;
  return wantProfile ? 3 : 2;
}

/** The arguments of read-known-3.lua for a person whose id is known. */
export function holdArguments(read: PersonRead, blanks: Blanks): RedisArgument[] {
  const { shop, generation, person, wantProfile } = read;
  const log = exposuresKey(shop, person);
  const third = wantProfile ? profileKey(shop, generation, person) : log;
  return [liveKey(shop, person), log, third, blankEntries(blanks), blanksLifeMs(blanks)];
}

/** A reply of another shape is not from the store we think it is. */
export function isListOf(reply: unknown, length: number): reply is readonly unknown[] {
  return Array.isArray(reply) && reply.length === length;
}

export function bytesOrNull(value: unknown): Buffer | null {
  return Buffer.isBuffer(value) ? value : null;
}
