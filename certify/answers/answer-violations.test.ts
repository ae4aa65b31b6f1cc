import { describe, expect, it } from 'vitest';
import { AGREEMENT, answered, type Change, expectOnly } from './answer-cases.contract.ts';
import { violationsOf, type WireAnswer } from './answer-violations.ts';

const DATA_URL = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>";

const BID = {
  id: 'b1',
  impid: '1',
  price: 2.5,
  cid: 'autumn',
  crid: 'grid-1',
  adid: 'grid-1',
  adomain: ['shop.example'],
  cat: ['IAB22-1'],
  cattax: 1,
  attr: [21],
  w: 300,
  h: 250,
  mtype: 1,
  exp: 120,
  nurl: 'https://ads.example/n?t=1&p=${AUCTION_PRICE}',
  burl: 'https://ads.example/b?t=1&p=${AUCTION_PRICE:B64}',
  lurl: 'https://ads.example/l?t=1&c=${AUCTION_LOSS}',
  adm: markup(`<img src="${DATA_URL}" alt="&#34;&lt;">`),
};
const DSA = { behalf: 'A', paid: 'B', adrender: 0 };
const IMP = {
  id: '1',
  banner: { format: [{ w: 300, h: 250 }], w: 728, h: 90, battr: [1], mimes: ['text/html'] },
  secure: 1,
  bidfloor: 2.5,
};
const REQUEST = {
  id: 'r1',
  imp: [IMP, { id: '2', banner: { w: 320, h: 50 } }],
  wseat: ['seat'],
  bcat: ['IAB22-11', 'IAB2'],
  badv: ['op.example', 'other.example'],
  wlang: ['en'],
  device: { w: 400, h: 700 },
};

function markup(inside: string): string {
  return `<div class="a" lang="en"><style>.a>b{color:#123}@media(x){i{top:0}}</style><a href="https://ads.example/c?a=1&amp;b=2">${inside}</a></div>`;
}

/** Parts of a request and an answer that differ from the good ones. */
interface Case {
  readonly request?: Change;
  readonly imp?: Change;
  readonly bid?: Change;
  readonly banner?: Change;
  readonly seatbid?: Change;
  readonly response?: Change;
  readonly answer?: (good: WireAnswer) => Partial<WireAnswer>;
}

function judged(change: Case): string[] {
  const imp = { ...IMP, banner: { ...IMP.banner, ...change.banner }, ...change.imp };
  const request = { ...REQUEST, imp: [imp, REQUEST.imp[1]], ...change.request };
  const seatbid = { seat: 'seat', bid: [{ ...BID, ...change.bid }], ...change.seatbid };
  const response = { id: 'r1', bidid: 'x', cur: 'USD', seatbid: [seatbid], ...change.response };
  const good = answered(JSON.stringify(response));
  return violationsOf(request, { ...good, ...change.answer?.(good) }, AGREEMENT);
}

const withoutBody = { body: Buffer.alloc(0) };
const header = (name: string, value: string | undefined) => ({
  answer: ({ headers }: WireAnswer) => ({ headers: { ...headers, [name]: value } }),
});
const text = (body: string) => ({ answer: () => answered(body) });
const source = (change: (body: string) => string) => ({
  answer: ({ body }: WireAnswer) => answered(change(Buffer.from(body).toString())),
});
const empty = (status: number, length?: string) => ({
  answer: () => ({ ...withoutBody, status, headers: { 'content-length': length } }),
});
const deals = (deal: Change, more: Change = {}) => ({
  imp: { pmp: { private_auction: 1, deals: [{ id: 'd', ...deal }] } },
  bid: { dealid: 'd', ...more },
});
const flexible = { format: [{ wratio: 6, hratio: 5, wmin: 200 }], w: undefined, h: undefined };

