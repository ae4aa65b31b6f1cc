/** The US Privacy string of four characters: version, notice, opt-out of sale, service provider. */
import { type BitCursor, takeBits } from './bit-cursor.ts';
import type { ConsentVerdict } from './consent-verdict.ts';

// It is not encoded, but its characters are base64url's as well: these are their six bits.
const VERSION_1 = 53;
const MINUS = 62;
const N = 13;
const Y = 24;
const CHARACTER_BITS = 6;

/** Only a sale that was opted out of denies. */
export function usPrivacyVerdict(cursor: BitCursor): ConsentVerdict {
  const version = takeBits(cursor, CHARACTER_BITS);
  const notice = takeBits(cursor, CHARACTER_BITS);
  const optOut = takeBits(cursor, CHARACTER_BITS);
  const provider = takeBits(cursor, CHARACTER_BITS);
  const isWhole = cursor.next === cursor.stop && !cursor.isBroken;
  if (!isWhole || version !== VERSION_1) return 'unreadable';
  if (!(isAnswer(notice) && isAnswer(optOut) && isAnswer(provider))) return 'unreadable';
  return optOut === Y ? 'denied' : 'allowed';
}

function isAnswer(character: number): boolean {
  return character === Y || character === N || character === MINUS;
}
