/** A feed that cannot be used at all. The message says file, line, what is wrong, what was expected. */
export class FeedUnreadable extends Error {
  override readonly name = 'FeedUnreadable';
  readonly file: string;
  /** From 1. */
  readonly line: number;

  constructor(problem: string, at: { file: string; line: number; column?: number }) {
    const column = at.column === undefined ? '' : `:${at.column}`;
    super(`${at.file}:${at.line}${column}: ${problem}`);
    this.file = at.file;
    this.line = at.line;
  }
}

export const SUPPORTED_FORMATS =
  'supported are Google Merchant XML (RSS 2.0 or Atom) and CSV or TSV with the columns id, title, link, image_link, price; each may be gzipped';