const GOOD: Record<string, Case> = {
  'the good answer': {},
  'no bid': empty(204),
  'a bid in another allowed currency': {
    request: { cur: ['JPY', 'eur'] },
    response: { cur: 'EUR' },
    imp: { bidfloor: 5 },
  },
  'the id of a number': { request: { id: 7 }, response: { id: '7' } },
  'a flexible size': { banner: flexible, bid: { wratio: 6, hratio: 5 } },
  'a full screen': { imp: { instl: 1 }, bid: { w: 400, h: 600 } },
  'a block of no subdomain of its own': { request: { badv: ['www.shop.example'] } },
  'a block of a page': { request: { badv: ['shop.example/page'] } },
  'an allowed parent category': { request: { bcat: [], acat: ['IAB22'] } },
  'a deal under the floor of the imp': deals({ bidfloor: 2, wadomain: ['Shop.example.'] }),
  'a deal at its fixed price': deals(
    { bidfloor: 1.25, bidfloorcur: 'USD', at: 3 },
    { price: 1.25 },
  ),
  'a deal finer than a millionth, rounded up in its own currency': deals(
    { bidfloor: 1e-7, bidfloorcur: 'EUR', at: 3 },
    { price: 0.000002 },
  ),
  'http where it is allowed': {
    imp: { secure: 0 },
    bid: { adm: markup('<img src="http://x.example/1.png" alt="">') },
  },
  'a drawing in the page': {
    bid: { adm: markup('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>') },
  },
};

