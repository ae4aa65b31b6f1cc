import { Failure } from '../platform/failure.ts';
import { buildZone, localDate, localDay, startOfDayMs } from '../rules/local-day.ts';

const TWO_DAYS_MS = 2 * 86_400_000;

/**
 * What is published decides bids from now on: rules as of a day that has not come decide them wrong. Throws
 * Failure from the end of the shop's today on.
 */
export function refuseLaterDay({
  asOfMs,
  nowMs,
  timeZone,
}: {
  readonly asOfMs: number;
  readonly nowMs: number;
  /** IANA zone of the shop. */
  readonly timeZone: string;
}): void {
  const zone = buildZone(timeZone, nowMs, nowMs + TWO_DAYS_MS);
  if (asOfMs < startOfDayMs(zone, localDay(zone, nowMs) + 1)) return;
  throw new Failure(
    'failed-check',
    `--as-of ${new Date(asOfMs).toISOString()} is later than today, ${localDate(zone, nowMs)} in ${timeZone}: ` +
      'bids would go by that day from now on. If that is meant, run again with --force',
  );
}
