import { describe, expect, it } from 'vitest';
import { AGREEMENT, type Change, expectOnly, judgedBids } from './answer-cases.contract.ts';
import type { Agreement } from './offer.ts';

const REQUEST = {
  ver: '1.2',
  privacy: 1,
  aurlsupport: 0,
  assets: [
    { id: 1, required: 1, title: { len: 9 } },
    { id: 2, required: 1, img: { type: 3, w: 300, h: 250 } },
    { id: 3, img: { type: 1, w: 80, h: 80, wmin: 50, hmin: 50 } },
    { id: 4, data: { type: 1, len: 25 } },
    { id: 5, video: { mimes: ['video/mp4'] } },
  ],
  eventtrackers: [{ event: 1, methods: [1] }],
};
const TITLE = { id: 1, title: { text: 'Tea & Süd' } };
const IMAGE = { id: 2, img: { type: 3, url: 'https://cdn.example/1.jpg', w: 300, h: 250 } };
const ICON = { id: 3, img: { type: 1, url: 'https://cdn.example/i.png', w: 64, h: 64 } };
const SPONSOR = { id: 4, data: { type: 1, value: 'Shop' } };
const TRACKER = { event: 1, method: 1, url: 'https://ads.example/i?p=${AUCTION_PRICE}' };
const ANSWER = {
  ver: '1.2',
  assets: [TITLE, IMAGE, ICON, SPONSOR],
  link: { url: 'https://ads.example/c?t=1', clicktrackers: ['https://ads.example/k'] },
  eventtrackers: [TRACKER],
  imptrackers: ['https://ads.example/i2'],
  privacy: 'https://shop.example/privacy',
};
const BID = {
  id: 'b1',
  impid: '1',
  price: 2.5,
  cid: 'autumn',
  crid: 'native-1',
  adomain: ['shop.example'],
  mtype: 4,
};

interface Case {
  readonly answer?: Change;
  readonly asset?: Change;
  /** Instead of the request within imp.native. */
  readonly request?: unknown;
  readonly asked?: Change;
  readonly native?: Change;
  readonly imp?: Change;
  readonly bid?: Change;
  readonly agreement?: Partial<Agreement>;
  /** Instead of the answer. */
  readonly adm?: unknown;
}

function judged(change: Case): string[] {
  const assets = change.asset === undefined ? {} : { assets: withAsset(change.asset) };
  const answer = { ...ANSWER, ...assets, ...change.answer };
  const request = change.request ?? JSON.stringify({ ...REQUEST, ...change.asked });
  const native = { ver: '1.2', request, battr: [1], ...change.native };
  const imp = { id: '1', native, secure: 1, bidfloor: 2.5, ...change.imp };
  const adm = change.adm ?? JSON.stringify(answer);
  return judgedBids({ imp }, [{ ...BID, adm, ...change.bid }], {
    ...AGREEMENT,
    ...change.agreement,
  });
}

/** In the place of the one with its id, or besides all. */
function withAsset(asset: Change): readonly Change[] {
  const isThere = ANSWER.assets.some(({ id }) => id === asset['id']);
  if (!isThere) return [...ANSWER.assets, asset];
  return ANSWER.assets.map((each) => (each.id === asset['id'] ? asset : each));
}

const title = (text: string): Case => ({ asset: { id: 1, title: { text } } });
const image = (img: Change): Case => ({ asset: { id: 2, img: { ...IMAGE.img, ...img } } });
const icon = (img: Change): Case => ({ asset: { id: 3, img: { ...ICON.img, ...img } } });
const tracker = (more: Change): Case => ({ answer: { eventtrackers: [{ ...TRACKER, ...more }] } });

const GOOD: Record<string, Case> = {
  'the good answer': {},
  'an answer to a request that is an object': { request: REQUEST },
  'an answer to a message of protobuf': { native: { request: undefined, request_native: REQUEST } },
  'a root where the request has one': {
    request: JSON.stringify({ native: REQUEST }),
    adm: JSON.stringify({ native: ANSWER }),
  },
  'no root where that is agreed on': {
    request: { native: REQUEST },
    agreement: { nativeWrapped: false },
  },
  'the object itself where that is agreed on': { adm: ANSWER, agreement: { nativeObject: true } },
  'the newest version known for one to come': { asked: { ver: '1.3' } },
  'no version': { answer: { ver: undefined } },
  'an optional asset left out': { answer: { assets: [TITLE, IMAGE] } },
  'a picture that says no size': image({ w: undefined, h: undefined, type: undefined }),
  'a title of as many characters as it may have': title('🍵'.repeat(9)),
  'a video within': { asset: { id: 5, video: { vasttag: '<VAST/>' } } },
  'assets that are loaded': {
    asked: { aurlsupport: 1 },
    answer: { assets: undefined, assetsurl: 'https://ads.example/a' },
  },
  'markup that nurl brings': { bid: { adm: undefined, nurl: 'https://ads.example/n' } },
};

