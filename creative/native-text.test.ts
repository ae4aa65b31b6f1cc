import { describe, expect, it } from 'vitest';
import { missing, payloads } from './hostile-payloads.contract.ts';
import { answer, asset, filled, made, nativePlacement, URLS } from './native.contract.ts';
import { plainText } from './native-text.ts';

const TEXTS = nativePlacement([
  asset('title'),
  asset('sponsored', { lengthMax: 25 }),
  asset('description', { lengthMax: 90, required: false }),
  asset('cta'),
]);

/** Nothing a feed, a shop or an offer says changes more than the text itself. */
function checkInert(payload: string): void {
  const text = `x${payload}`;
  const from = { item: { title: text }, title: text, creative: { description: text, cta: text } };
  const { adm } = made(TEXTS, from);
  const { assets, link, eventtrackers } = answer(TEXTS, from);
  const keys = assets.map((each: object) => Object.keys(each).join());
  expect(keys).toEqual(['id,title', 'id,data', 'id,data', 'id,data']);
  expect(link).toEqual({ url: URLS.clickUrl });
  expect(eventtrackers[0].url).toBe(URLS.impressionUrl);
  const own = adm.replaceAll(JSON.stringify(URLS.impressionUrl).slice(1, -1), '');
  expect(own, text).not.toMatch(/\$\{|%%|\{\{|##|[<>&$#](?!s=0)/);
  const seen: string = assets[0].title.text;
  expect(seen, text).not.toMatch(/\$\{|%%|\{\{|##|[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
}

it('shows an honest title as it is, and parts what opens a macro', () => {
  const title = (text: string) =>
    answer(nativePlacement([asset('title')]), { item: { title: text } }).assets[0].title.text;
  expect(title('Чай [100 g] {new} 5 % & "more" <3 $2 #1')).toBe(
    'Чай [100 g] {new} 5 % & "more" <3 $2 #1',
  );
  expect(title('${AUCTION_PRICE} %%CLICK%% {{x}} ##hb##')).toBe(
    '$ {AUCTION_PRICE} % %CLICK% % { {x}} # #hb# #',
  );
});

it('leaves out whatever nobody sees, and half characters', () => {
  const UNSEEN = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u;
  const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
  expect(units.filter((unit) => UNSEEN.test(plainText(`a${unit}b`)))).toEqual([]);
  expect(plainText('\n tea\t\r\nfor 2 \u{1f375}\u2029')).toBe('tea for 2 \u{1f375}');
});

it('lets no URL of a feed become a macro', () => {
  const imageUrl = 'https://shop.example/1.jpg?a=${AUCTION_PRICE}&b=%%X%%&c=[TS]&d={{y}}###hb##';
  expect(filled(asset('image'), { item: { imageUrl } })).toBe(
    'https://shop.example/1.jpg?a=$%7BAUCTION_PRICE%7D&b=%25%X%25%&c=%5BTS%5D&d=%7B%7By%7D%7D#%23%23hb#%23',
  );
});

describe(`promise 10: inert data: known payloads as title, shop and texts change no native answer${missing}`, () => {
  it.skipIf(missing !== '').each([
    ['xss/patt_xss.jsonl', 700],
    ['xss/h5sc_vectors.jsonl', 70],
    ['template/ssti.jsonl', 80],
    ['strings/blns.json', 500],
  ])('%s', (file, atLeast) => {
    const all = payloads(file);
    expect(all.length).toBeGreaterThan(atLeast);
    for (const payload of all) checkInert(payload);
  });
});