/** Each breaks one rule and no other. */
const BAD: [string, Case][] = [
  ['status: 500', empty(500)],
  ['refused: the request can be read', empty(400)],
  ['body: 3 bytes with 204', { answer: () => ({ ...empty(204).answer(), body: Buffer.alloc(3) }) }],
  ['content-length: 0 with 204', empty(204, '0')],
  ['content-length: 7 for', header('content-length', '7')],
  ['content-length: undefined for', header('content-length', undefined)],
  ['content-type: text/plain', header('content-type', 'text/plain')],
  ['transfer-encoding', header('transfer-encoding', 'chunked')],
  ['content-encoding', header('content-encoding', 'gzip')],
  ['body: no JSON object in UTF-8', text('')],
  ['body: no JSON object in UTF-8', text('[]')],
  ['field-twice: cid', source((body) => body.replace('"adid":"grid-1"', '"cid":"autumn"'))],
  ['id-echo: r2', { response: { id: 'r2' } }],
  ['currency: EUR is not among USD', { response: { cur: 'EUR' } }],
  [
    'currency: EUR is not among USD, JPY',
    { request: { cur: ['USD', 'JPY'] }, response: { cur: 'EUR' } },
  ],
  ['currency: usd is no code', { response: { cur: 'usd' }, imp: { bidfloor: 0 } }],
  ['no-bids: an answer without', { response: { seatbid: [] } }],
  ['unknown-field: response.nbid', { response: { nbid: 1 } }],
  ['unknown-field: seatbid.seats', { seatbid: { seats: 1 } }],
  ['unknown-field: bid.constructor', { bid: { constructor: 1 } }],
  ['field-type: response.bidid', { response: { bidid: 1 } }],
  ['field-type: seatbid.group', { seatbid: { group: true } }],
  ['field-type: bid.price', { bid: { price: '2.5' } }],
  ['field-type: bid.attr', { bid: { attr: ['21'] } }],
  ['field-type: bid.adomain', { bid: { adomain: 'shop.example' } }],
  ['seat-not-allowed: "other"', { seatbid: { seat: 'other' } }],
  ['seat-not-allowed: ""', { seatbid: { seat: undefined } }],
  ['seat-not-allowed: "seat"', { request: { wseat: 'one' } }],
  ['seat-blocked: seat', { request: { wseat: [], bseat: ['a', 'seat'] } }],
  ['seat-blocked: seat', { request: { wseat: [], bseat: [' seat\t'] } }],
  [
    'bid-id-twice: b1',
    { seatbid: { bid: [BID, { ...BID, impid: '2', w: 320, h: 50, cid: 'b' }] } },
  ],
  [
    'campaign-twice: autumn',
    { seatbid: { bid: [BID, { ...BID, impid: '2', w: 320, h: 50, id: 'c' }] } },
  ],
  ['impid-unknown: 3', { bid: { impid: '3' } }],
  ['impid-ambiguous: 1', { request: { imp: [IMP, IMP] } }],
  ...['id', 'crid', 'cid', 'adomain', 'mtype'].map((name): [string, Case] => [
    `field-missing: ${name}`,
    { bid: { [name]: undefined } },
  ]),
  ['field-missing: a short crid', { bid: { crid: 'x'.repeat(129) } }],
  ['media-not-offered: mtype 2', { bid: { mtype: 2 } }],
  ['price-not-positive: 0', { bid: { price: 0 }, imp: { bidfloor: 0 } }],
  ['price-digits: 2.5000001', { bid: { price: 2.5000001 } }],
  ['below-floor: 2.5 under 2.51', { imp: { bidfloor: 2.51 } }],
  ['below-floor: 2.5 under 2.6', { imp: { bidfloor: '1.3', bidfloorcur: 'eur' } }],
  ['floor-unreadable: much', { imp: { bidfloor: 'much' } }],
  ['floor-currency: XTS', { imp: { bidfloorcur: 'XTS' } }],
  ['ratio-missing: 300x250', { banner: flexible }],
  ['deal-missing', { imp: { pmp: { private_auction: 1, deals: [{ id: 'd' }] } } }],
  ['deal-unknown: e', deals({}, { dealid: 'e' })],
  ['deal-seat: seat', deals({ wseat: ['other'] })],
  ['deal-advertiser: shop.example', deals({ wadomain: ['op.example'] })],
  ['below-floor: 2.5 under 3', deals({ bidfloor: 3 })],
  ['deal-price: 2.5 is not 2', deals({ bidfloor: 2, at: 3 })],
  ['size-not-offered: 300x600', { bid: { h: 600 } }],
  ['size-missing', { bid: { w: undefined, h: undefined } }],
  ['size-not-offered: 300x300', { banner: flexible, bid: { h: 300 } }],
  ['size-not-offered: 180x150', { banner: flexible, bid: { w: 180, h: 150 } }],
  ['size-not-offered: 400x800', { imp: { instl: 1 }, bid: { w: 400, h: 800 } }],
  ['attribute-blocked: 21', { banner: { battr: [1, 21] } }],
  ['attribute-blocked: 21', { banner: { battr: ['21'] } }],
  ['category-blocked: IAB22-1', { request: { bcat: ['iab22'] } }],
  ['category-blocked: IAB22-1', { request: { bcat: 'IAB22-1' } }],
  ['category-blocked: IAB22-1', { request: { bcat: ['IAB22 '] } }],
  ['category-taxonomy: 1 for 6', { request: { cattax: 6 } }],
  ['category-not-allowed: IAB22-1', { request: { bcat: [], acat: ['IAB1'] } }],
  ['category-missing', { bid: { cat: undefined } }],
  ...['shop.example', 'Example.', 'http://shop.example/', 'SHOP.EXAMPLE'].map(
    (name): [string, Case] => ['advertiser-blocked: shop.example', { request: { badv: [name] } }],
  ),
  [
    'advertiser-blocked: xn--e1afmkfd.example',
    { request: { badv: ['пример.example'] }, bid: { adomain: ['xn--e1afmkfd.example'] } },
  ],
  ['app-blocked: com.app', { request: { bapp: ['com.app'] }, bid: { bundle: 'com.app' } }],
  ['dsa-missing', { request: { regs: { ext: { dsa: { dsarequired: 2 } } } } }],
  ['dsa-paid: ', { bid: { ext: { dsa: { behalf: 'A', adrender: 0 } } } }],
  [
    'dsa-rendering: nobody shows the notice',
    { request: { regs: { ext: { dsa: { pubrender: 0 } } } }, bid: { ext: { dsa: DSA } } },
  ],
  [
    'dsa-rendering: both show the notice',
    {
      request: { regs: { ext: { dsa: { pubrender: 2 } } } },
      bid: { ext: { dsa: { ...DSA, adrender: 1 } } },
    },
  ],
  ['dsa-transparency: incomplete', { bid: { ext: { dsa: { ...DSA, transparency: [{}] } } } }],
  ['language-not-allowed: en', { request: { wlang: ['fr'] } }],
  ['language-not-allowed: de-AT', { bid: { language: 'de-AT' } }],
  ['exp-not-positive: 0', { bid: { exp: 0 } }],
  ['markup-missing', { bid: { adm: '', nurl: undefined } }],
  ['banner-type-blocked: 2', { banner: { btype: [2, 4] } }],
  ['banner-type-blocked: 4', { banner: { btype: [4] }, bid: { adm: markup('<iframe></iframe>') } }],
  ['mime-not-offered', { banner: { mimes: ['image/png'] } }],
  ['url-not-absolute: nurl', { bid: { nurl: '/n?p=${AUCTION_PRICE}' } }],
  ['url-not-absolute: burl', { bid: { burl: 'https://ads.example/ b' } }],
  ['url-not-absolute: lurl', { bid: { lurl: 'ftp://ads.example/' } }],
  ...['nurl', 'burl', 'lurl'].map((name): [string, Case] => [
    `insecure-url: ${name}`,
    { bid: { [name]: 'http://ads.example/' } },
  ]),
  ['macro-unknown: nurl ${AUCTION_PRISE}', { bid: { nurl: 'https://a.example/${AUCTION_PRISE}' } }],
  ['macro-unknown: adm ${auction_price}', { bid: { adm: markup('${auction_price}') } }],
  ['macro-unknown: adm ${AUCTION_PRICE', { bid: { adm: markup('${AUCTION_PRICE') } }],
  ['macro-escaped: burl', { bid: { burl: 'https://a.example/%24%7BAUCTION_PRICE%7D' } }],
  ['macro-escaped: adm', { bid: { adm: markup('&#36;{AUCTION_PRICE}') } }],
];

