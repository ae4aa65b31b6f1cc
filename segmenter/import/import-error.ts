/** A file or mapping that cannot be imported at all; the message says what, where and what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  /** The message as it may be kept and shown: without any cell of the file. */
  readonly withoutCells: string;

  constructor(message: string, withoutCells = message) {
    super(message);
    this.withoutCells = withoutCells;
  }
}
