import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCommand, type RespWords } from './resp-words.ts';

describe('RESP commands', () => {
  it('say how many words follow and how long each is', () => {
    expect(encodeCommand(['SET', 'key', 12])).toBe('*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$2\r\n12\r\n');
    expect(encodeCommand([''])).toBe('*1\r\n$0\r\n\r\n');
    expect(encodeCommand(['x'.repeat(300)])).toContain('$300\r\n');
  });

  it('carry numbers up to 53 bits unchanged', () => {
    expect(encodeCommand([Number.MAX_SAFE_INTEGER])).toContain('\r\n9007199254740991\r\n');
  });

  it('carry any text and any bytes, each with its length in bytes', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.string({ unit: 'binary' }),
      fc.maxSafeInteger(),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(Buffer.from(encodeCommand(words), 'latin1')).toEqual(bytesOf(words));
      }),
    );
  });
});

function bytesOf(words: RespWords): Buffer {
  const parts: Uint8Array[] = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = typeof word === 'object' ? word : Buffer.from(String(word));
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}
