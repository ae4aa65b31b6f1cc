/** The zone that times of CRM files are read in. */
import { buildZone, type ZoneOffsets } from '../../rules/local-day.ts';

/** Offsets before are rarely right in any zone database, and no shop has older orders. */
const ZONE_FROM_MS = Date.UTC(1995, 0, 1);
const ZONE_AHEAD_MS = 400 * 86_400_000;

export function importZone(timeZone: string, nowMs: number): ZoneOffsets {
  return buildZone(timeZone, ZONE_FROM_MS, nowMs + ZONE_AHEAD_MS);
}
