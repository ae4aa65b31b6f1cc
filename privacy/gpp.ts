/**
 * Reads the string of the Global Privacy Platform, `header~section~section`, for one question: do
 * the sections that apply all allow personal advertising? One that applies and is not there, or that
 * nobody here can read, forbids like one that says no.
 */
import {
  type BitCursor,
  CONSENT_LENGTH_MAX,
  nextSegment,
  openSegments,
  takeBits,
  takeCount,
  takePadding,
} from './bit-cursor.ts';
import type { ConsentVerdict } from './consent-verdict.ts';
import { takeFibonacci } from './fibonacci.ts';
import { canadianVerdict, europeanVerdict } from './tcf.ts';
import { usPrivacyVerdict } from './us-privacy.ts';
import { US_SECTION_FIRST, US_SECTION_LAST, usSectionVerdict } from './us-section.ts';

const HEADER_TYPE = 3;
const HEADER_VERSION = 1;
const TILDE = '~';

const EUROPE = 2;
/** The header and the signal integrity section: no consents, and OpenRTB need not list them. */
const HEADER = 3;
const SIGNAL_INTEGRITY = 4;
const CANADA = 5;
const US_PRIVACY = 6;

/** In gpp_sid alone it says that no section applies. */
const NO_SECTION = -1;
const SECTION_IDS_MAX = 64;

/** The ids in a header ascend as ranges, which are walked as the sections come. */
interface HeaderIds {
  readonly cursor: BitCursor;
  rangesLeft: number;
  id: number;
  last: number;
}

/** `sectionIds` is gpp_sid. Without any it is unknown what applies, which reads as unreadable. */
export function readGpp(
  text: string,
  sectionIds: readonly number[],
  vendorId: number,
): ConsentVerdict {
  if (sectionIds.length === 1 && sectionIds[0] === NO_SECTION) return 'allowed';
  const wanted = sectionBits(sectionIds);
  const isReadable = wanted !== 0 && text.length <= CONSENT_LENGTH_MAX;
  return isReadable ? sectionsVerdict(text, wanted, vendorId) : 'unreadable';
}

function sectionsVerdict(text: string, wanted: number, vendorId: number): ConsentVerdict {
  let missing = wanted;
  let verdict: ConsentVerdict = 'allowed';
  let stop = sectionStop(text, 0);
  const ids = openHeader(text, stop);
  while (stop < text.length) {
    const from = stop + 1;
    stop = sectionStop(text, from);
    const id = nextId(ids);
    if (id === 0 || from === stop) return 'unreadable';
    if (!hasBit(missing, id)) continue;
    missing ^= 1 << id;
    verdict = worse(verdict, sectionVerdict(openSegments(text, from, stop), id, vendorId));
  }
  return missing === 0 && isDone(ids) ? verdict : 'unreadable';
}

/** The sections to read, each as a bit; 0 when there are none, or one that nobody can read. */
function sectionBits(sectionIds: readonly number[]): number {
  if (sectionIds.length > SECTION_IDS_MAX) return 0;
  let bits = 0;
  for (let i = 0; i < sectionIds.length; i++) {
    const id = sectionIds[i]!;
    if (id === HEADER || id === SIGNAL_INTEGRITY) continue;
    const isKnown = id === EUROPE || (Number.isInteger(id) && id >= CANADA);
    if (!isKnown || id > US_SECTION_LAST) return 0;
    bits |= 1 << id;
  }
  return bits;
}

function hasBit(bits: number, id: number): boolean {
  return id <= US_SECTION_LAST && (bits & (1 << id)) !== 0;
}

function worse(one: ConsentVerdict, other: ConsentVerdict): ConsentVerdict {
  if (one === 'unreadable' || other === 'allowed') return one;
  return other;
}

function sectionStop(text: string, from: number): number {
  const stop = text.indexOf(TILDE, from);
  return stop < 0 ? text.length : stop;
}

function openHeader(text: string, stop: number): HeaderIds {
  const cursor = openSegments(text, 0, stop);
  const isHeader = takeBits(cursor, 6) === HEADER_TYPE && takeBits(cursor, 6) === HEADER_VERSION;
  const rangesLeft = takeCount(cursor);
  if (!isHeader) cursor.isBroken = true;
  return { cursor, rangesLeft, id: 0, last: 0 };
}

/** The id of the next section; 0 when the header has no more, or cannot be read. */
function nextId(ids: HeaderIds): number {
  if (ids.cursor.isBroken) return 0;
  if (ids.id < ids.last) return ++ids.id;
  if (ids.rangesLeft === 0) return 0;
  ids.rangesLeft--;
  const isRange = takeBits(ids.cursor, 1) === 1;
  ids.id = ids.last + takeFibonacci(ids.cursor);
  ids.last = isRange ? ids.id + takeFibonacci(ids.cursor) : ids.id;
  return ids.cursor.isBroken ? 0 : ids.id;
}

/** Whether the header ends behind the last section's id. */
function isDone({ cursor, id, last, rangesLeft }: HeaderIds): boolean {
  takePadding(cursor);
  return id === last && rangesLeft === 0 && !nextSegment(cursor) && !cursor.isBroken;
}

function sectionVerdict(cursor: BitCursor, id: number, vendorId: number): ConsentVerdict {
  if (id === EUROPE) return europeanVerdict(cursor, vendorId);
  if (id === CANADA) return canadianVerdict(cursor, vendorId);
  if (id === US_PRIVACY) return usPrivacyVerdict(cursor);
  if (id >= US_SECTION_FIRST) return usSectionVerdict(cursor, id);
  return 'unreadable';
}
