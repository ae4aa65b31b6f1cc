import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AGREEMENT, type Change, expectOnly, judgedBids } from './answer-cases.contract.ts';
import type { Agreement } from './offer.ts';

const SAMPLES = '../shared/data/openrtb/vast';

const VIDEO = {
  mimes: ['video/mp4', 'Video/WebM'],
  minduration: 5,
  maxduration: 30,
  protocols: [3, 7, 11, 14],
  w: 640,
  h: 360,
  linearity: 1,
  skip: 1,
  skipmin: 10,
  skipafter: 5,
  minbitrate: 300,
  maxbitrate: 2000,
  delivery: [2],
  boxingallowed: 0,
  battr: [1],
};
const BID = {
  id: 'b1',
  impid: '1',
  price: 2.5,
  cid: 'autumn',
  crid: 'video-1',
  adomain: ['shop.example'],
  mtype: 2,
  protocol: 11,
  dur: 15,
  attr: [16],
  w: 640,
  h: 360,
};
const FILE =
  '<MediaFile delivery="progressive" type="video/mp4" width="1280" height="720" bitrate="1500">' +
  '<![CDATA[https://cdn.example/tea.mp4?a=1&b=2]]></MediaFile>';
const UNIVERSAL_ID = '<UniversalAdId idRegistry="unknown">video-1</UniversalAdId>';
const VAST = [
  '<VAST version="4.1" xmlns="http://www.iab.com/VAST"><Ad id="1"><InLine>',
  '<AdSystem>Shop</AdSystem><Error>https://ads.example/e?c=[ERRORCODE]</Error>',
  '<Impression><![CDATA[https://ads.example/i?p=${AUCTION_PRICE}&c=[CACHEBUSTING]]]></Impression>',
  '<AdServingId>s1</AdServingId><AdTitle>Tea &amp; Co</AdTitle><Creatives><Creative id="1">',
  '<Linear skipoffset="00:00:05"><Duration>00:00:15</Duration><MediaFiles>',
  FILE,
  '</MediaFiles><VideoClicks><ClickThrough><![CDATA[https://ads.example/c?t=1]]></ClickThrough>',
  `</VideoClicks></Linear>${UNIVERSAL_ID}</Creative></Creatives></InLine></Ad></VAST>`,
].join('');
const WRAPPER =
  '<VAST version="4.2"><Ad><Wrapper><AdSystem>Shop</AdSystem>' +
  '<Impression>https://ads.example/i</Impression>' +
  '<VASTAdTagURI>https://ads.example/v</VASTAdTagURI></Wrapper></Ad></VAST>';

interface Case {
  readonly video?: Change;
  readonly imp?: Change;
  readonly bid?: Change;
  readonly request?: Change;
  /** Besides the one. */
  readonly bids?: readonly Change[];
  readonly vast?: string;
  readonly agreement?: Partial<Agreement>;
}

function judged(change: Case): string[] {
  const video = { ...VIDEO, ...change.video };
  const imp = { id: '1', video, secure: 1, bidfloor: 2.5, ...change.imp };
  const bid = { ...BID, adm: change.vast ?? VAST, ...change.bid };
  const bids = [bid, ...(change.bids ?? []).map((more) => ({ ...bid, ...more }))];
  return judgedBids({ imp, request: change.request }, bids, { ...AGREEMENT, ...change.agreement });
}

function vast(...changes: readonly (readonly [string, string])[]): Case {
  let document = VAST;
  for (const [from, to] of changes) {
    expect(document).toContain(from);
    document = document.replace(from, () => to);
  }
  return { vast: document };
}

