/**
 * Reads the sections of the United States in a GPP string: national, and one for each state with a
 * law. All are a version and then fields of two bits, in which 1 is yes and 2 is no; they differ in
 * how many of each there are, as in @iabgpp/cmpapi 3.2.0.
 */
import { type BitCursor, nextSegment, takeBits, takePadding } from './bit-cursor.ts';
import type { ConsentVerdict } from './consent-verdict.ts';

/** Counts of fields in their order; `notices` may be about the multi-state agreement as well. */
type UsLayout = readonly [
  notices: number,
  optOuts: number,
  sensitive: number,
  children: number,
  others: number,
];

export const US_SECTION_FIRST = 7;
export const US_SECTION_LAST = 27;

const NATIONAL: readonly UsLayout[] = [
  [6, 3, 12, 2, 4], // version 1
  [6, 3, 16, 3, 4], // version 2
];

/** From section 8. Opt-outs are of sale and sharing in California, of sale and targeted advertising elsewhere. */
const STATES: readonly UsLayout[] = [
  [3, 2, 9, 2, 4], // California
  [3, 2, 8, 1, 3], // Virginia
  [3, 2, 7, 1, 3], // Colorado
  [4, 2, 8, 1, 3], // Utah
  [3, 2, 8, 3, 3], // Connecticut
  [3, 2, 8, 3, 4], // Florida
  [3, 2, 8, 3, 4], // Montana
  [3, 2, 11, 3, 4], // Oregon
  [3, 2, 8, 1, 4], // Texas
  [3, 2, 9, 5, 4], // Delaware
  [4, 2, 8, 1, 3], // Iowa
  [3, 2, 8, 1, 4], // Nebraska
  [3, 2, 8, 3, 4], // New Hampshire
  [3, 2, 10, 5, 4], // New Jersey
  [3, 2, 8, 1, 4], // Tennessee
  [3, 2, 8, 1, 4], // Minnesota
  [5, 2, 0, 0, 1], // Maryland
  [5, 2, 0, 1, 1], // Indiana
  [5, 2, 0, 1, 1], // Kentucky
  [5, 2, 0, 1, 1], // Rhode Island
];

/** From Indiana on, the second segment is not the browser's opt-out (Gpc), Maryland's excepted. */
const SENSITIVE_SEGMENT_FIRST = 25;
const SENSITIVE_SEGMENT_FIELDS = 8;
const GPC_SEGMENT = 1;
const YES = 1 << 1;
const NO = 1 << 2;
const UNDEFINED = 3;

/**
 * Denies whoever opted out of sale, sharing or targeted advertising, or is a known child, whatever
 * the parents consent to. `cursor` is at the first segment of the section.
 */
export function usSectionVerdict(cursor: BitCursor, sectionId: number): ConsentVerdict {
  const version = takeBits(cursor, 6);
  const layout =
    sectionId === US_SECTION_FIRST
      ? NATIONAL[version - 1]
      : version === 1
        ? STATES[sectionId - US_SECTION_FIRST - 1]
        : undefined;
  if (layout === undefined) return 'unreadable';

  const [notices, optOuts, sensitive, children, others] = layout;
  takeFields(cursor, notices);
  const isOptedOut = (takeFields(cursor, optOuts) & YES) !== 0;
  takeFields(cursor, sensitive);
  const isChild = (takeFields(cursor, children) & (YES | NO)) !== 0;
  takeFields(cursor, others);
  takePadding(cursor);
  const isPrivate = nextSegment(cursor) && takeSecondSegment(cursor, sectionId);
  if (nextSegment(cursor) || cursor.isBroken) return 'unreadable';
  return isOptedOut || isChild || isPrivate ? 'denied' : 'allowed';
}

/** Which values the fields have, each as a bit. */
function takeFields(cursor: BitCursor, count: number): number {
  let seen = 0;
  for (let i = 0; i < count; i++) {
    const value = takeBits(cursor, 2);
    if (value === UNDEFINED) cursor.isBroken = true;
    seen |= 1 << value;
  }
  return seen;
}

/** Whether it says that the browser opts out. */
function takeSecondSegment(cursor: BitCursor, sectionId: number): boolean {
  let isOptOut = false;
  if (sectionId >= SENSITIVE_SEGMENT_FIRST) takeFields(cursor, SENSITIVE_SEGMENT_FIELDS);
  else {
    if (takeBits(cursor, 2) !== GPC_SEGMENT) cursor.isBroken = true;
    isOptOut = takeBits(cursor, 1) === 1;
  }
  takePadding(cursor);
  return isOptOut;
}
