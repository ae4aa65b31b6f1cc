import type { RejectSummary } from './reject-log.ts';

export interface RefusedFile {
  readonly file: string;
  readonly linesRead: number;
  readonly rejected: RejectSummary;
}

/** A file or mapping that cannot be imported at all; the message says what, where and what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  /** The message as it may be kept and shown: without any cell of the file. */
  readonly withoutCells: string;

  /** Of a file that has too many bad rows. */
  readonly refused: RefusedFile | null;

  constructor(message: string, withoutCells = message, refused: RefusedFile | null = null) {
    super(message);
    this.withoutCells = withoutCells;
    this.refused = refused;
  }
}
