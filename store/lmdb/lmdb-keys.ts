/**
 * How keys are written: as the library writes a string. Ours are plain ASCII, which it writes as it
 * is, but with a run through cases that are none of ours; whatever is not plain is left to it.
 */

/** A string, or its parts between slashes: joining them would make a string for every look-up. */
export type LmdbKey = string | readonly string[];

/** Returns where the key ends in `target`. */
type WriteKey = (key: LmdbKey | Uint8Array, target: Uint8Array, start: number) => number;

const SLASH = 47;
const ASCII_END = 0x80;
/** Control characters are escaped. */
const PLAIN_FROM = 32;
/** The library compares keys four bytes at a time: zeros follow them. */
const ZEROS = 4;

export function writePlainKeys(table: object): void {
  // Missing in the library's types: what its methods write every key with.
  const written = table as { writeKey: WriteKey };
  const writeOther = written.writeKey;
  written.writeKey = (key, target, start) => {
    if (typeof key === 'string')
      return writePlain(key, target, start) || writeOther(key, target, start);
    if (key instanceof Uint8Array) return writeOther(key, target, start);
    return writeParts(key, target, start) || writeOther(key.join('/'), target, start);
  };
}

/** 0 when the key is not plain, or longer than its target. */
function writePlain(key: string, target: Uint8Array, start: number): number {
  return endKey(target, start, writeText(key, target, start));
}

function writeParts(parts: readonly string[], target: Uint8Array, start: number): number {
  let end = writeText(parts[0]!, target, start);
  for (let i = 1; i < parts.length && end > 0; i++) {
    target[end] = SLASH;
    end = writeText(parts[i]!, target, end + 1);
  }
  return endKey(target, start, end);
}

/** 0 for text that is not plain. */
function writeText(text: string, target: Uint8Array, from: number): number {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < PLAIN_FROM || code >= ASCII_END) return 0;
    target[from + i] = code;
  }
  return from + length;
}

function endKey(target: Uint8Array, start: number, end: number): number {
  if (end <= start || end + ZEROS > target.length) return 0;
  for (let i = 0; i < ZEROS; i++) target[end + i] = 0;
  return end;
}