/** Each breaks one rule and no other. */
const BAD: [string, Case][] = [
  ['native-unreadable', { adm: '<a>' }],
  ['native-unreadable', { adm: '[]' }],
  ['field-type: bid.adm', { adm: ANSWER }],
  ['field-twice: native ver', { adm: JSON.stringify(ANSWER).replace('{', '{"ver":"1.2",') }],
  ['native-root: the answer has its root', { adm: JSON.stringify({ native: ANSWER }) }],
  ['native-root: the answer has not its root', { request: { native: REQUEST } }],
  ['native-root: the answer has not its root', { agreement: { nativeWrapped: true } }],
  ['unknown-field: native.links', { answer: { links: [] } }],
  ['unknown-field: native.title.value', { asset: { id: 1, title: { text: 'a', value: 'a' } } }],
  ['field-type: native.asset.id', { answer: { assets: [TITLE, IMAGE, { ...SPONSOR, id: '4' }] } }],
  [
    'field-type: native.link.clicktrackers',
    { answer: { link: { url: 'https://a.example', clicktrackers: 'https://a.example' } } },
  ],
  ['native-version: 1.2 where 1.1', { asked: { ver: '1.1' } }],
  ['native-version: 1.1 where 1.2', { answer: { ver: '1.1' } }],
  ['native-version: 1.2 where 1', { asked: { ver: undefined }, native: { ver: '1.0' } }],
  ['native-asset-missing: 2', { answer: { assets: [TITLE, SPONSOR] } }],
  ['native-asset-unknown: 9', { asset: { id: 9, title: { text: 'Tea' } } }],
  ['native-asset-twice: 1', { answer: { assets: [TITLE, IMAGE, TITLE] } }],
  ['native-asset-kind: title of 4', { asset: { id: 4, title: { text: 'Shop' } } }],
  ['native-asset-kind: none of 4', { asset: { id: 4 } }],
  ['native-asset-kind: title, data of 4', { asset: { ...SPONSOR, title: { text: 'a' } } }],
  ['native-asset-empty: 1', title(' ')],
  ['native-asset-empty: 4', { asset: { id: 4, data: { type: 1, value: '' } } }],
  ['native-asset-empty: 5', { asset: { id: 5, video: { vasttag: '' } } }],
  ['native-text-long: 1 over 9', title('Tea & Südd')],
  ['native-text-long: 4 over 25', { asset: { id: 4, data: { type: 1, value: 'x'.repeat(26) } } }],
  ['native-text-escaped: 1', title('A &amp; B')],
  ['native-text-escaped: 1', title('A&#39;s')],
  ['value-leaked: undefined', title('undefined')],
  ['template-left: {{name}}', title('{{name}}')],
  ['native-asset-type: 2 of 4', { asset: { id: 4, data: { type: 2, value: 'Shop' } } }],
  ['native-asset-type: 1 of 2', image({ type: 1 })],
  ['native-image-size: w 600 of 2', image({ w: 600 })],
  ['native-image-size: h 49 of 3', icon({ h: 49 })],
  ['url-not-absolute: native img', image({ url: '/1.jpg' })],
  ['insecure-url: native img', image({ url: 'http://cdn.example/1.jpg' })],
  ['native-link-missing', { answer: { link: undefined } }],
  ['native-link-missing', { answer: { link: { url: '' } } }],
  ['insecure-url: native link url', { answer: { link: { url: 'http://ads.example/c' } } }],
  [
    'url-not-absolute: native clicktracker',
    { answer: { link: { url: 'https://a.example', clicktrackers: ['x'] } } },
  ],
  ['insecure-url: native imptracker', { answer: { imptrackers: ['http://ads.example/i'] } }],
  ['insecure-url: native eventtracker', tracker({ url: 'http://ads.example/i' })],
  ['native-tracker: event 1 by method 2', tracker({ method: 2 })],
  ['native-tracker: event 2 by method 1', tracker({ event: 2 })],
  ['native-tracker: event 1 by method 1', { asked: { eventtrackers: undefined } }],
  ['native-tracker: without a URL', tracker({ url: undefined })],
  [
    'native-tracker: jstracker',
    { answer: { jstracker: '<script src="https://a.example"></script>' } },
  ],
  ['native-not-supported: privacy', { asked: { privacy: 0 } }],
  ['native-not-supported: dcourl', { answer: { dcourl: 'https://ads.example/d' } }],
  ['macro-unknown: adm ${AUCTION_PRISE}', tracker({ url: 'https://a.example/${AUCTION_PRISE}' })],
  ['characters: half of a character', title('\ud83d')],
  ['characters: a control character', title('a\u0008')],
  ['attribute-blocked: 1', { bid: { attr: [1] } }],
  ['size-without-sense: mtype 4', { bid: { w: 300, h: 250 } }],
  ['below-floor: 2.4 under 2.5', { bid: { price: 2.4 } }],
  ['media-not-offered: mtype 4', { imp: { native: undefined, banner: {} } }],
  ['markup-missing', { bid: { adm: undefined } }],
];

describe('the validator of native answers', () => {
  it.each(Object.entries(GOOD))('finds nothing wrong with %s', (_, change) => {
    expect(judged(change)).toEqual([]);
  });
  it.each(BAD)('finds %s, and nothing else (%#)', (violation, change) =>
    expectOnly(judged(change), violation),
  );
});
