/** NDJSON: one JSON object a line, from decoded text, a chunk at a time. */
import { newlinesIn, type TextPiece, type TextRow } from './csv-rows.ts';

/** A longer line is cut. */
export const LINE_CHARS_MAX = 1 << 20;

/** Cuts a file between lines. */
export class NdjsonCutter {
  #rest = '';
  #line = 1;

  push(text: string, last: boolean): TextPiece {
    const buffer = this.#rest + text;
    const line = this.#line;
    const lines = buffer.lastIndexOf('\n') + 1;
    const rest = last ? '' : buffer.slice(lines);
    const tooLong = rest.length > LINE_CHARS_MAX;
    this.#rest = tooLong ? '' : rest;
    const end = tooLong ? lines + LINE_CHARS_MAX : buffer.length - rest.length;
    this.#line += newlinesIn(buffer) + (tooLong ? 1 : 0);
    return { text: buffer.slice(0, end), end, line, last };
  }
}

/**
 * The rows of a piece that an NdjsonCutter has cut. They hold the values of these keys, in this
 * order; '' where a key is absent or null.
 */
export function ndjsonRows(piece: TextPiece, keys: readonly string[]): TextRow[] {
  const rows: TextRow[] = [];
  let line = piece.line;
  for (const raw of piece.text.split('\n')) {
    if (raw.trim() !== '') rows.push(jsonRow(raw, line, keys));
    line++;
  }
  return rows;
}

/** One JSON object as a row; a list in it is a cell of several values (cellText). */
export function jsonRow(raw: string, line: number, keys: readonly string[]): TextRow {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return { line, fields: null, problem: 'not valid JSON (is it cut off?)', raw };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, fields: null, problem: 'expected a JSON object', raw };
  }
  const fields: string[] = [];
  for (const key of keys) {
    const text = cellText(valueAt(value, key));
    if (text === null) {
      return { line, fields: null, problem: noExactText(key), raw };
    }
    fields.push(text);
  }
  return { line, fields, problem: '', raw };
}

/** The cells of a JSON object for looking at: what has no text as a cell is there as JSON. Null for no object. */
export function shownCells(raw: string, keys: readonly string[]): string[] | null {
  if (jsonRow(raw, 0, []).fields === null) return null;
  const row: unknown = JSON.parse(raw);
  return keys.map((key) => {
    const value = valueAt(row, key);
    return cellText(value) ?? jsonText(value) ?? '';
  });
}

/** Why a row is none whose value has no text as a cell. */
export function noExactText(key: string): string {
  return `${key}: expected a text or an exact number`;
}

/** The value of a key, or of a path such as `customer.id`; a list on its way gives a list. */
function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const found = value.map((item) => (Array.isArray(item) ? null : valueAt(item, path)));
    return found.filter((item) => item !== undefined);
  }
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path];
  const dot = path.indexOf('.');
  if (dot === -1) return undefined;
  return valueAt(valueAt(value, path.slice(0, dot)), path.slice(dot + 1));
}

/**
 * A JSON value as the text of a cell: lists as `a,b` and objects as `key:value,key:value`, as CSV
 * files write several values; lists of retailCRM's items as JSON. Null for what has no exact text.
 */
function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return scalarText(value);
  if (Array.isArray(value) && value.some(isItem)) return jsonText(value);
  return severalText(value);
}

/** Null for what is nested deeper than it can be written: parsing has no such limit. */
function jsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function severalText(value: object): string | null {
  const parts: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    const text = typeof item === 'object' ? null : scalarText(item);
    if (text === null || text.includes(',') || key.includes(',')) return null;
    parts.push(Array.isArray(value) ? text : `${key}:${text}`);
  }
  return parts.join(',');
}

function isItem(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('offer' in value || 'quantity' in value);
}

/** Null for what has no exact text. */
export function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return null;
  // JSON.parse has already rounded a longer integer: an order id must be given as a string then.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? null : String(value);
}
