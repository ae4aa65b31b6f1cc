import {
  capsAllow,
  copyLiveExposures,
  EXPOSURE_BYTES,
  EXPOSURES_MAX,
  exposureState,
  RESERVED,
  writeExposure,
} from '../proto/exposure-log.ts';
import type { CapReservation } from './ports.ts';
import type { Scratch } from './scratch.ts';

export interface Holding {
  readonly nowMs: number;
  readonly reservations: readonly CapReservation[];
  /** Filled: one for each reservation. */
  readonly granted: boolean[];
}

/**
 * The log with the reservations that its caps allow, each checked in turn, and without what no longer
 * counts, so that it stays as short as its person's caps; null when nothing is added. Lent by
 * `scratch`, of which `stored` is no part.
 */
export function holdExposures(
  stored: Uint8Array | null,
  { nowMs, reservations, granted }: Holding,
  scratch: Scratch,
): Buffer | null {
  const size = stored === null ? 0 : stored.length;
  const log = scratch.lend(size + reservations.length * EXPOSURE_BYTES);
  const lived = stored === null ? 0 : copyLiveExposures(stored, log, nowMs);
  let length = lived;
  let counted = scratch.lend(length);
  for (let i = 0; i < reservations.length; i++) {
    const { campaignKey, bidKey, rules, expiresAtMs } = reservations[i]!;
    const seen = exposureState(counted, campaignKey, bidKey, nowMs) !== 0;
    // A full log is a capped person, also for a campaign without rules: else an old entry were lost.
    const hasRoom = length < EXPOSURES_MAX * EXPOSURE_BYTES;
    const grant = seen || (hasRoom && capsAllow(counted, campaignKey, rules, nowMs));
    granted.push(grant);
    if (!grant || seen) continue;
    writeExposure(log, length, { campaignKey, bidKey, state: RESERVED, atMs: expiresAtMs });
    length += EXPOSURE_BYTES;
    counted = scratch.lend(length);
  }
  return length > lived ? counted : null;
}
