import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ordinalsOf } from './membership.ts';

it('finds every segment of a mask, over as many columns as it takes', () => {
  const segments = fc.uniqueArray(fc.integer({ min: 0, max: 99 }));
  fc.assert(
    fc.property(segments, (ordinals) => {
      const masks = [0, 0, 0, 0];
      for (const ordinal of ordinals) masks[Math.floor(ordinal / 30)]! += 2 ** (ordinal % 30);
      expect(ordinalsOf(masks)).toEqual(ordinals.toSorted((a, b) => a - b));
    }),
  );
});
