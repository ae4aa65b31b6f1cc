/** Fewer distinct days of orders say nothing about an interval of one's own. */
const CYCLE_DAYS_MIN = 3;

/**
 * The median interval between distinct days, in half days (so that a median between two whole
 * numbers stays whole): the sum of the two middle gaps, or twice the middle one. `days` are the
 * days of valid orders in any order; null with fewer than three distinct days.
 */
export function cycleHalfDays(days: readonly number[]): number | null {
  const distinct = [...new Set(days)].sort((a, b) => a - b);
  if (distinct.length < CYCLE_DAYS_MIN) return null;
  const gaps = distinct.slice(1).map((day, i) => day - distinct[i]!);
  gaps.sort((a, b) => a - b);
  return gaps[Math.floor((gaps.length - 1) / 2)]! + gaps[Math.floor(gaps.length / 2)]!;
}
