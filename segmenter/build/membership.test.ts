import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ordinalsOf } from './membership.ts';

it('finds every segment of a mask, over as many columns as it takes', () => {
  const segments = fc.uniqueArray(fc.integer({ min: 0, max: 99 }));
  fc.assert(
    fc.property(segments, (ordinals) => {
      const masks = Array.from({ length: 4 }, () => new Float64Array(2));
      for (const ordinal of ordinals) masks[Math.floor(ordinal / 30)]![1]! += 2 ** (ordinal % 30);
      expect(ordinalsOf(masks, 1)).toEqual(ordinals.toSorted((a, b) => a - b));
    }),
  );
});
