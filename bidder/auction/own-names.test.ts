import { expect, it } from 'vitest';
import { hasName, ownNames } from './own-names.ts';

it.each([3, 300])('finds its own names and no others, of %i', (count) => {
  const names = Array.from({ length: count }, (_, i) => `shop-${i}.example`);
  const own = ownNames([...names, ...names]);
  expect(names.filter((name) => !hasName(own, name))).toEqual([]);
  expect(
    ['', 'shop-1.exampl', 'Shop-1.example', 'shop-x.example'].some((name) => hasName(own, name)),
  ).toBe(false);
});