const file = (from: string, to: string, more: Case = {}): Case => ({
  ...vast([FILE, FILE.replace(from, to)]),
  ...more,
});
const notSkipped = vast([' skipoffset="00:00:05"', '']);
const pod = (video: Change, slotinpod: number): Case => ({
  video: { poddur: 60, maxseq: 4, ...video },
  bid: { slotinpod },
});
const deal = (fields: Change, bid: Change): Case => ({
  imp: { pmp: { deals: [{ id: 'd', ...fields }, { id: 'e' }] } },
  bid: { dealid: 'd', ...bid },
});
const audio = (more: Change = {}): Case => ({
  imp: { video: undefined, audio: { mimes: ['audio/mpeg'], protocols: [11], maxduration: 30 } },
  bid: { mtype: 3, w: undefined, h: undefined, attr: undefined, ...more },
  vast: VAST.replace(' skipoffset="00:00:05"', '').replace(
    'video/mp4" width="1280" height="720"',
    'audio/mpeg" width="0" height="0"',
  ),
});
const RANGES = [
  { mindur: 1, maxdur: 15, bidfloor: 4 },
  { mindur: 15, bidfloor: 6 },
  { maxdur: 14, bidfloor: 9 },
];

const GOOD: Record<string, Case> = {
  'the good answer': {},
  'no size of the bid': { bid: { w: undefined, h: undefined } },
  'the size of the file': { bid: { w: 1280, h: 720 } },
  'a wrapper where wrappers are taken': { vast: WRAPPER, bid: { protocol: 14, attr: undefined } },
  'what a request of 2.2 names': { video: { protocols: undefined, protocol: 11 } },
  'a place that says nothing': {
    imp: { video: { mimes: ['video/mp4'] } },
    bid: { w: undefined, h: undefined },
  },
  'an exact length': { video: { rqddurs: [6, 15], minduration: 20 } },
  'no skipping': { ...notSkipped, bid: { attr: [] }, video: { skip: 0 } },
  'skipping after a third': vast(['skipoffset="00:00:05"', 'skipoffset="34%"']),
  'a length with its fraction': vast(['00:00:15</D', '00:00:14.960</D']),
  'a sound': audio(),
  'a sound by another name of its type': {
    ...audio(),
    imp: { video: undefined, audio: { mimes: ['audio/mp3'] } },
    agreement: { mimeNames: { 'audio/mp3': 'audio/mpeg' } },
  },
  'the first place of a pod': pod({ slotinpod: 2 }, 1),
  'any place of a pod': pod({}, 0),
  'several ads of a pod': {
    video: { poddur: 60, maxseq: 4 },
    bids: [{ id: 'b2' }],
  },
  'a bid for each deal and two without': {
    ...deal({ bidfloor: 2 }, {}),
    bids: [
      { id: 'b2', dealid: 'e' },
      { id: 'b3', dealid: undefined },
      { id: 'b4', dealid: undefined, cid: 'winter' },
    ],
  },
  'a floor of another length': { video: { durfloors: [{ mindur: 16, bidfloor: 9 }] } },
  'a floor under that of the imp': {
    video: { durfloors: [{ maxdur: 15, bidfloor: 2 }] },
    bid: { price: 2 },
  },
  'a deal without the floors of the imp': {
    ...deal({ bidfloor: 1 }, { price: 1 }),
    video: { mincpmpersec: 1 },
  },
  'a screen that many see': {
    request: { dooh: { id: 'd', venuetype: ['1'] } },
    imp: { qty: { multiplier: 14.2, sourcetype: 1 }, dt: 1_700_000_000_000, secure: undefined },
    bid: { burl: 'https://ads.example/b?m=${AUCTION_MULTIPLIER}&t=${AUCTION_IMP_TS}' },
  },
  'markup that nurl brings': { bid: { adm: undefined, nurl: 'https://ads.example/n' } },
};

