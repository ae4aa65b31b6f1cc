import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexCatalogue } from './index-catalogue.ts';
import {
  answer,
  asset,
  type Case,
  CREATIVE,
  filled,
  ITEM,
  made,
  nativePlacement,
  SALE,
  SHOP,
  TYPES,
  URLS,
} from './native.contract.ts';
import { firstNativeItem, prepareNative } from './native.ts';
import type { NativeAsset, NativeContent } from './native-placement.ts';

it('answers every asset it has, under the ids of the request', () => {
  const contents = Object.keys(TYPES) as NativeContent[];
  const placement = nativePlacement(contents.map((content) => asset(content)));
  expect(answer(placement, { item: SALE, offerText: '10 % off' })).toEqual({
    ver: '1.2',
    assets: [
      { id: 1, title: { text: 'Red running shoe' } },
      { id: 2, img: { url: 'https://shop.example/logo.png', w: 80, h: 80, type: 1 } },
      { id: 3, img: { url: 'https://shop.example/1.jpg?v=2', w: 800, h: 600, type: 3 } },
      { id: 4, data: { value: 'Shoes & Co', type: 1 } },
      { id: 5, data: { value: 'Free returns for a whole month', type: 2 } },
      { id: 6, data: { value: '€99.00', type: 6 } },
      { id: 7, data: { value: '€79.50', type: 7 } },
      { id: 8, data: { value: '10 % off', type: 10 } },
      { id: 9, data: { value: 'shop.example', type: 11 } },
      { id: 10, data: { value: 'Shop now', type: 12 } },
    ],
    link: { url: URLS.clickUrl },
    eventtrackers: [{ event: 1, method: 1, url: URLS.impressionUrl }],
  });
});

describe('by version', () => {
  const one = [asset('title'), asset('cta')];

  it('has a root where the request has one, and the trackers of before 1.2', () =>
    expect(answer(nativePlacement(one, { version: '1.0', wrapped: true }))).toEqual({
      native: {
        ver: '1.0',
        assets: [
          { id: 1, title: { text: 'Red running shoe' } },
          { id: 2, data: { value: 'Shop now' } },
        ],
        link: { url: URLS.clickUrl },
        imptrackers: [URLS.impressionUrl],
      },
    }));

  it('has them in 1.2 too where the request lists no pixel for the impression', () => {
    const { eventtrackers, imptrackers } = answer(nativePlacement(one, { imageTracker: false }));
    expect([eventtrackers, imptrackers]).toEqual([undefined, [URLS.impressionUrl]]);
  });
});

it('says why it is shown where the place asks for it and there is a page', () => {
  const placement = nativePlacement([asset('title')], { privacy: true });
  const privacyUrl = 'https://ads.example/why?a="b"';
  expect(answer(placement, { privacyUrl }).privacy).toBe(privacyUrl);
  expect(answer(placement).privacy).toBeUndefined();
  expect(answer({ ...placement, privacy: false }, { privacyUrl }).privacy).toBeUndefined();
  expect(answer({ ...placement, version: '1.1' }, { privacyUrl }).privacy).toBeUndefined();
});

describe('a price', () => {
  it('is what is paid where only one is asked for', () =>
    expect(filled(asset('price'), { item: SALE })).toBe('€79.50'));
  it('is no sale price without a sale', () =>
    expect(made(nativePlacement([asset('sale-price')])).fits).toBe(false));
  it('is never cut', () => {
    expect(filled(asset('price', { lengthMax: 6, required: false }))).toBe('€79.50');
    expect(filled(asset('price', { lengthMax: 5, required: false }))).toBeUndefined();
    expect(made(nativePlacement([asset('price', { lengthMax: 5 })])).fits).toBe(false);
  });
});

describe('a text', () => {
  it('is cut at a word', () => {
    const description = 'Light, quick and made to last for years';
    const cut = (lengthMax: number) =>
      filled(asset('description', { lengthMax }), { creative: { description } });
    expect(cut(39)).toBe(description);
    expect(cut(20)).toBe('Light, quick and…');
    expect(cut(13)).toBe('Light, quick…');
    expect(cut(3)).toBeUndefined();
  });

  it('keeps to its length, whatever it is', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 60 }),
        (description, lengthMax) => {
          const value = filled(asset('description', { lengthMax }), { creative: { description } });
          expect((value ?? '').length).toBeLessThanOrEqual(lengthMax);
          expect(value ?? '').not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
        },
      ),
    ));

  it('is the offer where the campaign has no description', () => {
    const from = { creative: { description: '' }, offerText: '10 % off' };
    expect(filled(asset('description'), from)).toBe('10 % off');
    expect(filled(asset('description-2', { required: false }), from)).toBeUndefined();
  });

  it('of a call to action is whole or not at all', () => {
    expect(made(nativePlacement([asset('cta', { lengthMax: 7 })])).fits).toBe(false);
    expect(made(nativePlacement([asset('cta')]), { creative: { cta: '' } }).fits).toBe(false);
  });
});

describe('a picture', () => {
  const fits = (more: Partial<NativeAsset>, from: Case = {}) =>
    made(nativePlacement([asset('image', more)]), from).fits;
  const unknown = { creative: { images: null } };

  it('whose size nobody knows fits only where none is asked for', () => {
    expect(fits({}, unknown)).toBe(true);
    expect(fits({ w: 800, h: 600 }, unknown)).toBe(false);
    expect(fits({ wMin: 100, hMin: 100 }, unknown)).toBe(false);
    expect(answer(nativePlacement([asset('image')]), unknown).assets[0].img).toEqual({
      url: ITEM.imageUrl,
      type: 3,
    });
  });

  it('fits exactly, or at least where the place scales', () => {
    expect(fits({ w: 800, h: 600 })).toBe(true);
    expect(fits({ w: 600, h: 600 })).toBe(false);
    expect(fits({ wMin: 800, hMin: 315 })).toBe(true);
    expect(fits({ wMin: 801, hMin: 315 })).toBe(false);
    expect(fits({ w: 1200, h: 627, wMin: 600, hMin: 315 })).toBe(true);
  });

  it('has one of the media types, by the name of its file', () => {
    expect(fits({ mimes: ['image/png', 'image/jpg'] })).toBe(true);
    expect(fits({ mimes: ['image/png'] })).toBe(false);
    const nameless = { item: { imageUrl: 'https://shop.example/image/7' } };
    expect(fits({ mimes: ['image/jpeg'] }, nameless)).toBe(false);
    expect(fits({}, nameless)).toBe(true);
  });

  it('is none where it stands inside of its URL', () =>
    expect(fits({}, { item: { imageUrl: 'data:image/png;base64,AAAA' } })).toBe(false));

  it('is no logo', () =>
    expect(made(nativePlacement([asset('icon')]), { creative: { icon: null } }).fits).toBe(false));
});

it('takes the first item with which all that is required can be filled', () => {
  const { items } = indexCatalogue(
    { items: [ITEM, SALE], bestOfCategory: {}, bestSellers: [] },
    { allowedHosts: ['shop.example'], currency: 'EUR', locale: 'en' },
  );
  const native = prepareNative({ creative: CREATIVE, shop: SHOP });
  const first = (content: NativeContent) =>
    firstNativeItem(native, nativePlacement([asset(content)]), { items, offerText: '' });
  expect([first('price'), first('sale-price'), first('description-2')]).toEqual([0, 1, -1]);
});
