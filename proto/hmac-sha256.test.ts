import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmacOfLines, hmacSha256 } from './hmac-sha256.ts';

const theirs = (key: Uint8Array, text: string) =>
  createHmac('sha256', key).update(text).digest('hex');

it('is HMAC-SHA-256 of RFC 4231, test cases 1 and 2', () => {
  const check = (key: Buffer, text: string, hex: string) =>
    expect(hmacSha256(createSecretKey(key), text).toString('hex')).toBe(hex);

  check(
    Buffer.alloc(20, 0x0b),
    'Hi There',
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  check(
    Buffer.from('Jefe'),
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

it('equals node:crypto at every length around the block bounds', () => {
  const bytes = Buffer.alloc(32, 5);
  const key = createSecretKey(bytes);
  for (let length = 0; length < 300; length++) {
    const text = 'x'.repeat(length);
    expect(hmacSha256(key, text).toString('hex')).toBe(theirs(bytes, text));
  }
});

it('equals node:crypto for any key and text, also a long one and one that is not ASCII', () => {
  const keys = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ maxLength: 20_000 }),
  );
  fc.assert(
    fc.property(keys, texts, (bytes, text) => {
      expect(hmacSha256(createSecretKey(bytes), text).toString('hex')).toBe(theirs(bytes, text));
    }),
    { numRuns: 500 },
  );
});

it('gives of three lines the words of the MAC of their text', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ minLength: 8, maxLength: 8_000 }),
  );
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      part,
      part,
      part,
      (bytes, a, b, c) => {
        const words = Buffer.alloc(32);
        hmacOfLines(createSecretKey(bytes), a, b, c).forEach((word, i) => {
          words.writeInt32BE(word, i * 4);
        });
        expect(words.toString('hex')).toBe(theirs(bytes, `${a}\n${b}\n${c}`));
      },
    ),
    { numRuns: 300 },
  );
});

it('refuses a key longer than a block', () => {
  expect(() => hmacSha256(createSecretKey(Buffer.alloc(65)), '')).toThrow('hashed first');
});
