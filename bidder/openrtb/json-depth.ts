/**
 * JSON.parse accepts a million nested arrays, and the first thing that walks them dies of it. So
 * the depth is counted in bytes before the parser is let near.
 */
export const JSON_DEPTH_MAX = 64;
/**
 * Up to here the depth is not counted: the parser keeps a stack of its own, nothing behind it
 * recurses into what it does not know, and so few brackets fill no memory.
 */
export const DEPTH_UNCOUNTED_BYTES = 16_384;

const PLAIN = 0;
const OPEN = 1;
const CLOSE = 2;
const QUOTE = 3;
const QUOTE_BYTE = 0x22;
const BACKSLASH_BYTE = 0x5c;

const KIND = new Uint8Array(256);
KIND[0x7b] = OPEN;
KIND[0x5b] = OPEN;
KIND[0x7d] = CLOSE;
KIND[0x5d] = CLOSE;
KIND[QUOTE_BYTE] = QUOTE;

/** True when no array or object lies deeper than `depthMax`. Brackets inside strings do not count. */
export function isShallow(bytes: Uint8Array, depthMax: number): boolean {
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const kind = KIND[bytes[i]!];
    if (kind === PLAIN) continue;
    if (kind === QUOTE) i = closingQuote(bytes, i);
    else if (kind === CLOSE) depth--;
    else if (++depth > depthMax) return false;
  }
  return true;
}

/** Index of the quote that closes the string opened at `open`, or the end of the bytes. */
function closingQuote(bytes: Uint8Array, open: number): number {
  let i = open + 1;
  while (i < bytes.length && bytes[i] !== QUOTE_BYTE) i += bytes[i] === BACKSLASH_BYTE ? 2 : 1;
  return i;
}
