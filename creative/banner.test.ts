import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BannerInput, bannerSlots, prepareBanners, renderBanner } from './banner.ts';
import { SIZES } from './banner-layout.ts';
import { compileTemplate } from './compile-template.ts';
import { DEFAULT_TEMPLATE } from './default-template.ts';
import { indexCatalogue } from './index-catalogue.ts';
import type { Item } from './item.ts';
import { renderForJson, renderHtml } from './render-template.ts';

const PLAN = compileTemplate(DEFAULT_TEMPLATE, 'product-grid.html');
const CATALOGUE = catalogueOf(['Red shoe', 'Çay & Süt', 'Ботинки', '"quoted"', '😀', 'Sixth']);
const BANNERS = prepareBanners({
  plan: PLAN,
  catalogue: CATALOGUE,
  shop: { title: 'Café Söhne', language: 'en' },
  sizes: SIZES,
});

function catalogueOf(titles: readonly string[]) {
  const items: Item[] = titles.map((title, i) => ({
    id: `i${i}`,
    title,
    priceMicros: 10_000_000 + i,
    listPriceMicros: i % 2 === 0 ? 20_000_000 : null,
    imageUrl:
      i === 0
        ? 'data:image/svg+xml,%3Csvg xmlns=%27x%27/%3E'
        : `https://shop.example/${i}.jpg?a=1&b=2`,
    landingUrl: 'https://shop.example/p',
    category: 'c',
    available: true,
  }));
  return indexCatalogue(
    { items, bestOfCategory: {}, bestSellers: [] },
    { allowedHosts: ['shop.example'], currency: 'EUR', locale: 'de' },
  );
}

function inputFor(size: string, more: Partial<BannerInput> = {}): BannerInput {
  return {
    items: CATALOGUE.items.slice(0, BANNERS.get(size)!.layout.cards),
    clickUrlPrefix: 'https://ads.example/c?t=1.a_b-c~d!e&s=',
    impressionUrl: 'https://ads.example/i?t=1.a&x=2',
    offerText: '10 % off',
    ...more,
  };
}

function html(size: string, more: Partial<BannerInput> = {}): string {
  return JSON.parse(`"${renderBanner(BANNERS.get(size)!, inputFor(size, more))}"`) as string;
}

describe('a banner', () => {
  it('has between one and six cards, by size', () => {
    const cards = SIZES.map(
      (size) => `${size} ${BANNERS.get(size)!.layout.name} ${BANNERS.get(size)!.layout.cards}`,
    );
    expect(cards).toEqual([
      '300x250 list 3',
      '336x280 list 3',
      '728x90 wide 3',
      '160x600 tower 3',
      '300x600 wall 6',
      '320x50 strip 1',
      '320x100 strip 2',
    ]);
  });

  it.each(SIZES)('of %s joined from pieces equals the template rendered whole', (size) => {
    const banner = BANNERS.get(size)!;
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 1, max: banner.layout.cards }),
        (offerText, path, count) => {
          const input = inputFor(size, {
            offerText,
            items: CATALOGUE.items.slice(0, count),
            clickUrlPrefix: `https://ads.example/${path}`,
            impressionUrl: `https://ads.example/i${path}`,
          });
          const slots = bannerSlots(banner, input);
          expect(renderBanner(banner, input)).toBe(renderForJson(PLAN, slots));
          expect(JSON.parse(`"${renderForJson(PLAN, slots)}"`)).toBe(renderHtml(PLAN, slots));
          const bytes = Buffer.from(renderBanner(banner, input, 'utf8'), 'latin1');
          expect(bytes.toString()).toBe(renderHtml(PLAN, slots));
        },
      ),
    );
  });

  it.each(SIZES)('of %s links, counts and describes as it must', (size) => {
    const markup = html(size);
    const cards = BANNERS.get(size)!.layout.cards;
    const links = markup.match(
      /<a href="[^"]*" target="_blank" rel="noopener nofollow sponsored">/g,
    );
    expect(links!.length).toBe(cards);
    expect(markup).toContain(`href="https://ads.example/c?t=1.a_b-c~d!e&#38;s=${cards - 1}"`);
    expect(
      markup.split('src="https://ads.example/i?t=1.a&#38;x=2" width="1" height="1" alt=""').length,
    ).toBe(2);
    expect(markup).toMatch(/^<div class="rk" lang="en">/);
    expect(markup).toContain('alt="Red shoe"');
    expect(markup).toContain(`width:${size.split('x')[0]}px;height:${size.split('x')[1]}px`);
    expect(markup).not.toMatch(/<script|@font-face|\{\{/);
  });

  it.each(SIZES)('of %s names https URLs only when its inputs are https', (size) => {
    const urls = [...html(size, { items: CATALOGUE.items.slice(1, 2) }).matchAll(/[a-z]+:\/\//g)];
    expect(urls.length).toBe(3);
    expect(new Set(urls.map(([scheme]) => scheme))).toEqual(new Set(['https://']));
  });

  it('shows an offer only when there is one', () => {
    expect(html('300x250')).toContain('<em>10 &#37; off</em>');
    expect(html('300x250', { offerText: '' })).not.toContain('<em>');
  });

  it('refuses items of another catalogue, too many and none', () => {
    const other = catalogueOf(['x']).items;
    expect(() => html('300x250', { items: other })).toThrow(/not of the catalogue/);
    expect(() => html('320x50', { items: CATALOGUE.items.slice(0, 2) })).toThrow(
      /2 items for a banner of 1 to 1/,
    );
    expect(() => html('300x250', { items: [] })).toThrow(/0 items/);
  });
});

it('has the bytes of any script, a character each, for what is not JSON', () => {
  const source = DEFAULT_TEMPLATE.replace('{{text shop.title}}', 'Größe € 😀 {{text shop.title}}');
  const plan = compileTemplate(source, 'umlauts.html');
  const shop = { title: 'Ärmel', language: 'de' };
  const banner = prepareBanners({ plan, catalogue: CATALOGUE, shop, sizes: ['300x250'] });
  const markup = renderBanner(banner.get('300x250')!, inputFor('300x250'), 'utf8');
  expect(/^[\0-\xff]*$/.test(markup)).toBe(true);
  expect(Buffer.from(markup, 'latin1').toString()).toContain('Größe € 😀 &#196;rmel');
});

it('keeps a bounded number of frames', () => {
  const banner = BANNERS.get('300x250')!;
  for (let i = 0; i < 500; i++)
    renderBanner(banner, inputFor('300x250', { offerText: `offer ${i}` }));
  expect(banner.frames.json.size).toBeLessThanOrEqual(64);
});

it('has readable contrast: every text colour against its background', () => {
  const pairs = [
    '#1d2330 #ffffff',
    '#ffffff #17324d',
    '#1d2330 #ffd95a',
    '#5b6470 #ffffff',
    '#ffffff #b42318',
  ];
  for (const pair of pairs) {
    const [text, background] = pair.split(' ') as [string, string];
    const written = [text, background].map((colour) => (colour === '#ffffff' ? '#fff' : colour));
    for (const colour of written) expect(DEFAULT_TEMPLATE).toContain(colour);
    const [high, low] = [luminance(text), luminance(background)].sort((a, b) => b - a) as [
      number,
      number,
    ];
    expect((high + 0.05) / (low + 0.05), pair).toBeGreaterThanOrEqual(4.5);
  }
});

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

it('refuses a size that is none', () =>
  expect(() =>
    prepareBanners({
      plan: PLAN,
      catalogue: CATALOGUE,
      shop: { title: '', language: 'en' },
      sizes: ['big'],
    }),
  ).toThrow(/"big" is no banner size/));
