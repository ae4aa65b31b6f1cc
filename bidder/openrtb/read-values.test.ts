import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMicros } from '../../proto/micros.ts';
import { floorCpmMicros, mapped, texts, wholes } from './read-values.ts';

describe('a list that needs no change is not copied', () => {
  it('of texts', () => {
    const values = ['a', 'bc'];
    expect(texts(values, 2, 2)).toBe(values);
    expect(texts(['', 'abc', 'a', 7, null, ['a'], 'b'], 6, 2)).toEqual(['a', '7']);
    expect(texts('ab', 9, 2)).toEqual(['ab']);
    expect([texts('abc', 9, 2), texts('', 9, 2), texts(null, 9, 2)]).toEqual([[], [], []]);
  });
  it('of whole numbers', () => {
    const values = [0, 3];
    expect(wholes(values, 2, 3)).toBe(values);
    expect(wholes([-1, 1.5, '2', true, null, 4, 3], 9, 3)).toEqual([1, 2, 1, 3]);
    expect(wholes([1, 2, 3], 2, 3)).toEqual([1, 2]);
    expect([wholes(2, 9, 3), wholes('2', 9, 3), wholes(4, 9, 3)]).toEqual([[2], [2], []]);
    expect([wholes(null, 9, 3), wholes(undefined, 9, 3), wholes({}, 9, 3)]).toEqual([[], [], []]);
  });
  it('of texts that are changed one by one', () => {
    const names = ['a', 'b'];
    const small = (name: string) => name.toLowerCase();
    expect(mapped(names, small)).toBe(names);
    const mixed = ['a', 'B', 'C'];
    expect(mapped(mixed, small)).toEqual(['a', 'b', 'c']);
    expect(mixed).toEqual(['a', 'B', 'C']);
  });
});

describe('law: a floor is what its shortest text says', () => {
  it('to the micro, when it has no more than six decimals', () =>
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 12 }), (micros) => {
        expect(floorCpmMicros(micros / 1e6)).toBe(micros);
      }),
    ));
  it('rounded up, when it has more', () =>
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (floor) => {
        const expected = parseMicros(String(floor)) ?? Math.ceil(floor * 1e6);
        expect(floorCpmMicros(floor)).toBe(expected);
      }),
    ));
});
