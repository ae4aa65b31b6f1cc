/** Fibonacci codes: a number as a sum of Fibonacci numbers, one bit for each, smallest first, and a one behind. */
import { type BitCursor, lookAhead } from './bit-cursor.ts';

/** What 16 bits hold takes 23 Fibonacci numbers and the one behind. */
const WINDOW_BITS = 24;
/** More may have been looked at, up to a character. */
const FIBONACCI = new Float64Array(WINDOW_BITS + 6);
FIBONACCI[0] = 1;
FIBONACCI[1] = 2;
for (let i = 2; i < FIBONACCI.length; i++) FIBONACCI[i] = FIBONACCI[i - 1]! + FIBONACCI[i - 2]!;

/** The next code's number, from 1; a code longer than any that is needed breaks the cursor. */
export function takeFibonacci(cursor: BitCursor): number {
  lookAhead(cursor, WINDOW_BITS);
  const { bits, bitsLeft } = cursor;
  // No sum needs two neighbours, so the first two ones in a row end the code.
  const pairs = bits & (bits << 1);
  if (pairs === 0 || cursor.isBroken) {
    cursor.isBroken = true;
    return 0;
  }
  const last = highestBit(pairs);
  let sum = 0;
  let digits = bits >> last;
  while (digits !== 0) {
    const digit = highestBit(digits);
    sum += FIBONACCI[bitsLeft - 1 - last - digit]!;
    digits ^= 1 << digit;
  }
  cursor.bitsLeft = last - 1;
  cursor.bits = bits & ((1 << (last - 1)) - 1);
  return sum;
}

function highestBit(bits: number): number {
  return 31 - Math.clz32(bits);
}
