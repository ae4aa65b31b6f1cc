/**
 * Attributes of a row, typed, on their way to staging: every one as a text, '' where the row says
 * nothing. A number is its micros, a date its day since 1970-01-01, a list its values between
 * VALUE_SEPARATOR.
 */
import type { ZoneOffsets } from '../../rules/local-day.ts';
import type { AttributeMapping } from '../../settings/attribute-mapping.ts';
import { decimalReader } from './decimal-number.ts';
import type { CellProblem } from './order-columns.ts';
import { dayReader } from './time-reader.ts';

export const VALUE_SEPARATOR = '\u001e';

/** Staged columns of attributes, in the order of the mapping's names. */
export function attributeColumns(mapping: AttributeMapping): readonly string[] {
  return Object.keys(mapping).map((_, i) => `attribute_${i}`);
}

const TEXT_CHARS_MAX = 255;
const LIST_VALUES_MAX = 100;

/** A cell as staged, or null with what was expected. */
type CellReader = (text: string) => string | null;

interface AttributeCell {
  readonly column: string;
  readonly expected: string;
  readonly read: CellReader;
}

/** Texts in the order of the mapping's names; `places` are those of its columns among the cells. */
export type AttributesReader = (
  cells: readonly string[],
  places: readonly number[],
) => readonly string[] | CellProblem;

/** Compiles a mapping once for all rows. */
export function attributesReader(mapping: AttributeMapping, zone: ZoneOffsets): AttributesReader {
  const readers = Object.values(mapping).map((attribute) => cellOf(attribute, zone));
  if (readers.length === 0) return () => NO_ATTRIBUTES;
  return (cells, places) => {
    const texts: string[] = [];
    for (let i = 0; i < readers.length; i++) {
      const value = cells[places[i]!]!;
      const { column, expected, read } = readers[i]!;
      const cell = value.trim();
      const text = cell === '' ? '' : read(cell);
      if (text === null) return { column, reason: `expected ${expected}`, value };
      texts.push(text);
    }
    return texts;
  };
}

const NO_ATTRIBUTES: readonly string[] = [];

function cellOf(attribute: AttributeMapping[string], zone: ZoneOffsets): AttributeCell {
  const { column } = attribute;
  switch (attribute.type) {
    case 'text':
      return { column, expected: `at most ${TEXT_CHARS_MAX} characters`, read: readText };
    case 'number':
      return { column, expected: 'a number', read: numberReader(attribute.decimal) };
    case 'date': {
      const readDay = dayReader(attribute.format, zone);
      const expected = `a date (${attribute.format})`;
      return { column, expected, read: (text) => readDay(text)?.toString() ?? null };
    }
    case 'list': {
      const expected = `at most ${LIST_VALUES_MAX} values of ${TEXT_CHARS_MAX} characters`;
      return { column, expected, read: listReader(attribute.separator) };
    }
  }
}

function readText(text: string): string | null {
  return text.length <= TEXT_CHARS_MAX ? text : null;
}

function numberReader(decimal: '.' | ','): CellReader {
  const number = decimalReader(decimal);
  return (text) => number(text)?.toString() ?? null;
}

function listReader(separator: string): CellReader {
  return (text) => {
    const values = text
      .replaceAll(VALUE_SEPARATOR, ' ')
      .split(separator)
      .map((value) => value.trim())
      .filter((value) => value !== '');
    const isFit = values.length <= LIST_VALUES_MAX && values.every((value) => readText(value));
    return isFit ? values.join(VALUE_SEPARATOR) : null;
  };
}
