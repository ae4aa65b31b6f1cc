/**
 * Reads the strings of the Transparency and Consent Framework, Europe's and Canada's, for one
 * question: may this vendor do personal advertising? Layout: IAB Tech Lab, "Consent string and vendor
 * list formats v2"; what the two differ in is a ConsentFormat.
 */
import {
  type BitCursor,
  COUNT_BITS,
  lookAhead,
  nextSegment,
  skipBits,
  skipSegment,
  takeBits,
  takeCount,
  takePadding,
} from './bit-cursor.ts';
import type { ConsentVerdict } from './consent-verdict.ts';
import { type RangeCoding, takeFixedRanges, takeVendorList, VENDOR_ID_MAX } from './vendor-list.ts';

export interface ConsentFormat {
  readonly version: number;
  readonly coding: RangeCoding;
  /** Bits between the policy version and the purposes, and between the purposes and the vendors. */
  readonly flagsBits: number;
  readonly publisherBits: number;
  /** Purposes that are asked for, as purposeBits, and those of them that need no consent. */
  readonly neededPurposes: number;
  readonly interestPurposes: number;
  /** From when on a string must name the vendors that the user was shown. */
  readonly disclosureSince: DisclosureSince | null;
  readonly mayLackRestrictions: boolean;
}

interface DisclosureSince {
  readonly policyVersion: number;
  readonly createdDeciseconds: number;
}

/** Purposes that may be used, as purposeBits, by what they rest on. */
interface Bases {
  consents: number;
  interests: number;
}

type Disclosure = 'absent' | 'named' | 'unnamed';

/** 0 and 1 are no registered consent platform's number. */
const CMP_ID_MIN = 2;
const PURPOSES = 24;
/** One for each of 63 purposes and three types: encoders do not repeat them. */
const RESTRICTIONS_MAX = 189;
/** Restriction types; 0 is: not at all. */
const ONLY_WITH_CONSENT = 1;
const ONLY_ON_INTEREST = 2;
/** Segment types; 2 is a list of allowed vendors, of no meaning since TCF 2.2. */
const DISCLOSED_VENDORS = 1;
const PUBLISHER = 3;

/** A purpose's bit in a field of 24, of which the first is purpose 1. */
export function purposeBits(...purposes: readonly number[]): number {
  return purposes.reduce((bits, purpose) => bits | purposeBit(purpose), 0);
}

export function consentVerdict(
  cursor: BitCursor,
  vendorId: number,
  format: ConsentFormat,
): ConsentVerdict {
  if (takeBits(cursor, 6) !== format.version) return 'unreadable';
  const createdDeciseconds = takeBits(cursor, 24) * 4096 + takeBits(cursor, 12);
  skipBits(cursor, 36);
  if (takeBits(cursor, 12) < CMP_ID_MIN) return 'unreadable';
  skipBits(cursor, 42);
  const policyVersion = takeBits(cursor, 6);
  const usable = takeUsablePurposes(cursor, vendorId, format);
  takePadding(cursor);
  const disclosure = takeDisclosure(cursor, vendorId, format.coding);
  const { disclosureSince, neededPurposes } = format;
  const mustDisclose =
    disclosureSince !== null &&
    (policyVersion >= disclosureSince.policyVersion ||
      createdDeciseconds >= disclosureSince.createdDeciseconds);
  if (cursor.isBroken || (mustDisclose && disclosure === 'absent')) return 'unreadable';
  // Before it was mandatory, European encoders put an empty list there, which tells nothing.
  const isHidden = disclosure === 'unnamed' && (mustDisclose || disclosureSince === null);
  return !isHidden && (usable & neededPurposes) === neededPurposes ? 'allowed' : 'denied';
}

/** The purposes that the vendor has a basis for which the publisher does not take away. */
function takeUsablePurposes(cursor: BitCursor, vendorId: number, format: ConsentFormat): number {
  const { coding, flagsBits, publisherBits } = format;
  skipBits(cursor, flagsBits);
  const consents = takeBits(cursor, PURPOSES);
  const interests = takeBits(cursor, PURPOSES) & format.interestPurposes;
  skipBits(cursor, publisherBits);
  const bases = {
    consents: takeVendorList(cursor, vendorId, coding) ? consents : 0,
    interests: takeVendorList(cursor, vendorId, coding) ? interests : 0,
  };
  const mayEndHere = format.mayLackRestrictions && !lookAhead(cursor, COUNT_BITS);
  if (!mayEndHere) takeRestrictions(cursor, vendorId, coding, bases);
  return bases.consents | bases.interests;
}

function takeRestrictions(
  cursor: BitCursor,
  vendorId: number,
  coding: RangeCoding,
  bases: Bases,
): void {
  let left = takeCount(cursor);
  if (left > RESTRICTIONS_MAX) cursor.isBroken = true;
  while (left > 0 && !cursor.isBroken) {
    takeRestriction(cursor, vendorId, coding, bases);
    left--;
  }
}

function takeRestriction(
  cursor: BitCursor,
  vendorId: number,
  coding: RangeCoding,
  bases: Bases,
): void {
  const head = takeBits(cursor, 8);
  const purpose = head >> 2;
  const type = head & 3;
  if (purpose === 0 || type > ONLY_ON_INTEREST) cursor.isBroken = true;
  const isMeant = takeRestrictedVendor(cursor, vendorId, coding);
  // Purposes over 24 are not ours, and a shift by a negative number would hit one that is.
  const others = isMeant && purpose <= PURPOSES ? ~purposeBit(purpose) : -1;
  if (type !== ONLY_WITH_CONSENT) bases.consents &= others;
  if (type !== ONLY_ON_INTEREST) bases.interests &= others;
}

function takeRestrictedVendor(cursor: BitCursor, vendorId: number, coding: RangeCoding): boolean {
  return coding === 'fibonacci-exact'
    ? takeVendorList(cursor, vendorId, coding)
    : takeFixedRanges(cursor, vendorId, VENDOR_ID_MAX, false);
}

/** Reads the segments behind the first: each kind may come once. */
function takeDisclosure(cursor: BitCursor, vendorId: number, coding: RangeCoding): Disclosure {
  let disclosure: Disclosure = 'absent';
  let seen = 0;
  while (nextSegment(cursor)) {
    const type = takeBits(cursor, 3);
    if (type < 1 || type > PUBLISHER || (seen & (1 << type)) !== 0) cursor.isBroken = true;
    seen |= 1 << type;
    if (type === PUBLISHER) {
      skipSegment(cursor);
      continue;
    }
    const isIn = takeVendorList(cursor, vendorId, coding);
    takePadding(cursor);
    if (type === DISCLOSED_VENDORS) disclosure = isIn ? 'named' : 'unnamed';
  }
  return disclosure;
}

function purposeBit(purpose: number): number {
  return 1 << (PURPOSES - purpose);
}
