import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { prepareBanners, renderBanner } from '../../creative/banner.ts';
import { SIZES } from '../../creative/banner-layout.ts';
import { compileTemplate } from '../../creative/compile-template.ts';
import { DEFAULT_TEMPLATE } from '../../creative/default-template.ts';
import { readMarkup } from '../../creative/html-tokens.contract.ts';
import { indexCatalogue } from '../../creative/index-catalogue.ts';
import { readFeed } from './read-feed.ts';

const FEED = '../shared/data/feeds/derived/hostile_titles.xml';
const missing = existsSync(FEED) ? '' : ` (skipped: ${FEED} is missing)`;

it.skipIf(missing !== '')(`a hostile feed becomes banners of plain text${missing}`, async () => {
  const { items } = await readFeed(FEED, { currency: 'EUR', nowMs: 0 });
  const catalogue = indexCatalogue(
    { items, bestOfCategory: {}, bestSellers: [] },
    { allowedHosts: ['shop.example'], currency: 'EUR', locale: 'en' },
  );
  expect(catalogue.omitted.map(({ id }) => id)).toEqual(['x8']);

  const plan = compileTemplate(DEFAULT_TEMPLATE, 'product-grid.html');
  const shop = { title: 'Shop', language: 'en' };
  for (const banner of prepareBanners({ plan, catalogue, shop, sizes: SIZES }).values()) {
    const shapes = catalogue.items.map((item) => {
      const clickUrlPrefix = 'https://ads.example/c?t=1&s=';
      const impressionUrl = 'https://ads.example/i?t=1';
      const adm = renderBanner(banner, {
        items: [item],
        clickUrlPrefix,
        impressionUrl,
        offerText: '',
      });
      const html = JSON.parse(`"${adm}"`) as string;
      expect(html).not.toMatch(/\$\{|%%|\{\{|\u202e/);
      return readMarkup(html).shape;
    });
    expect(shapes.length).toBe(11);
    expect(new Set(shapes).size).toBe(1);
  }
});
