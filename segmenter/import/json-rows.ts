/**
 * A JSON array of objects, bare or as the one list of an object (`{"contacts": [...]}`, as Metrica's
 * upload takes it and retailCRM's API answers it), from decoded text, a chunk at a time.
 */
import { newlinesIn, type TextPiece, type TextRow } from './csv-rows.ts';
import { ImportError } from './import-error.ts';
import { jsonRow } from './ndjson-rows.ts';

const LISTS = 'contacts|orders|simple_orders|customers|devices|events|conversions|calls|data|rows';
const OPENING = new RegExp(
  String.raw`^\s*(?:\[|\{\s*(?:"success"\s*:\s*true\s*,\s*)?(?:"pagination"\s*:\s*\{[^{}]*\}\s*,\s*)?"(?:${LISTS})"\s*:\s*\[)`,
);

/** Where the first element of a JSON list may stand in a file that begins so; -1 when it is none. */
export function jsonListStart(text: string): number {
  return OPENING.exec(text)?.[0].length ?? -1;
}

/** A longer element is taken for a bracket or a quote that is never closed. */
const ELEMENT_CHARS_MAX = 1 << 20;

/** Cuts a file between elements of its list. */
export class JsonCutter {
  readonly #name: string;
  #rest = '';
  #line = 1;
  #rows = 0;
  #place: 'before' | 'first' | 'element' | 'comma' | 'after' = 'before';
  /** What has to follow the list. */
  #closing = '';

  /** `name` is the file's, for errors. */
  constructor(name: string) {
    this.#name = name;
  }

  /** The first text must reach past the list's opening. Throws ImportError for a list that is none. */
  push(text: string, last: boolean): TextPiece {
    const buffer = this.#rest + text;
    const start = this.#place === 'before' ? this.#open(buffer) : 0;
    const line = this.#line + newlinesIn(buffer.slice(0, start));
    const rowsBefore = this.#rows;
    const end = this.#elementsEnd(buffer, start);
    this.#line += newlinesIn(buffer.slice(0, end));
    this.#rest = buffer.slice(end);
    if (this.#place === 'after') this.#close(last);
    else if (last) throw this.#error('the JSON list is never closed: is the file cut off?');
    else if (this.#rest.length > ELEMENT_CHARS_MAX) {
      throw this.#error(`a row of over ${ELEMENT_CHARS_MAX} characters: is a quote never closed?`);
    }
    return { text: buffer.slice(start, end), end: end - start, line, rowsBefore, last };
  }

  #open(buffer: string): number {
    const start = jsonListStart(buffer);
    this.#closing = buffer.trimStart().startsWith('{') ? '}' : '';
    this.#place = 'first';
    return start;
  }

  /** Where the last whole element, or the list, ends. */
  #elementsEnd(buffer: string, start: number): number {
    let at = pastBlanks(buffer, start);
    while (at < buffer.length && this.#place !== 'after') {
      const comma = this.#place === 'comma';
      const next = comma ? this.#pastComma(buffer, at) : this.#pastElement(buffer, at);
      if (next === UNENDED) return at;
      at = pastBlanks(buffer, next);
    }
    return at;
  }

  #pastComma(buffer: string, at: number): number {
    const code = buffer.charCodeAt(at);
    if (code !== COMMA && code !== CLOSE_LIST) {
      throw this.#error('expected a comma between two rows', buffer, at);
    }
    this.#place = code === COMMA ? 'element' : 'after';
    return at + 1;
  }

  #pastElement(buffer: string, at: number): number {
    const code = buffer.charCodeAt(at);
    if (code === CLOSE_LIST && this.#place === 'first') {
      this.#place = 'after';
      return at + 1;
    }
    if (code === COMMA || code === CLOSE_LIST) {
      throw this.#error('expected a row before and after each comma', buffer, at);
    }
    const end = valueEnd(buffer, at);
    if (end === UNENDED) return end;
    this.#place = 'comma';
    this.#rows++;
    return end;
  }

  #close(last: boolean): void {
    const tail = this.#rest.trim();
    if (tail !== '' && tail !== this.#closing) {
      throw this.#error(`expected ${this.#closing || 'nothing'} after the list`);
    }
    if (last && tail !== this.#closing) throw this.#error('the file is cut off after its list');
  }

  #error(what: string, buffer = '', at = 0): ImportError {
    const line = this.#line + newlinesIn(buffer.slice(0, at));
    return new ImportError(`${this.#name}:${line}: ${what}`);
  }
}

/** The rows of a piece that a JsonCutter has cut; as ndjsonRows(). */
export function jsonRows(piece: TextPiece, keys: readonly string[]): TextRow[] {
  const { text } = piece;
  const rows: TextRow[] = [];
  let line = piece.line;
  let at = 0;
  for (;;) {
    const start = pastSeparators(text, at);
    if (start === text.length || text.charCodeAt(start) === CLOSE_LIST) return rows;
    line += newlinesIn(text.slice(at, start));
    const end = valueEnd(text, start);
    at = end === UNENDED ? text.length : end;
    const raw = text.slice(start, at);
    rows.push(jsonRow(raw, line, keys));
    line += newlinesIn(raw);
  }
}

const UNENDED = -1;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where the value that begins at `at` ends; UNENDED when that is further on. */
function valueEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = closingQuote(text, i + 1);
    // A bare value ends with what comes after it.
    else if (depth === 0 && i > at && endsBare(code)) return i;
    else {
      const turn = turnOf(code);
      depth += turn;
      if (turn < 0 && depth <= 0) return i + 1;
    }
  }
  return UNENDED;
}

function endsBare(code: number): boolean {
  return code === COMMA || code === CLOSE_LIST;
}

/** How much deeper a sign leads. */
function turnOf(code: number): number {
  if (code === OPEN_OBJECT || code === OPEN_LIST) return 1;
  return code === CLOSE_OBJECT || code === CLOSE_LIST ? -1 : 0;
}

/** Where a text that has begun before `from` ends; the length when that is further on. */
function closingQuote(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at;
}

function pastBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return at;
}

/** The cutter has seen that one comma stands between two rows. */
function pastSeparators(text: string, from: number): number {
  let at = pastBlanks(text, from);
  while (text.charCodeAt(at) === COMMA) at = pastBlanks(text, at + 1);
  return at;
}
