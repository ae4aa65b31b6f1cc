/** Names of a rule as SQL literals that every engine reads alike. */

// Backslash is an escape in some engines and plain text in others; control characters break tools.
const UNSAFE_LITERAL = /[\\\p{Cc}\p{Cs}]/u;

/** True for a name that stands for itself between quotes in every engine. */
export function isSqlSafe(text: string): boolean {
  return !UNSAFE_LITERAL.test(text);
}

/** Throws for a text that is not isSqlSafe: the file loader refuses such names. */
export function quoted(text: string): string {
  if (!isSqlSafe(text))
    throw new Error(`a name in a rule cannot be written in SQL: ${JSON.stringify(text)}`);
  return `'${text.replaceAll("'", "''")}'`;
}
