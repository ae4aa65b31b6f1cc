import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { BEST_MAX, indexCatalogue, OMITTED_MAX } from './index-catalogue.ts';
import type { Catalogue, Item } from './item.ts';

const SHOE: Item = {
  id: 'shoe',
  title: 'Red shoe',
  priceMicros: 80_000_000,
  listPriceMicros: 100_000_000,
  imageUrl: 'https://cdn.shop.example/1.jpg',
  landingUrl: 'https://shop.example/p/1',
  category: 'shoes',
  available: true,
};

function index(
  items: readonly Item[],
  more: Partial<Catalogue> & { locale?: string; currency?: string } = {},
) {
  const { locale = 'en', currency = 'EUR', ...lists } = more;
  return indexCatalogue(
    { items, bestOfCategory: {}, bestSellers: [], ...lists },
    { allowedHosts: ['shop.example', '*.shop.example', 'localhost:8080'], currency, locale },
  );
}

function checkOmitted(change: Partial<Item>, reason: RegExp): void {
  const { items, omitted, omittedCount } = index([{ ...SHOE, ...change }]);
  expect([items.length, omittedCount]).toEqual([0, 1]);
  expect(omitted).toEqual([{ id: change.id ?? 'shoe', reason: expect.stringMatching(reason) }]);
}

function checkSale(priceMicros: number, listPriceMicros: number | null, expected: unknown[]): void {
  const item = index([{ ...SHOE, priceMicros, listPriceMicros }]).items[0]!;
  expect([item.priceText, item.listPriceText, item.discountPercent]).toEqual(expected);
}

it('an item keeps what the feed says of it', () => {
  const sold = { ...SHOE, id: 'sold', listPriceMicros: null, available: false };
  expect(index([SHOE, sold]).items).toMatchObject([SHOE, sold]);
});

it('items share one hidden class, however they were made', () => {
  setFlagsFromString('--allow-natives-syntax');
  const sameClass = new Function('a', 'b', 'return %HaveSameMap(a, b)') as typeof Object.is;
  const feed = Array.from({ length: 100 }, (_, i) => ({ ...SHOE, id: `shoe-${i}` }));
  const [first, ...others] = index(structuredClone(feed)).items;
  expect(others.filter((item) => sameClass(first, item))).toHaveLength(99);
});

describe('an item is left out and reported', () => {
  it('when its page is not on a host of the shop', () => {
    for (const landingUrl of [
      'https://evil.example/p',
      'https://shop.example@evil.example/p',
      'https://user@shop.example/p',
      'https://shop.example:8443/p',
      'https://evilshop.example/p',
      'https://shop.example.evil.example/',
      'javascript:alert(1)//shop.example',
      '//shop.example/p',
      '',
    ]) {
      checkOmitted(
        { landingUrl },
        /^the landing page ".*" is no http\(s\) URL on a host of the shop/,
      );
    }
  });
  it('when its picture is missing or from elsewhere', () => {
    checkOmitted({ imageUrl: '' }, /image is missing/);
    checkOmitted({ imageUrl: 'https://evil.example/1.jpg' }, /^the image/);
    checkOmitted({ imageUrl: 'data:text/html,<script>' }, /^the image/);
    checkOmitted({ imageUrl: `data:image/png,${'a'.repeat(5000)}` }, /longer than 4096/);
  });
  it('when it has no believable price, title or id', () => {
    for (const priceMicros of [0, -1, 1.5, Number.NaN])
      checkOmitted({ priceMicros }, /must be over 0/);
    checkOmitted({ title: ' ' }, /title is empty/);
    checkOmitted({ id: '' }, /id is empty/);
  });
  it('and the report is bounded, its count is not', () => {
    const bad = Array.from({ length: OMITTED_MAX + 5 }, (_, i) => ({
      ...SHOE,
      id: `${i}`,
      title: '',
    }));
    const { omitted, omittedCount } = index(bad);
    expect([omitted.length, omittedCount]).toEqual([OMITTED_MAX, OMITTED_MAX + 5]);
  });
});

it('takes pages on allowed subdomains and ports, and data: pictures', () => {
  const kept = index([
    SHOE,
    {
      ...SHOE,
      id: '2',
      landingUrl: 'http://localhost:8080/p',
      imageUrl: 'data:image/svg+xml,%3Csvg/%3E',
    },
    { ...SHOE, id: '3', landingUrl: 'https://WWW.shop.example/p' },
  ]);
  expect(kept.omitted).toEqual([]);
});

describe('prices', () => {
  it('are written as the locale does', () => {
    const text = (locale: string, currency: string) =>
      index([SHOE], { locale, currency }).items[0]!.priceText;
    expect(text('en', 'USD')).toBe('$80.00');
    expect(text('de', 'EUR')).toBe('80,00\u00a0€');
    expect(text('ja', 'JPY')).toBe('￥80');
  });
  it('show a sale that is one, with the percent rounded down', () => {
    checkSale(80_000_000, 100_000_000, ['€80.00', '€100.00', 20]);
    checkSale(80_100_000, 100_000_000, ['€80.10', '€100.00', 19]);
    checkSale(80_000_000, null, ['€80.00', '', 0]);
    checkSale(80_000_000, 80_000_000, ['€80.00', '', 0]);
    checkSale(99_500_000, 100_000_000, ['€99.50', '', 0]);
    checkSale(9_000_000, 100_000_000, ['€9.00', '', 0]);
  });
});

it('cuts long titles without breaking a character', () => {
  const title = index([{ ...SHOE, title: `${'x'.repeat(139)}😀😀` }]).items[0]!.title;
  expect(title).toBe(`${'x'.repeat(139)}…`);
});

it('resolves the best lists to available items, bounded', () => {
  const many = Array.from({ length: 80 }, (_, i) => ({ ...SHOE, id: `i${i}`, available: i !== 0 }));
  const ids = ['nope', ...many.map(({ id }) => id)];
  const { bestSellers, bestOfCategory } = index(many, {
    bestSellers: ids,
    bestOfCategory: { shoes: ids },
  });
  expect(bestSellers.length).toBe(BEST_MAX);
  expect(bestOfCategory.get('shoes')![0]!.id).toBe('i1');
});
