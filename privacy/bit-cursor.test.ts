import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextSegment, openSegments, skipBits, takeBits, takePadding } from './bit-cursor.ts';
import { base64url, field } from './consent-text.contract.ts';

const open = (text: string) => openSegments(text, 0, text.length);

describe('a cursor over base64url text', () => {
  it('takes the bits that were written, whatever their widths', () => {
    const part = fc
      .integer({ min: 1, max: 24 })
      .chain((width) => fc.tuple(fc.nat(2 ** width - 1), fc.constant(width), fc.boolean()));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 40 }), (parts) => {
        const cursor = open(base64url(parts.map(([value, width]) => field(value, width)).join('')));
        for (const [value, width, isSkipped] of parts) {
          if (isSkipped) skipBits(cursor, width);
          else expect(takeBits(cursor, width)).toBe(value);
        }
        takePadding(cursor);
        expect(cursor.isBroken).toBe(false);
      }),
    );
  });

  it('breaks past the end and stays so', () => {
    const cursor = open('BA');
    expect(takeBits(cursor, 6)).toBe(1);
    expect(takeBits(cursor, 7)).toBe(0);
    expect(takeBits(cursor, 1)).toBe(0);
    expect(cursor.isBroken).toBe(true);
  });

  it.each(['A+AA', 'AA A', 'AA\0A', 'AAéA', 'AA€A', 'AA=='])(
    'breaks at what is foreign: %j',
    (text) => {
      const taken = open(text);
      takeBits(taken, 24);
      expect(taken.isBroken).toBe(true);
      const skipped = open(text);
      skipBits(skipped, 24);
      expect(skipped.isBroken).toBe(true);
    },
  );

  it('walks the segments between dots, and no further', () => {
    const cursor = openSegments('~B.C~', 1, 4);
    expect(takeBits(cursor, 6)).toBe(1);
    expect(nextSegment(cursor)).toBe(true);
    expect(takeBits(cursor, 6)).toBe(2);
    expect(nextSegment(cursor)).toBe(false);
    expect(cursor.isBroken).toBe(false);
  });

  it('takes zeros of less than 24 bits for padding, and nothing else', () => {
    const breaks = (text: string) => {
      const cursor = open(text);
      takePadding(cursor);
      return cursor.isBroken;
    };
    expect(['', 'A', 'AAA', 'AAAA', 'B', 'AB'].map(breaks)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});
