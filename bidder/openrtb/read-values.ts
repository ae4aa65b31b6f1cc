/**
 * Total readers of untrusted JSON values: each returns a value of its type whatever it is given.
 * Numbers as text, floats in whole fields and booleans as 0/1 are common on the wire and accepted.
 */
import { type CpmMicros, MICROS_PER_UNIT, parseMicros } from '../../proto/micros.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const EMPTY: JsonObject = Object.freeze(Object.create(null) as JsonObject);
const NUMBER_TEXT_LENGTH_MAX = 24;
/** A floor beyond this many currency units per 1000 is a mistake, not a price. */
const CPM_UNITS_MAX = 1_000_000;

/** The value when it is an object, else an object without fields. Arrays are no objects. */
export function object(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : EMPTY;
}

export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first `lengthMax` elements of an array; none when it is no array. */
export function list(value: unknown, lengthMax: number): readonly unknown[] {
  if (!Array.isArray(value)) return NONE;
  return value.length <= lengthMax ? value : value.slice(0, lengthMax);
}
const NONE: readonly unknown[] = Object.freeze([]);

/** A string of 1..lengthMax characters, or a number as its text; '' for everything else. */
export function text(value: unknown, lengthMax: number): string {
  if (typeof value === 'string') return value.length <= lengthMax ? value : '';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return '';
}

/** A whole number in 0..max; `fallback` for everything else. Fractions are cut. */
export function whole(value: unknown, max: number, fallback: number): number {
  const number = finite(value);
  return number >= 0 && number <= max ? Math.trunc(number) : fallback;
}

/** A finite number of a number, numeric text or boolean; NaN for everything else. */
export function finite(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && value !== '' && value.length <= NUMBER_TEXT_LENGTH_MAX) {
    const number = Number(value);
    return Number.isFinite(number) && value.trim() === value ? number : Number.NaN;
  }
  return Number.NaN;
}

/** Whether a field is there at all: null counts as absent. */
export function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/**
 * A floor as CPM micros, rounded up so that a bid on it is never under it; -1 when it cannot be
 * read. The shortest text of a double is what the exchange wrote, so it is read as decimal.
 */
export function floorCpmMicros(value: unknown): CpmMicros | -1 {
  if (!present(value)) return 0 as CpmMicros;
  const number = finite(value);
  if (!(number <= CPM_UNITS_MAX)) return -1;
  if (number <= 0) return 0 as CpmMicros;
  const exact = parseMicros(typeof value === 'string' ? value : String(number));
  return (exact ?? Math.ceil(number * MICROS_PER_UNIT)) as number as CpmMicros;
}

/** Strings of an array, or of one bare string; empty and overlong ones are left out. */
export function texts(value: unknown, countMax: number, lengthMax: number): string[] {
  const found: string[] = [];
  if (typeof value === 'string') {
    if (value !== '' && value.length <= lengthMax) found.push(value);
    return found;
  }
  const values = list(value, countMax);
  for (let i = 0; i < values.length; i++) {
    const entry = text(values[i], lengthMax);
    if (entry !== '') found.push(entry);
  }
  return found;
}

/** Whole numbers 0..max of an array; others are left out. */
export function wholes(value: unknown, countMax: number, max: number): number[] {
  const found: number[] = [];
  const values = list(value, countMax);
  for (let i = 0; i < values.length; i++) {
    const number = whole(values[i], max, -1);
    if (number >= 0) found.push(number);
  }
  return found;
}
