/**
 * Who is held out of a segment to measure what its bids bring: a share of its people, by a stable
 * hash of the person id, so that the same person stays held out over builds, devices and workers.
 */

/** People of a segment that it does not bid for. */
export interface ControlGroup {
  /** Parts per million of the segment. */
  readonly sharePpm: number;
  /** Segments with the same seed hold out the same people, as far as their shares go. */
  readonly seed: string;
}

const PPM = 1_000_000;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Whether a person (hashed id) is held out. */
export function isHeldOut({ sharePpm, seed }: ControlGroup, person: string): boolean {
  const hash = fnv1a(person, fnv1a('/', fnv1a(seed, FNV_OFFSET)));
  return mixed(hash) % PPM < sharePpm;
}

function fnv1a(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash;
}

/** The finaliser of MurmurHash3: FNV alone leaves the last characters in the low bits. */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
