/** Times of CRM files as Unix ms. What carries no zone of its own is in the shop's zone. */
import { localDay, type ZoneOffsets } from '../../rules/local-day.ts';
import { timePatternParts } from '../../settings/time-pattern.ts';

/** Unix ms of a text, or null when it is no time in this format between 1970 and 2106. */
export type TimeReader = (text: string) => number | null;

/** Profiles keep seconds in 32 bits. */
const LAST_MS = 4_294_967_295_000;

/** `format` as in import-mapping.ts. Throws for a pattern that the schema would refuse. */
export function timeReader(format: string, zone: ZoneOffsets): TimeReader {
  if (format === 'unix_s') return (text) => unixMs(text, 1000);
  if (format === 'unix_ms') return (text) => unixMs(text, 1);
  if (format === 'iso_or_unix_s') {
    const iso = timeReader('iso', zone);
    return (text) => unixMs(text, 1000) ?? iso(text);
  }
  const read = wallTimeReader(format);
  return (text) => {
    const time = read(text.trim());
    if (time === null) return null;
    const local = localMs(time);
    if (local === null) return null;
    const ms = time.offsetMs === null ? zonedMs(local, zone) : local - time.offsetMs;
    return ms >= 0 && ms <= LAST_MS ? ms : null;
  };
}

/** Why a text is no time: the format, with an example where it is not one itself. */
export function expectedTime(format: string): string {
  const example = TIME_EXAMPLES[format];
  return `expected a time (${example === undefined ? format : `${format}, such as ${example}`})`;
}

const TIME_EXAMPLES: Readonly<Record<string, string>> = {
  iso: '2026-11-30 10:15:00',
  unix_s: '1782900000',
  unix_ms: '1782900000000',
  iso_or_unix_s: '2026-11-30 10:15:00',
  metrica: '2026-11-30 10:15:00 or 30.11.2026',
};

function wallTimeReader(format: string): (text: string) => WallTime | null {
  if (format === 'iso') return readIso;
  return format === 'metrica' ? readMetrica : patternReader(format);
}

/** Days since 1970-01-01 of a text, or null when it is no date in this format of the years 1900 to 2199. */
export type DayReader = (text: string) => number | null;

/** A date is the one that is written, whatever time and zone stand behind it. */
export function dayReader(format: string, zone: ZoneOffsets): DayReader {
  if (format === 'unix_s' || format === 'unix_ms') {
    const factor = format === 'unix_s' ? 1000 : 1;
    return (text) => {
      const ms = unixMs(text, factor);
      return ms === null ? null : localDay(zone, ms);
    };
  }
  if (format === 'iso_or_unix_s') {
    const [unix, iso] = [dayReader('unix_s', zone), dayReader('iso', zone)];
    return (text) => unix(text) ?? iso(text);
  }
  const read = wallTimeReader(format);
  return (text) => {
    const time = read(text.trim());
    if (time === null || time.year < 1900 || time.year > 2199) return null;
    const ms = localMs(time);
    return ms === null ? null : Math.floor(ms / DAY_MS);
  };
}

const DAY_MS = 86_400_000;

const DIGITS = /^\d{1,13}$/;

function unixMs(text: string, factor: number): number | null {
  const trimmed = text.trim();
  if (!DIGITS.test(trimmed)) return null;
  const ms = Number(trimmed) * factor;
  return ms <= LAST_MS ? ms : null;
}

interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  /** Null when the text says nothing of a zone. */
  readonly offsetMs: number | null;
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/;

function readIso(text: string): WallTime | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  return {
    year: Number(match[1]),
    month: Number(match[2]),
    day: Number(match[3]),
    hour: Number(match[4] ?? 0),
    minute: Number(match[5] ?? 0),
    second: Number(match[6] ?? 0),
    ms: Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)),
    offsetMs: isoOffsetMs(match[8]),
  };
}

function isoOffsetMs(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', '') || 0);
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

const DOTTED = /^(\d\d)\.(\d\d)\.(\d{4}|\d\d)(?: (\d\d):(\d\d)(?::(\d\d))?)?$/;
const DATE_CHARS = 10;
const DAY_END = { hour: 23, minute: 59, second: 59 };

/** As Metrica's uploads: an order that has a date alone came before that day ended. */
function readMetrica(text: string): WallTime | null {
  const dotted = DOTTED.exec(text);
  if (dotted === null) {
    const time = readIso(text);
    return time !== null && text.length === DATE_CHARS ? { ...time, ...DAY_END } : time;
  }
  const [, day, month, year, hour, minute, second] = dotted;
  const clock =
    hour === undefined
      ? DAY_END
      : { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) };
  const years = year!.length === 2 ? 2000 + Number(year) : Number(year);
  return { year: years, month: Number(month), day: Number(day), ...clock, ms: 0, offsetMs: null };
}

const FIELD: Readonly<Record<string, string>> = {
  yyyy: '(?<y>\\d{4})',
  yy: '(?<y>\\d{2})',
  MM: '(?<M>\\d{2})',
  M: '(?<M>\\d{1,2})',
  dd: '(?<d>\\d{2})',
  d: '(?<d>\\d{1,2})',
  HH: '(?<H>\\d{2})',
  H: '(?<H>\\d{1,2})',
  mm: '(?<m>\\d{2})',
  ss: '(?<s>\\d{2})',
};

function patternReader(pattern: string): (text: string) => WallTime | null {
  const parts = timePatternParts(pattern);
  if (parts === null) throw new Error(`no time pattern: ${pattern}`);
  const source = parts.map((part) => FIELD[part] ?? part.replace(/[^\w\s]/, '\\$&')).join('');
  const expression = new RegExp(`^${source}$`);
  return (text) => {
    const found = expression.exec(text)?.groups;
    if (found === undefined) return null;
    const year = Number(found['y']);
    return {
      year: found['y']!.length === 2 ? 2000 + year : year,
      month: Number(found['M']),
      day: Number(found['d']),
      hour: Number(found['H'] ?? 0),
      minute: Number(found['m'] ?? 0),
      second: Number(found['s'] ?? 0),
      ms: 0,
      offsetMs: null,
    };
  };
}

/** The wall clock as if it were UTC; null for the 31st of February and its like. */
function localMs(time: WallTime): number | null {
  const ms = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
  const date = new Date(ms);
  const real =
    date.getUTCMonth() === time.month - 1 &&
    date.getUTCDate() === time.day &&
    date.getUTCHours() === time.hour &&
    date.getUTCMinutes() === time.minute &&
    time.second < 60;
  return real ? ms + time.ms : null;
}

/** Of two moments with the same wall clock the first; a wall clock that was skipped is moved on. */
function zonedMs(local: number, zone: ZoneOffsets): number {
  let i = zone.startsMs.length - 1;
  while (local - zone.offsetsMs[i]! < zone.startsMs[i]!) i--;
  if (i > 0) {
    const earlier = local - zone.offsetsMs[i - 1]!;
    if (earlier < zone.startsMs[i]!) return earlier;
  }
  return local - zone.offsetsMs[i]!;
}
