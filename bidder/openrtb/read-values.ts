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
/** A space; the other blanks and controls of ASCII come before it. */
const BLANK = 0x20;

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

/** Whether list() would cut it. */
export function isCut(value: unknown, lengthMax: number): boolean {
  return Array.isArray(value) && value.length > lengthMax;
}

/** Whether another of the objects has the id too: a bid could not say which of them it is for. */
export function sharesId(objects: readonly unknown[], own: number, id: string): boolean {
  for (let i = 0; i < objects.length; i++) {
    if (i !== own && text(object(objects[i])['id'], id.length) === id) return true;
  }
  return false;
}

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
  const micros = Math.round(number * MICROS_PER_UNIT);
  // No other number of so few digits is the same double: this is what parsing would find.
  if (typeof value === 'number' && micros / MICROS_PER_UNIT === number) return micros as CpmMicros;
  const exact = parseMicros(typeof value === 'string' ? value : String(number));
  return (exact ?? Math.ceil(number * MICROS_PER_UNIT)) as number as CpmMicros;
}

/**
 * Strings of an array, or of one bare string; empty and overlong ones are left out. The array
 * itself when none is: it is not copied.
 */
export function texts(value: unknown, countMax: number, lengthMax: number): readonly string[] {
  const values = typeof value === 'string' ? [value] : list(value, countMax);
  for (let i = 0; i < values.length; i++) {
    const entry = values[i];
    if (typeof entry !== 'string' || text(entry, lengthMax) === '') {
      return values.map((each) => text(each, lengthMax)).filter((each) => each !== '');
    }
  }
  return values as readonly string[];
}

/** Whole numbers 0..max of an array, or of one bare value; the array itself when there are no others. */
export function wholes(value: unknown, countMax: number, max: number): readonly number[] {
  const values = Array.isArray(value) || !present(value) ? list(value, countMax) : [value];
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== whole(values[i], max, Number.NaN)) {
      return values.map((each) => whole(each, max, Number.NaN)).filter((each) => each >= 0);
    }
  }
  return values as readonly number[];
}

/** `change` of every text; the same array when that changes none. */
export function mapped(
  names: readonly string[],
  change: (name: string) => string,
): readonly string[] {
  for (let i = 0; i < names.length; i++) {
    if (change(names[i]!) !== names[i]) return names.map((name) => change(name));
  }
  return names;
}

/** Without blanks around it, but one of blanks alone as it is: it names nobody, and must not name everybody. */
export function trimmed(name: string): string {
  if (name.charCodeAt(0) > BLANK && name.charCodeAt(name.length - 1) > BLANK) return name;
  return name.trim() || name;
}

/** Whether it is three letters, all capitals: a code as it should be, which need not be changed. */
export function isCode(code: string): boolean {
  return code.length === 3 && isCapital(code, 0) && isCapital(code, 1) && isCapital(code, 2);
}

function isCapital(code: string, at: number): boolean {
  const character = code.charCodeAt(at);
  return character >= 0x41 && character <= 0x5a;
}

/** A currency code in capitals, '' when it is none. */
export function currency(value: unknown): string {
  const code = text(value, 3);
  if (isCode(code)) return code;
  const capitals = code.toUpperCase();
  return isCode(capitals) ? capitals : '';
}
