/**
 * Calendar days of a shop's time zone without asking Intl for each row: the zone's offsets over a
 * span of years are read once, and from then on a day is integer arithmetic, the same in
 * TypeScript and in SQL.
 */
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

/** Offsets of a zone: `offsetsMs[i]` holds from `startsMs[i]` until the next start. */
export interface ZoneOffsets {
  readonly timeZone: string;
  /** Ascending Unix ms; the first is -Infinity, the last offset holds for ever after. */
  readonly startsMs: readonly number[];
  /** Local time minus UTC, ms. */
  readonly offsetsMs: readonly number[];
}

/**
 * Reads the offsets of an IANA zone between two moments (Unix ms). Outside of them the nearest
 * offset applies. Throws RangeError for a name that is no zone.
 */
export function buildZone(timeZone: string, fromMs: number, toMs: number): ZoneOffsets {
  const offsetAt = zoneReader(timeZone);
  const startsMs = [Number.NEGATIVE_INFINITY];
  const offsetsMs = [offsetAt(fromMs)];
  // No zone has two changes within one day, so a probe a day misses none.
  for (let at = fromMs; at < toMs; at += DAY_MS) {
    const next = Math.min(at + DAY_MS, toMs);
    const offset = offsetAt(next);
    if (offset === offsetsMs.at(-1)) continue;
    startsMs.push(changeBetween(offsetAt, at, next));
    offsetsMs.push(offset);
  }
  return { timeZone, startsMs, offsetsMs };
}

function zoneReader(timeZone: string): (ms: number) => number {
  const format = zoneFormat(timeZone);
  return (ms) => {
    const whole = Math.floor(ms / SECOND_MS) * SECOND_MS;
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(whole)) part[type] = Number(value);
    const local = Date.UTC(
      part['year']!,
      part['month']! - 1,
      part['day']!,
      part['hour']!,
      part['minute']!,
      part['second']!,
    );
    return local - whole;
  };
}

/** There are some 600 zones, and making a formatter costs as much as fifty uses of it. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  const made = FORMATS.get(timeZone);
  if (made !== undefined) return made;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  FORMATS.set(timeZone, format);
  return format;
}

/** First ms at which the offset is that of `toMs`; changes happen on whole seconds. */
function changeBetween(offsetAt: (ms: number) => number, fromMs: number, toMs: number): number {
  const after = offsetAt(toMs);
  let low = Math.floor(fromMs / SECOND_MS);
  let high = Math.ceil(toMs / SECOND_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * SECOND_MS) === after) high = middle;
    else low = middle;
  }
  return high * SECOND_MS;
}

/** The shop's calendar day of a moment (Unix ms), in days since 1970-01-01. */
export function localDay(zone: ZoneOffsets, ms: number): number {
  return Math.floor((ms + offsetMs(zone, ms)) / DAY_MS);
}

function offsetMs(zone: ZoneOffsets, ms: number): number {
  let i = zone.startsMs.length - 1;
  while (ms < zone.startsMs[i]!) i--;
  return zone.offsetsMs[i]!;
}

/** The shop's calendar day of a moment (Unix ms), as `2026-11-22`. */
export function localDate(zone: ZoneOffsets, ms: number): string {
  return dayToDate(localDay(zone, ms));
}

/** A day number as `2026-11-22`. */
export function dayToDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The year and the month, from 1, that a day number lies in. */
export function monthOfDay(day: number): { readonly year: number; readonly month: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
}

/** The day number of a date; a month of 0 or 13 is that of the year before or after. */
export function dayOfDate(year: number, month: number, dayOfMonth: number): number {
  return Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;
}

/**
 * First moment (Unix ms) of a local day. Where the clock skips midnight it is the first moment
 * after the gap; for a day that a zone skipped whole, the first moment of the next one.
 */
export function startOfDayMs(zone: ZoneOffsets, day: number): number {
  for (let i = 0; i < zone.startsMs.length; i++) {
    const start = Math.max(day * DAY_MS - zone.offsetsMs[i]!, zone.startsMs[i]!);
    if (start < (zone.startsMs[i + 1] ?? Number.POSITIVE_INFINITY)) return start;
  }
  throw new Error('unreachable: the last offset holds for ever');
}

/**
 * SQL for localDay of a BIGINT column of Unix ms. The dividend is a whole multiple of the divisor,
 * so engines whose `/` is fractional and engines whose `/` truncates agree.
 */
export function localDaySql(column: string, zone: ZoneOffsets): string {
  const last = zone.startsMs.length - 1;
  let offset = String(zone.offsetsMs[0]);
  if (last > 0) {
    const whens: string[] = [];
    // Newest first: most orders are recent.
    for (let i = last; i > 0; i--) {
      whens.push(`WHEN ${column} >= ${zone.startsMs[i]} THEN ${zone.offsetsMs[i]}`);
    }
    offset = `CASE ${whens.join(' ')} ELSE ${offset} END`;
  }
  const local = `(${column} + ${offset})`;
  const remainder = `((${local} % ${DAY_MS} + ${DAY_MS}) % ${DAY_MS})`;
  return `CAST((${local} - ${remainder}) / ${DAY_MS} AS INTEGER)`;
}
