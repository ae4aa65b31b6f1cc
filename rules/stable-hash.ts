/** A hash of a text that is the same on every machine, for what needs no secret. */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32 bits, of the texts one after the other. */
export function stableHash(...texts: readonly string[]): number {
  let hash = FNV_OFFSET;
  for (const text of texts) {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  }
  return mixed(hash);
}

/** The finaliser of MurmurHash3: FNV alone leaves the last characters in the low bits. */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
