/**
 * Who is held out of a segment to measure what its bids bring: a share of its people, by a stable
 * hash of the person id, so that the same person stays held out over builds, devices and workers.
 */
import { stableHash } from './stable-hash.ts';

/** People of a segment that it does not bid for. */
export interface ControlGroup {
  /** Parts per million of the segment. */
  readonly sharePpm: number;
  /** Segments with the same seed hold out the same people, as far as their shares go. */
  readonly seed: string;
}

const PPM = 1_000_000;

/** Whether a person (hashed id) is held out. */
export function isHeldOut({ sharePpm, seed }: ControlGroup, person: string): boolean {
  return stableHash(seed, '/', person) % PPM < sharePpm;
}
