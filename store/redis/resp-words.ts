/** A command of Redis and its arguments. */
export type RespWords = readonly (string | number)[];

const END = '\r\n';
const HEADS = Array.from({ length: 128 }, (_, bytes) => headOf(bytes));

/**
 * The command as RESP2, right only while it is ASCII, as our keys are: then its length in bytes is
 * that of the text, and nothing needs to be measured. `isAscii` tells, once for many commands.
 */
export function encodeAscii(words: RespWords): string {
  let text = `*${words.length}\r\n`;
  for (let i = 0; i < words.length; i++) {
    const word = String(words[i]);
    text += (HEADS[word.length] ?? headOf(word.length)) + word + END;
  }
  return text;
}

export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** The command as RESP2 whatever its characters, to be written as UTF-8. */
export function encodeWide(words: RespWords): string {
  let text = `*${words.length}\r\n`;
  for (const word of words.map(String)) text += headOf(Buffer.byteLength(word)) + word + END;
  return text;
}

function headOf(bytes: number): string {
  return `$${bytes}\r\n`;
}
