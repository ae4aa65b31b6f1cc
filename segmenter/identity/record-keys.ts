/** By which columns records are linked, and how a cell becomes a value that is compared exactly. */
import type { CountryCode } from 'libphonenumber-js/max';
import { normaliseEmail } from './normalise-email.ts';
import { normalisePhone } from './normalise-phone.ts';
import { isPlaceholderEmail, isPlaceholderId, isPlaceholderPhone } from './placeholder-values.ts';

/** One column, or several that must all be the same. */
export interface RecordKey {
  /** As it was asked for: `email`, `surname+date_of_birth`. */
  readonly key: string;
  readonly columns: readonly string[];
}

/** What became of the cells of a key: a value, or why there is none. */
export type KeyValue =
  | { readonly value: string }
  | { readonly lacking: 'empty' | 'unreadable' | 'placeholder' };

const JOINED_COLUMNS = '+';
/** ASCII's unit separator: nobody types it. */
const BETWEEN_VALUES = '\u001f';

const EMAIL_COLUMN = /e-?mail|почта/iu;
const PHONE_COLUMN = /phone|mobile|(?:^|[^a-z])tel(?:[^a-z]|$)|телефон/iu;

export function recordKey(key: string): RecordKey {
  return { key, columns: key.split(JOINED_COLUMNS).map((column) => column.trim()) };
}

/**
 * The value of a record's cells, in the order of the key's columns. Columns named like an e-mail or
 * a phone are read as such, numbers without a country's code as of `region`; others are trimmed.
 */
export function keyValue(
  { columns }: RecordKey,
  cells: readonly string[],
  region: CountryCode | null,
): KeyValue {
  const values: string[] = [];
  for (let i = 0; i < columns.length; i++) {
    const read = columnValue(columns[i]!, cells[i]!.trim(), region);
    if ('lacking' in read) return read;
    values.push(read.value);
  }
  return { value: values.join(BETWEEN_VALUES) };
}

/** A value as people read it. */
export function shownValue(value: string): string {
  return value.replaceAll(BETWEEN_VALUES, ' + ');
}

function columnValue(column: string, cell: string, region: CountryCode | null): KeyValue {
  if (cell === '') return { lacking: 'empty' };
  if (EMAIL_COLUMN.test(column)) return readValue(normaliseEmail(cell), isPlaceholderEmail);
  if (PHONE_COLUMN.test(column)) return readValue(normalisePhone(cell, region), isPlaceholderPhone);
  return readValue(cell, isPlaceholderId);
}

function readValue(value: string | null, isPlaceholder: (value: string) => boolean): KeyValue {
  if (value === null) return { lacking: 'unreadable' };
  return isPlaceholder(value) ? { lacking: 'placeholder' } : { value };
}
