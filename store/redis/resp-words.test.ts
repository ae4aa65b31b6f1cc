import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAscii, encodeWide, isAscii } from './resp-words.ts';

describe('RESP commands', () => {
  it('say how many words follow and how long each is', () => {
    expect(encodeAscii(['SET', 'key', 12])).toBe('*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$2\r\n12\r\n');
    expect(encodeAscii([''])).toBe('*1\r\n$0\r\n\r\n');
    expect(encodeAscii(['x'.repeat(300)])).toContain('$300\r\n');
  });

  it('carry numbers up to 53 bits unchanged', () => {
    expect(encodeAscii([Number.MAX_SAFE_INTEGER])).toContain('\r\n9007199254740991\r\n');
  });

  it('count the bytes of wide characters, which the quick way does not', () => {
    expect(encodeWide(['ёлка'])).toBe('*1\r\n$8\r\nёлка\r\n');
    expect(isAscii(encodeAscii(['ёлка']))).toBe(false);
  });

  it('are the same both ways while they are ASCII', () => {
    const words = fc.array(fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.maxSafeInteger()));
    fc.assert(
      fc.property(words, (all) => {
        expect(isAscii(encodeAscii(all))).toBe(true);
        expect(encodeWide(all)).toBe(encodeAscii(all));
      }),
    );
  });
});
