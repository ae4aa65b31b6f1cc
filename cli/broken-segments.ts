/** What a build says of segments that are not served as their files have them. */
import type { BuildResult } from '../segmenter/build/build-request.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A line for each that is stale or left out. */
export function brokenLines(
  { segments, leftOut }: Pick<BuildResult, 'segments' | 'leftOut'>,
  nowMs: number,
): readonly string[] {
  return [
    ...segments.flatMap(({ segment, stale }) =>
      stale === null ? [] : [`${segment} as of ${sinceText(stale.sinceMs, nowMs)}: ${stale.error}`],
    ),
    ...leftOut.map(({ file, segment, error }) => `${segment ?? file} is left out: ${error}`),
  ];
}

/** `2026-11-22T12:00Z, 3 days ago`. */
export function sinceText(sinceMs: number, nowMs: number): string {
  const moment = `${new Date(sinceMs).toISOString().slice(0, 16)}Z`;
  const ageMs = Math.max(0, nowMs - sinceMs);
  const days = Math.floor(ageMs / DAY_MS);
  const age = days > 0 ? unitText(days, 'day') : unitText(Math.floor(ageMs / HOUR_MS), 'hour');
  return `${moment}, ${age} ago`;
}

function unitText(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
