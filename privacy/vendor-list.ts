/**
 * Answers whether one vendor is in a list of a consent string. Ranges are walked, never unfolded, so
 * that a list costs what its text is long, whatever ranges it claims.
 */
import { type BitCursor, skipBits, takeBits, takeCount } from './bit-cursor.ts';
import { takeFibonacci } from './fibonacci.ts';

/**
 * Ids of 16 bits each, or the Fibonacci codes of their distances. Where both are in use for the same
 * section, `exact` tells them apart: the last id must be the highest that was announced.
 */
export type RangeCoding = 'fixed' | 'fixed-exact' | 'fibonacci-exact';

export const VENDOR_ID_MAX = 0xffff;

/** A list under its highest id, as bits or as ranges, whichever the encoder found shorter. */
export function takeVendorList(cursor: BitCursor, vendorId: number, coding: RangeCoding): boolean {
  const idMax = takeBits(cursor, 16);
  if (takeBits(cursor, 1) === 1) {
    return coding === 'fibonacci-exact'
      ? takeFibonacciRanges(cursor, vendorId, idMax)
      : takeFixedRanges(cursor, vendorId, idMax, coding === 'fixed-exact');
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
export function takeFixedRanges(
  cursor: BitCursor,
  vendorId: number,
  idMax: number,
  isExact: boolean,
): boolean {
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
  if (isExact && last !== idMax) cursor.isBroken = true;
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
  if (last !== idMax) cursor.isBroken = true;
  return isIn;
}
