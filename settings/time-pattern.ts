/** `time_format:` of an import as parts, apart from the schemas: threads that read rows need no zod. */
const PATTERN_PART = /yyyy|yy|MM|M|dd|d|HH|H|mm|ss|[^A-Za-z]/y;

/** The fields and the literal characters of a time pattern in order; null when it is none. */
export function timePatternParts(pattern: string): readonly string[] | null {
  const parts: string[] = [];
  PATTERN_PART.lastIndex = 0;
  while (PATTERN_PART.lastIndex < pattern.length) {
    const part = PATTERN_PART.exec(pattern)?.[0];
    if (part === undefined) return null;
    parts.push(part);
  }
  const fields = parts.map((part) => part.charAt(0)).filter((letter) => /[yMdHms]/.test(letter));
  const dated = ['y', 'M', 'd'].every((letter) => fields.includes(letter));
  return dated && new Set(fields).size === fields.length ? parts : null;
}
