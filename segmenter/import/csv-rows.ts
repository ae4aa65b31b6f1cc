/**
 * CSV (RFC 4180) from decoded text, a chunk at a time. A test holds it to csv-parse; it stands in
 * for it because it keeps each row's raw text for the report of rejected rows, goes on with the
 * next line after a bad quote, and is many times faster on the files that decide how long an import takes.
 */

/** A row of a file as it stands there, before anybody asks what it means. */
export interface TextRow {
  /** Of the first character of the row, from 1. */
  readonly line: number;
  /** Null when the row cannot be split; `problem` says why. */
  readonly fields: readonly string[] | null;
  readonly problem: string;
  readonly raw: string;
}

/** A row longer than this is taken for an unclosed quote. */
const ROW_CHARS_MAX = 65_536;

/** Text of a file with whole rows in it, to be read by whoever has time. */
export interface TextPiece {
  /** Reaches past `end`: whether a quote is closed is seen further on. */
  readonly text: string;
  /** Where the piece's last row ends. */
  readonly end: number;
  /** Of the first row in the file, from 1. */
  readonly line: number;
  /** Rows of the file that come before, where several may stand on one line. */
  readonly rowsBefore?: number;
  /** Whether the file ends with this text. */
  readonly last: boolean;
}

/** Cuts a file between rows, which takes a fraction of reading them. */
export class CsvCutter {
  readonly #delimiter: string;
  #rest = '';
  #line = 1;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The rows that end within this text; what is left waits for the next. */
  push(text: string, last: boolean): TextPiece {
    const buffer = this.#rest + text;
    const line = this.#line;
    const end = buffer.includes('"') ? this.#quotedEnd(buffer, last) : this.#plainEnd(buffer, last);
    this.#rest = buffer.slice(end);
    return { text: buffer, end, line, last };
  }

  #plainEnd(buffer: string, last: boolean): number {
    const end = buffer.lastIndexOf('\n') + 1;
    this.#line += newlinesIn(buffer);
    if (!last && buffer.length - end <= ROW_CHARS_MAX) return end;
    if (end < buffer.length) this.#line++;
    return buffer.length;
  }

  #quotedEnd(buffer: string, last: boolean): number {
    const scanner = new RowScanner({ text: buffer, line: this.#line, last }, this.#delimiter);
    let at = 0;
    while (at < buffer.length) {
      const next = scanner.rowAt(at, null);
      if (next === WAIT) break;
      at = next;
    }
    this.#line = scanner.line;
    return at;
  }
}

/** The rows of a piece that a CsvCutter with this delimiter has cut. */
export function csvRows(piece: TextPiece, delimiter: string): TextRow[] {
  const scanner = new RowScanner(piece, delimiter);
  const rows: TextRow[] = [];
  for (let at = 0; at < piece.end; ) at = scanner.rowAt(at, rows);
  return rows;
}

class RowScanner {
  readonly #text: string;
  readonly #last: boolean;
  readonly #delimiter: string;
  /** Of the row that comes next. */
  line: number;

  constructor({ text, line, last }: Omit<TextPiece, 'end'>, delimiter: string) {
    this.#text = text;
    this.#last = last;
    this.#delimiter = delimiter;
    this.line = line;
  }

  /** Adds the row that starts at `at`, unless only its end is wanted, and returns that, or WAIT. */
  rowAt(at: number, rows: TextRow[] | null): number {
    const buffer = this.#text;
    const newline = buffer.indexOf('\n', at);
    const mayGoOn = !this.#last && buffer.length - at <= ROW_CHARS_MAX;
    if (newline === -1 && mayGoOn) return WAIT;
    const end = newline === -1 ? buffer.length : newline;
    const raw = withoutReturn(buffer, at, end);
    const next = newline === -1 ? buffer.length : newline + 1;
    if (!raw.includes('"')) {
      if (raw !== '') rows?.push(this.#row(raw.split(this.#delimiter), raw));
      this.line++;
      return next;
    }
    const quoted = splitQuoted(buffer, at, this.#delimiter);
    // What ends with the text may go on in the next one: a doubled quote, the rest of a line end.
    const cut = quoted.end === WAIT || quoted.end >= buffer.length - 1;
    if (cut && newline !== quoted.end && mayGoOn) return WAIT;
    if (quoted.fields === null) {
      rows?.push({ line: this.line, fields: null, problem: quoted.problem, raw });
      this.line++;
      return next;
    }
    const text = withoutReturn(buffer, at, Math.min(quoted.end, buffer.length));
    rows?.push(this.#row(quoted.fields, text));
    this.line += 1 + newlinesIn(text);
    return quoted.end + 1;
  }

  #row(fields: readonly string[], raw: string): TextRow {
    return { line: this.line, fields, problem: '', raw };
  }
}

const WAIT = -1;

interface QuotedRow {
  /** Index of the newline that ends the row, or the text's length; WAIT when a quote is open. */
  readonly end: number;
  readonly fields: string[] | null;
  readonly problem: string;
}

function splitQuoted(text: string, start: number, delimiter: string): QuotedRow {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    let end: number;
    if (text[at] === '"') {
      const close = closingQuote(text, at + 1, start + ROW_CHARS_MAX);
      if (close === WAIT) return { end: WAIT, fields: null, problem: 'a quote is never closed' };
      end = afterQuote(text, close);
      if (!endsField(text, end, delimiter)) {
        return { end, fields: null, problem: 'text follows a closing quote' };
      }
      fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
    } else {
      end = fieldEnd(text, at, delimiter);
      fields.push(withoutReturn(text, at, end));
    }
    if (text[end] !== delimiter) return { end, fields, problem: '' };
    at = end + 1;
  }
}

/** Where a quoted field ends: a carriage return before the line's end belongs to that. */
function afterQuote(text: string, close: number): number {
  const returned = text[close + 1] === '\r' && (text[close + 2] ?? '\n') === '\n';
  return returned ? close + 2 : close + 1;
}

function endsField(text: string, end: number, delimiter: string): boolean {
  return end >= text.length || text[end] === delimiter || text[end] === '\n';
}

/** Index of the quote that closes a field opened before `at`; WAIT when it is not in sight. */
function closingQuote(text: string, at: number, limit: number): number {
  let from = at;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1 || quote >= limit) return WAIT;
    if (text[quote + 1] !== '"') return quote;
    from = quote + 2;
  }
}

function fieldEnd(text: string, at: number, delimiter: string): number {
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++;
  return end;
}

/** A carriage return before the line's end belongs to the line's end. */
function withoutReturn(text: string, at: number, end: number): string {
  const atLineEnd = end === text.length || text[end] === '\n';
  return text.slice(at, atLineEnd && end > at && text[end - 1] === '\r' ? end - 1 : end);
}

export function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The likeliest delimiter of a header line: the one that splits it most, outside of quotes. */
export function detectDelimiter(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  let best: string = ',';
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const count = bare.split(delimiter).length - 1;
    if (count > most) {
      best = delimiter;
      most = count;
    }
  }
  return best;
}