const BAD_MARKUP: [string, string][] = [
  ['insecure-url: adm', '<img src=" http://x.example/1.png" alt="">'],
  ['insecure-url: adm', '<img src="ht&#116;p://x.example/1.png" alt="">'],
  ['insecure-url: adm', '<img srcset="a.png 1x, http://x.example/1.png 2x" alt="">'],
  ['insecure-url: adm', '<b style="background:url(http://x.example/1.png)"></b>'],
  ['insecure-url: adm', '<style>b{background:url("http://x.example/1.png")}</style>'],
  ['insecure-url: adm', '<style>@import "http://x.example/1.css";</style>'],
  ['characters: half of a character', '\ud83d'],
  ['characters: a control character', '\u0008'],
  ['characters: a replacement character', '\ufffd'],
  ['markup-broken: </i> where b is open', '<b></i>'],
  ['markup-broken: <b/> closes itself', '<b/>'],
  ['markup-broken: no tag at', 'a < b'],
  ['markup-broken: alt is given twice', '<img alt="" alt="">'],
  ['markup-broken: no tag at', '<img alt="a"b>'],
  ['template-left: {{text item.title}}', '{{text item.title}}'],
  ['template-left: in a style', '<style>b{top:{{int x}}px}</style>'],
  ['value-leaked: undefined', '<b>undefined</b>'],
  ['value-leaked: [object Object]', '<img alt="[object Object]">'],
  ['script: an element', '<script>1</script>'],
  ['script: onerror of img', '<img alt="" onerror="x">'],
  ['script: a URL in href of a', '<a href="java&#x53;cript:x">x</a>'],
  ['script: srcdoc of iframe', '<iframe srcdoc="x"></iframe>'],
];

describe('the validator of answers', () => {
  it.each(Object.entries(GOOD))('finds nothing wrong with %s', (_, change) => {
    expect(judged(change)).toEqual([]);
  });
  it.each(BAD)('finds %s, and nothing else', (violation, change) => check(violation, change));
  it.each(BAD_MARKUP)('finds %s in %s, and nothing else', (violation, inside) =>
    check(violation, { bid: { adm: markup(inside) } }),
  );
  it('finds a seat that answers twice', () => {
    const two = { seat: 'seat', bid: [{ ...BID, id: 'b2', impid: '2', w: 320, h: 50, cid: 'b' }] };
    const seatbid = [{ seat: 'seat', bid: [BID] }, two];
    expect(judged({ response: { seatbid } })).toEqual(['seat-twice: seat']);
  });
  it('finds a bid on what is no request', () => {
    const answer = answered(JSON.stringify({ id: '', seatbid: [] }));
    expect(violationsOf(undefined, answer, AGREEMENT)[0]).toContain('bid-on-unreadable');
  });
  it('finds an element that is left open', () => {
    expect(judged({ bid: { adm: '<div lang="en"><b>' } })).toEqual([
      'markup-broken: <div> is not closed',
      'markup-broken: <b> is not closed',
    ]);
  });
});

function check(violation: string, change: Case): void {
  expectOnly(judged(change), violation);
}
