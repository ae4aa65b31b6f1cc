/** A command of Redis and its arguments. */
export type RespWords = readonly (string | number | Uint8Array)[];

const END = '\r\n';
const HEADS = Array.from({ length: 128 }, (_, bytes) => headOf(bytes));

/**
 * The command as RESP2, a character for each byte, to be written as latin1. Quick while its texts
 * are ASCII, as our keys are: then their length in bytes is their length.
 */
export function encodeCommand(words: RespWords): string {
  let command = `*${words.length}\r\n`;
  let texts = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const chars = typeof word === 'object' ? latin1(word) : String(word);
    if (typeof word === 'string') texts += word;
    command += (HEADS[chars.length] ?? headOf(chars.length)) + chars + END;
  }
  return isAscii(texts) ? command : encodeWide(words);
}

function encodeWide(words: RespWords): string {
  let text = `*${words.length}\r\n`;
  for (const word of words) {
    const chars = latin1(typeof word === 'object' ? word : Buffer.from(String(word)));
    text += headOf(chars.length) + chars + END;
  }
  return text;
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function headOf(bytes: number): string {
  return `$${bytes}\r\n`;
}