/** Each breaks one rule and no other. */
const BAD: [string, Case][] = [
  ['field-missing: dur', { bid: { dur: undefined, adm: undefined, nurl: 'https://a.example' } }],
  ['field-missing: protocol', { bid: { protocol: undefined } }],
  ['protocol-not-offered: 11', { video: { protocols: [3, 7, 14] } }],
  ['duration-not-offered: 15', { video: { maxduration: 14 } }],
  ['duration-not-offered: 15', { video: { minduration: 16 } }],
  ['duration-not-offered: 15', { video: { rqddurs: [6, 30] } }],
  ['duration-not-offered: 15', { video: { poddur: 10 } }],
  ['linearity-not-offered', { video: { linearity: 2 } }],
  ['slot-without-pod', { bid: { slotinpod: 1 } }],
  ['slot-without-pod', { video: { podid: 'p' }, bid: { slotinpod: 0 } }],
  ['slot-not-offered: 1 where 0', pod({}, 1)],
  ['slot-not-offered: -1 where 1', pod({ slotinpod: 1 }, -1)],
  ['slot-unknown: 3', pod({}, 3)],
  ['vast-unreadable', { vast: VAST.replace('</Linear>', '') }],
  ['vast-unreadable', { vast: VAST.replace('&amp;', '&') }],
  ['vast-unreadable', { vast: ' ' }],
  ['vast-unreadable: a document type', { vast: `<!DOCTYPE VAST [<!ENTITY a "b">]>${VAST}` }],
  ['vast-unreadable: its root is html', { vast: '<html/>' }],
  ['vast-version: 3.0 for protocol 11', vast(['"4.1"', '"3.0"'])],
  ['vast-ads: 0', { vast: '<VAST version="4.1"/>' }],
  ['vast-ads: 2', vast(['</Ad>', '</Ad><Ad/>'])],
  ['vast-wrapper: InLine for protocol 14', { ...vast(['"4.1"', '"4.2"']), bid: { protocol: 14 } }],
  [
    'vast-wrapper: Wrapper for protocol 13',
    { vast: WRAPPER, bid: { protocol: 13, attr: [] }, video: { protocols: [13] } },
  ],
  [
    'vast-element-missing: VASTAdTagURI',
    { vast: WRAPPER.replace(/<VASTAd.*URI>/, ''), bid: { protocol: 14, attr: [] } },
  ],
  ['vast-element-missing: AdSystem', vast(['<AdSystem>Shop</AdSystem>', ''])],
  ['vast-element-missing: AdTitle', vast(['Tea &amp; Co', ' '])],
  ['vast-element-missing: AdServingId', vast(['<AdServingId>s1</AdServingId>', ''])],
  ['vast-element-missing: Impression', { vast: VAST.replace(/<Impression>.*<\/Impression>/, '') }],
  ['vast-element-missing: UniversalAdId', vast([UNIVERSAL_ID, ''])],
  ['vast-element-missing: UniversalAdId', vast([' idRegistry="unknown"', ''])],
  [
    'vast-element-missing: Linear',
    { vast: VAST.replace(/<Linear .*<\/Linear>/, ''), bid: { attr: [] } },
  ],
  ['vast-element-missing: MediaFile', vast([FILE, ''])],
  ['vast-duration: "15" is no time', vast(['00:00:15', '15'])],
  ['vast-duration: "" is no time', vast(['<Duration>00:00:15</Duration>', ''])],
  ['vast-duration: 00:00:30 for 15 s', vast(['00:00:15', '00:00:30'])],
  ['skip-promised', notSkipped],
  ['skip-unsaid', { bid: { attr: [] } }],
  ['skip-offset: 5', vast(['skipoffset="00:00:05"', 'skipoffset="5"'])],
  ['skip-not-allowed', { video: { skip: 0 } }],
  ['skip-short: an ad of 15 s', { video: { skipmin: 15 } }],
  ['skip-early: after 5 s', { video: { skipafter: 6 } }],
  ['skip-early: after 1.5 s', vast(['skipoffset="00:00:05"', 'skipoffset="10%"'])],
  ['media-delivery: ""', file('delivery="progressive"', '')],
  [
    'media-size: 0x720 of a file',
    file('width="1280"', 'width="0"', { video: { boxingallowed: 1 } }),
  ],
  [
    'media-size: undefinedx720 of a file',
    file('width="1280" ', '', { video: { boxingallowed: 1 } }),
  ],
  ['media-size: 300x250 of the bid', { bid: { w: 300, h: 250 } }],
  ['media-shape: 1280x960 in 640x360', file('height="720"', 'height="960"')],
  ['mime-not-offered: video/ogg', file('video/mp4', 'video/ogg')],
  ['mime-missing: "" of a file', file(' type="video/mp4"', '')],
  ['bitrate-not-offered: 2500', file('"1500"', '"2500"')],
  ['bitrate-not-offered: 200', file('"1500"', '"200"')],
  ['delivery-not-offered: streaming', file('progressive', 'streaming')],
  ['api-not-offered: VPAID', file('bitrate', 'apiFramework="VPAID" bitrate')],
  ['insecure-url: vast MediaFile', file('https://', 'http://')],
  ['insecure-url: vast Impression', vast(['https://ads.example/i', 'http://ads.example/i'])],
  ['insecure-url: vast ClickThrough', vast(['https://ads.example/c', 'http://ads.example/c'])],
  ['url-not-absolute: vast MediaFile', file('https://cdn.example', '')],
  ['macro-unknown: adm ${AUCTION_PRISE}', vast(['AUCTION_PRICE', 'AUCTION_PRISE'])],
  ['value-leaked: undefined', vast(['Tea &amp; Co', 'undefined'])],
  ['template-left: {{title}}', vast(['Tea &amp; Co', '{{title}}'])],
  ['characters: a replacement character', vast(['Tea', '\ufffd'])],
  ['attribute-blocked: 16', { video: { battr: [16] } }],
  ['size-without-sense: mtype 3', audio({ w: 640, h: 360 })],
  ['media-not-offered: mtype 3', { bid: { mtype: 3, w: undefined, h: undefined } }],
  ['below-floor: 2.5 under 3', { video: { mincpmpersec: 0.2 } }],
  ['below-floor: 2.5 under 6', { video: { durfloors: RANGES, mincpmpersec: 0.2 } }],
  [
    'below-floor: 2.5 under 12',
    {
      video: { durfloors: RANGES, mincpmpersec: 0.4 },
      imp: { bidfloorcur: 'EUR' },
      bid: { price: 2.5 },
    },
  ],
  ['below-floor: 2.5 under 3', deal({ bidfloor: 1, mincpmpersec: 0.2 }, {})],
  ['below-floor: 2.5 under 6', deal({ bidfloor: 1, durfloors: RANGES }, {})],
  ['bid-id-twice: b1', { bids: [{ cid: 'winter' }] }],
  ['offer-twice: imp 1, campaign autumn', { bids: [{ id: 'b2' }] }],
  ['offer-twice: imp 1, deal d', { ...deal({}, {}), bids: [{ id: 'b2', cid: 'winter' }] }],
];

describe('the validator of video and audio answers', () => {
  it.each(Object.entries(GOOD))('finds nothing wrong with %s', (_, change) => {
    expect(judged(change)).toEqual([]);
  });
  it.each(BAD)('finds %s, and nothing else (%#)', (violation, change) =>
    expectOnly(judged(change), violation),
  );
  it.skipIf(!existsSync(SAMPLES))('reads the samples of the IAB (skipped without them)', () => {
    for (const name of readdirSync(SAMPLES)) {
      const source = readFileSync(`${SAMPLES}/${name}`, 'utf8');
      const protocol = name.startsWith('VAST_3') ? 3 : 7;
      const found = judged({
        imp: { video: { mimes: [] }, secure: 0 },
        bid: { adm: source, protocol, dur: 16, attr: [], w: undefined, h: undefined },
      });
      expect([name, found]).toEqual([name, []]);
    }
  });
});
