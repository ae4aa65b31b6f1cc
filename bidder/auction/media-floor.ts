import type { DurationFloors } from '../../creative/media-placement.ts';

/**
 * The floor of an ad that long (OpenRTB 2.6, 7.11), or null where no range holds it: then the floor
 * beside these applies. Where several hold it, and where a price per second is set too, the highest.
 */
export function durationFloorCpmMicros(
  { cpmMicrosPerS, ranges }: DurationFloors,
  durationS: number,
): number | null {
  let floor = cpmMicrosPerS > 0 ? cpmMicrosPerS * durationS : -1;
  for (let i = 0; i < ranges.length; i++) {
    const { minS, maxS, floorCpmMicros } = ranges[i]!;
    if (durationS >= minS && durationS <= maxS && floorCpmMicros > floor) floor = floorCpmMicros;
  }
  return floor < 0 ? null : floor;
}
