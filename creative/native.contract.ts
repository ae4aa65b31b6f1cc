/** Native ads of one item, for the tests. */
import { expect } from 'vitest';
import { indexCatalogue } from './index-catalogue.ts';
import type { Item } from './item.ts';
import { firstNativeItem, prepareNative, renderNative } from './native.ts';
import type { NativeCreative } from './native-creative.ts';
import type { NativeAsset, NativeContent, NativePlacement } from './native-placement.ts';

export const ITEM: Item = {
  id: 'a',
  title: 'Red running shoe',
  priceMicros: 79_500_000,
  listPriceMicros: null,
  imageUrl: 'https://shop.example/1.jpg?v=2',
  landingUrl: 'https://shop.example/p/1',
  category: 'shoes',
  available: true,
};
export const SALE: Item = { ...ITEM, id: 'b', listPriceMicros: 99_000_000 };
export const CREATIVE: NativeCreative = {
  cta: 'Shop now',
  description: 'Free returns for a whole month',
  images: { width: 800, height: 600 },
  icon: { url: 'https://shop.example/logo.png', width: 80, height: 80 },
};
export const SHOP = { title: 'Shoes & Co', domain: 'shop.example' };
export const URLS = {
  clickUrl: 'https://ads.example/c?t=1&s=0',
  impressionUrl: 'https://ads.example/i?t=1&p=${AUCTION_PRICE}',
  privacyUrl: '',
};
export const TYPES: Readonly<Record<NativeContent, number>> = {
  title: 0,
  icon: 1,
  image: 3,
  sponsored: 1,
  description: 2,
  price: 6,
  'sale-price': 7,
  'description-2': 10,
  'display-url': 11,
  cta: 12,
};

export function asset(content: NativeContent, more: Partial<NativeAsset> = {}): NativeAsset {
  const sizes = { w: 0, h: 0, wMin: 0, hMin: 0 };
  const type = TYPES[content];
  return { id: 1, required: true, content, type, lengthMax: 0, ...sizes, mimes: [], ...more };
}

export function nativePlacement(
  assets: readonly NativeAsset[],
  more: Partial<NativePlacement> = {},
): NativePlacement {
  return {
    kind: 'native',
    version: '1.2',
    wrapped: false,
    assets: assets.map((each, i) => ({ ...each, id: i + 1 })),
    imageTracker: true,
    privacy: false,
    count: 1,
    blockedAttributes: [],
    ...more,
  };
}

export interface Case {
  readonly creative?: Partial<NativeCreative>;
  readonly item?: Partial<Item>;
  readonly title?: string;
  readonly offerText?: string;
  readonly privacyUrl?: string;
}

export function made(
  placement: NativePlacement,
  { creative, item, title, offerText = '', privacyUrl = '' }: Case = {},
) {
  const { items } = indexCatalogue(
    { items: [{ ...ITEM, ...item }], bestOfCategory: {}, bestSellers: [] },
    { allowedHosts: ['shop.example'], currency: 'EUR', locale: 'en' },
  );
  const shop = { ...SHOP, title: title ?? SHOP.title };
  const native = prepareNative({ creative: { ...CREATIVE, ...creative }, shop });
  const input = { item: items[0]!, offerText, ...URLS, privacyUrl };
  return {
    fits: firstNativeItem(native, placement, { items, offerText }) === 0,
    adm: renderNative(native, placement, input),
    bytes: renderNative(native, placement, input, 'utf8'),
  };
}

/** The answer, the same in both forms. */
export function answer(placement: NativePlacement, from: Case = {}) {
  const { adm, bytes } = made(placement, from);
  expect(adm).toMatch(/^[ -~]*$/);
  const text = JSON.parse(`"${adm}"`) as string;
  expect(Buffer.from(bytes, 'latin1').toString()).toBe(text);
  // biome-ignore lint/suspicious/noExplicitAny: wire JSON, looked into by a test.
  return JSON.parse(text) as any;
}

/** The one asset of an answer, undefined when it is left out. */
export function filled(one: NativeAsset, from: Case = {}) {
  const [, second] = answer(nativePlacement([asset('title'), one]), from).assets;
  return second?.data?.value ?? second?.img?.url;
}
