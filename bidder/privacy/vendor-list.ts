/**
 * Answers whether one vendor is in a list of a consent string. Ranges are walked, never unfolded, so
 * that a list costs what its text is long, whatever ranges it claims.
 */
import { type BitCursor, skipBits, takeBits, takeCount } from './bit-cursor.ts';
import { takeFibonacci } from './fibonacci.ts';

/** Ids of 16 bits each, or the Fibonacci codes of their distances. */
export type RangeCoding = 'fixed' | 'fibonacci';

export const VENDOR_ID_MAX = 0xffff;

/** A list under its highest id, as bits or as ranges, whichever the encoder found shorter. */
export function takeVendorList(cursor: BitCursor, vendorId: number, coding: RangeCoding): boolean {
  const idMax = takeBits(cursor, 16);
  if (takeBits(cursor, 1) === 1) {
    const takeRanges = coding === 'fixed' ? takeFixedRanges : takeFibonacciRanges;
    return takeRanges(cursor, vendorId, idMax);
  }
  if (!(vendorId >= 1 && vendorId <= idMax)) {
    skipBits(cursor, idMax);
    return false;
  }
  skipBits(cursor, vendorId - 1);
  const isIn = takeBits(cursor, 1) === 1;
  skipBits(cursor, idMax - vendorId);
  return isIn;
}

/**
 * Ranges of 16-bit ids, whose first bit says whether there is an end. They must ascend without
 * overlap: what does not, no encoder wrote, and it breaks the cursor.
 */
export function takeFixedRanges(cursor: BitCursor, vendorId: number, idMax: number): boolean {
  let isIn = false;
  let last = 0;
  for (let left = takeCount(cursor); left > 0 && !cursor.isBroken; left--) {
    const head = takeBits(cursor, 17);
    const first = head & VENDOR_ID_MAX;
    const end = head > VENDOR_ID_MAX ? takeBits(cursor, 16) : first;
    if (first <= last || end < first || end > idMax) cursor.isBroken = true;
    if (vendorId >= first && vendorId <= end) isIn = true;
    last = end;
  }
  return isIn;
}

/** Ranges of distances, each from the id before it, so that they cannot but ascend. */
function takeFibonacciRanges(cursor: BitCursor, vendorId: number, idMax: number): boolean {
  let isIn = false;
  let last = 0;
  for (let left = takeCount(cursor); left > 0 && !cursor.isBroken; left--) {
    const isRange = takeBits(cursor, 1) === 1;
    const first = last + takeFibonacci(cursor);
    last = isRange ? first + takeFibonacci(cursor) : first;
    if (vendorId >= first && vendorId <= last) isIn = true;
  }
  // Where both codings are in use, that the last id is the highest tells that this is the right one.
  if (last !== idMax) cursor.isBroken = true;
  return isIn;
}
