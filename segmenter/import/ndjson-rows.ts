/** NDJSON: one JSON object a line, from decoded text, a chunk at a time. */
import type { TextRow } from './csv-rows.ts';

const LINE_CHARS_MAX = 1 << 20;

export class NdjsonReader {
  readonly #keys: readonly string[];
  #rest = '';
  #line = 1;

  /** Rows hold the values of these keys, in this order; '' where a key is absent or null. */
  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  push(text: string, last: boolean): TextRow[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = last ? '' : (lines.pop() ?? '');
    if (this.#rest.length > LINE_CHARS_MAX) {
      lines.push(this.#rest.slice(0, LINE_CHARS_MAX));
      this.#rest = '';
    }
    const rows: TextRow[] = [];
    for (const raw of lines) {
      const line = this.#line++;
      if (raw.trim() !== '') rows.push(this.#row(raw, line));
    }
    return rows;
  }

  #row(raw: string, line: number): TextRow {
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      return { line, fields: null, problem: 'the line is not valid JSON (is it cut off?)', raw };
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { line, fields: null, problem: 'expected one JSON object a line', raw };
    }
    const fields: string[] = [];
    for (const key of this.#keys) {
      const text = Object.hasOwn(value, key)
        ? cellText((value as Record<string, unknown>)[key])
        : '';
      if (text === null) {
        return { line, fields: null, problem: `${key}: expected a text or an exact number`, raw };
      }
      fields.push(text);
    }
    return { line, fields, problem: '', raw };
  }
}

/** A JSON value as the text of a cell; null for what has no exact text. */
function cellText(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return null;
  // JSON.parse has already rounded a longer integer: an order id must be given as a string then.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? null : String(value);
}
