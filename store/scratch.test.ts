import { expect, it } from 'vitest';
import { Scratch } from './scratch.ts';

it.each([0, 1, 511, 512, 513, 1024, 1025, 5000])('takes a copy of %i bytes', (length) => {
  const source = Buffer.alloc(6000);
  for (let i = 0; i < source.length; i++) source[i] = 1 + i * 7;
  const copy = new Scratch().take(source, length);
  expect(copy.equals(source.subarray(0, length))).toBe(true);
});

it('lends the start of the same memory at every length, also once it has grown', () => {
  const scratch = new Scratch();
  scratch.lend(24).fill(1);
  const grown = scratch.lend(3000).fill(2);
  for (const length of [24, 48, 1024, 2000]) {
    expect(scratch.lend(length).equals(grown.subarray(0, length))).toBe(true);
  }
});
