import { pipeline } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { type FeedField, type FeedRow, feedField } from './feed-item.ts';
import { FeedUnreadable, SUPPORTED_FORMATS } from './feed-unreadable.ts';

export interface FeedRecord {
  /** Where the record begins, from 1. */
  readonly line: number;
  readonly column?: number;
  /** Why the record cannot be read, or null. */
  readonly problem: string | null;
  readonly row: FeedRow;
}

const RECORD_LENGTH_MAX = 1 << 20;
const DELIMITERS = [',', '\t', ';', '|'];
const REQUIRED: readonly FeedField[] = ['id', 'title', 'link', 'image_link', 'price'];

/**
 * Records of a CSV or TSV feed with a header line; `start` is the beginning of its text, which
 * tells the delimiter. Throws FeedUnreadable.
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  start: string,
  file: string,
): AsyncGenerator<FeedRecord> {
  const parser = parse({
    delimiter: delimiterOf(start),
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: RECORD_LENGTH_MAX,
  });
  // An error of the text ends the parser too, and so the loop below reports it.
  pipeline(text, parser, () => {});
  let fields: readonly (FeedField | null)[] | null = null;
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRow>) {
      if (fields === null) fields = readHeader(record, { file, line });
      else yield toRecord(record, fields, line);
      line = info.lines + 1;
    }
  } catch (error) {
    if (error instanceof FeedUnreadable) throw error;
    throw csvProblem(error as CsvError, { file, line });
  }
  if (fields === null) throw new FeedUnreadable('the feed is empty', { file, line: 1 });
}

interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The delimiter that stands most often in the first line. */
function delimiterOf(start: string): string {
  const header = start.split(/\r?\n/, 1)[0]!;
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

function readHeader(
  names: readonly string[],
  at: { file: string; line: number },
): readonly (FeedField | null)[] {
  const fields = names.map(feedField);
  const missing = REQUIRED.filter((field) => !fields.includes(field));
  if (missing.length === 0) return fields;
  const found = JSON.stringify(names.join(', ').slice(0, 120));
  throw new FeedUnreadable(
    `the header has no ${missing.join(', ')}; found ${found}; ${SUPPORTED_FORMATS}`,
    at,
  );
}

function toRecord(
  values: readonly string[],
  fields: readonly (FeedField | null)[],
  line: number,
): FeedRecord {
  const row = new Map<FeedField, string>();
  fields.forEach((field, i) => {
    const value = values[i];
    if (field !== null && value !== undefined && !row.has(field)) row.set(field, value);
  });
  const problem =
    values.length === fields.length
      ? null
      : `the line has ${values.length} values, the header ${fields.length}`;
  return { line, problem, row };
}

function csvProblem(error: CsvError, at: { file: string; line: number }): FeedUnreadable {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new FeedUnreadable('a quoted value that begins here or later is never closed', at);
  }
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return new FeedUnreadable(`a record is longer than ${RECORD_LENGTH_MAX} characters`, at);
  }
  return new FeedUnreadable(error.message, at);
}
