import { beforeAll, describe, expect, it } from 'vitest';
import { prepareBanners, renderBanner } from './banner.ts';
import { SIZES } from './banner-layout.ts';
import { compileTemplate } from './compile-template.ts';
import { DEFAULT_TEMPLATE } from './default-template.ts';
import { missing, payloads } from './hostile-payloads.contract.ts';
import { readMarkup, type StartTag } from './html-tokens.contract.ts';
import { indexCatalogue } from './index-catalogue.ts';
import type { Item } from './item.ts';

const OPTIONS = { allowedHosts: ['shop.example'], currency: 'EUR', locale: 'en' };
const SHOP = { title: 'Shop', language: 'en' };

/** Every place where text may stand. */
const ALL_SLOTS = `<div title="{{text shop.title}}" aria-label='{{text offer.text}}'>{{text shop.title}}{{text offer.text}}
  {{#items}}<a href="{{url item.click}}" target="_blank" rel="noopener nofollow sponsored" title="{{text item.title}}">
  <img src="{{url item.image}}" alt='{{text item.title}}'><p>{{text item.title}}</p></a>{{/items}}
  <img src="{{url banner.pixel}}" alt=""></div>`;
const PLANS = [
  compileTemplate(DEFAULT_TEMPLATE, 'product-grid.html'),
  compileTemplate(ALL_SLOTS, 'all-slots.html'),
];

function itemOf(title: string, i: number): Item {
  return {
    id: `i${i}`,
    title,
    priceMicros: 10_000_000,
    listPriceMicros: 20_000_000,
    imageUrl: 'https://shop.example/1.jpg',
    landingUrl: 'https://shop.example/p',
    category: '',
    available: true,
  };
}

/** The markup of one item titled so, in each template and size; shop and offer carry the text too. */
function markupsOf(text: string): string[] {
  const catalogue = indexCatalogue(
    { items: [itemOf(`x${text}`, 0)], bestOfCategory: {}, bestSellers: [] },
    OPTIONS,
  );
  return PLANS.flatMap((plan) =>
    [
      ...prepareBanners({ plan, catalogue, shop: { ...SHOP, title: text }, sizes: SIZES }).values(),
    ].map((banner) => {
      const adm = renderBanner(banner, {
        items: catalogue.items,
        clickUrlPrefix: 'https://ads.example/c?t=1&s=',
        impressionUrl: 'https://ads.example/i?t=1',
        offerText: `x${text}`,
      });
      expect(adm).toMatch(/^[ -~]*$/);
      return JSON.parse(`"${adm}"`) as string;
    }),
  );
}

/** Tags with every value but those of texts. */
function skeleton(tags: readonly StartTag[]): string {
  return JSON.stringify(
    tags.map(({ name, attributes }) => [
      name,
      attributes.map(([attribute, value]) =>
        ['alt', 'title', 'aria-label'].includes(attribute) ? [attribute] : [attribute, value],
      ),
    ]),
  );
}

let harmless: { shape: string; skeleton: string }[] = [];
beforeAll(() => {
  harmless = markupsOf('Red shoe')
    .map(readMarkup)
    .map(({ shape, tags }) => ({ shape, skeleton: skeleton(tags) }));
});

function checkInert(text: string): void {
  // A text of nothing visible leaves no text at all: give it something to be.
  const visible = `${text}.`;
  markupsOf(visible).forEach((html, i) => {
    const markup = readMarkup(html);
    expect(markup.shape, visible).toBe(harmless[i]!.shape);
    expect(skeleton(markup.tags), visible).toBe(harmless[i]!.skeleton);
    expect(html.replace(/<style>.*<\/style>/, ''), visible).not.toMatch(/\$\{|%%|\{\{|\{|\}/);
  });
}

it('sees a difference when text does become markup', () => {
  const html = '<p title="x">y</p>';
  for (const broken of [
    '<p title=x onclick=1>y</p>',
    '<p title="x">y<b></p>',
    '<p title="x"><!-- y --></p>',
  ]) {
    expect(readMarkup(broken).shape).not.toBe(readMarkup(html).shape);
  }
  expect(readMarkup('<p title="&#60;&#34;">&#38;</p>')).toEqual({
    tags: [expect.objectContaining({ name: 'p', attributes: [['title', '<"']] })],
    shape: '<p title>0\n#text\n</p >',
    texts: ['&'],
  });
});

it('shows a hostile title as the text it is', () => {
  const title = '"><script>alert(1)</script>${AUCTION_PRICE} %%CLICK%% {{x}}';
  checkInert(title);
  for (const html of markupsOf(title)) expect(readMarkup(html).texts).toContain(`x${title}`);
});

describe(`promise 10: inert data: known payloads as title, shop and offer change no banner's markup${missing}`, () => {
  it.skipIf(missing !== '').each([
    ['xss/patt_xss.jsonl', 700],
    ['xss/h5sc_vectors.jsonl', 70],
    ['xss/dompurify_expect.jsonl', 120],
    ['template/ssti.jsonl', 80],
    ['strings/blns.json', 500],
  ])('%s', (file, atLeast) => {
    const all = payloads(file);
    expect(all.length).toBeGreaterThan(atLeast);
    for (const payload of all) checkInert(payload);
  });
});
