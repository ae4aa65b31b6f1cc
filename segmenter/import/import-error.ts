/** A file or mapping that cannot be imported at all; the message says what, where and what to do. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
