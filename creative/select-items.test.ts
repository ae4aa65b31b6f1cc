import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexCatalogue } from './index-catalogue.ts';
import type { Interests, Item } from './item.ts';
import { emptySelection, selectItems } from './select-items.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const GONE = new Set(['j']);
const catalogue = indexCatalogue(
  {
    items: IDS.map(item),
    bestOfCategory: { shoes: ['a', 'b', 'j', 'c'], tents: ['e', 'f'] },
    bestSellers: ['h', 'j', 'i', 'a'],
  },
  { allowedHosts: ['shop.example'], currency: 'EUR', locale: 'en' },
);
const NOTHING: Interests = { viewed: [], cart: [], boughtWith: [], bought: [], categories: [] };

function item(id: string): Item {
  return {
    id,
    title: `Item ${id}`,
    priceMicros: 10_000_000,
    listPriceMicros: null,
    imageUrl: `https://shop.example/${id}.jpg`,
    landingUrl: `https://shop.example/p/${id}`,
    category: 'shoes',
    available: !GONE.has(id),
  };
}

function select(interests: Partial<Interests>, count: number): string[] {
  const out = emptySelection();
  selectItems({ interests: { ...NOTHING, ...interests }, catalogue, count }, out);
  return out.items.map(({ id }, i) => `${id} ${out.rungs[i]}`);
}

describe('the ladder', () => {
  it('goes from the cart to best sellers', () => {
    const interests = { cart: ['d'], viewed: ['g'], boughtWith: ['f'], categories: ['shoes'] };
    expect(select(interests, 6)).toEqual([
      'd cart',
      'g viewed',
      'f bought-with',
      'a category',
      'b category',
      'c category',
    ]);
  });
  it('shows the best of each category before the second best of one', () =>
    expect(select({ categories: ['shoes', 'tents'] }, 3)).toEqual([
      'a category',
      'e category',
      'b category',
    ]));
  it('shows best sellers to a person nobody knows', () =>
    expect(select({}, 6)).toEqual(['h best-seller', 'i best-seller', 'a best-seller']));
  it('leaves out what is sold out, unknown or bought', () =>
    expect(select({ viewed: ['j', 'nope', 'a', 'b'], bought: ['a'] }, 1)).toEqual(['b viewed']));
  it('shows no item twice', () =>
    expect(select({ cart: ['h', 'h'], viewed: ['h', 'i'] }, 3)).toEqual([
      'h cart',
      'i viewed',
      'a best-seller',
    ]));
  it('looks at a bounded part of a list', () => {
    const viewed = [...new Array<string>(5000).fill('nope'), 'a'];
    expect(select({ viewed }, 1)).toEqual(['h best-seller']);
  });
});

it('gives different, available, not bought items within the count, whatever the interests', () => {
  const ids = fc.array(fc.constantFrom(...IDS, 'nope', '__proto__'));
  const interests = fc.record({
    viewed: ids,
    cart: ids,
    boughtWith: ids,
    bought: ids,
    categories: fc.array(fc.constantFrom('shoes', 'tents', 'nope', 'constructor')),
  });
  fc.assert(
    fc.property(interests, fc.integer({ min: 1, max: 6 }), (someone, count) => {
      const chosen = select(someone, count).map((text) => text.split(' ')[0]!);
      expect(chosen.length).toBeLessThanOrEqual(count);
      expect(new Set(chosen).size).toBe(chosen.length);
      for (const id of chosen) {
        expect(GONE.has(id) || someone.bought.includes(id)).toBe(false);
      }
    }),
  );
});

it('fills the same selection again without leftovers', () => {
  const out = emptySelection();
  selectItems({ interests: { ...NOTHING, cart: ['a', 'b', 'c'] }, catalogue, count: 3 }, out);
  selectItems({ interests: { ...NOTHING, cart: ['d'] }, catalogue, count: 1 }, out);
  expect([out.items.map(({ id }) => id), out.rungs]).toEqual([['d'], ['cart']]);
});
