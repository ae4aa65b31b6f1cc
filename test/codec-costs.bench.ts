/**
 * What it costs to read a request, to read a consent string and to write an answer, in process:
 * `npm run bench:codecs`. docs/latency-budget.md has what it said.
 */
import { Buffer } from 'node:buffer';
import { bench, describe } from 'vitest';
import { decodeBidRequest, decodeProtobufRequest } from '../bidder/openrtb/decode-bid-request.ts';
import { answer, bidsOf } from '../bidder/openrtb/encoded-bids.contract.ts';
import { openrtbProto, toProtobuf } from '../bidder/openrtb/openrtb-proto.contract.ts';
import { JSON_FORMAT, PROTOBUF_FORMAT } from '../bidder/openrtb/wire-format.ts';
import { tcf } from '../privacy/consent-text.contract.ts';
import { readTcf } from '../privacy/tcf.ts';

const VENDOR = 755;
const NATIVE = JSON.stringify({
  ver: '1.2',
  assets: [
    { id: 1, required: 1, title: { len: 90 } },
    { id: 2, required: 1, img: { type: 3, wmin: 300, hmin: 200 } },
    { id: 3, data: { type: 6 } },
    { id: 4, data: { type: 12 } },
  ],
  eventtrackers: [{ event: 1, methods: [1] }],
});
const IMPS: Readonly<Record<string, object>> = {
  banner: { banner: { w: 300, h: 250 } },
  native: { native: { request: NATIVE } },
  video: { video: { mimes: ['video/mp4'], protocols: [2, 3, 7], maxduration: 30, w: 640, h: 360 } },
  deals: { banner: { w: 300, h: 250 }, pmp: { deals: [{ id: 'a', bidfloor: 1.5 }, { id: 'b' }] } },
};
const REST = {
  id: 'r',
  at: 1,
  tmax: 120,
  cur: ['USD'],
  site: { domain: 'news.example', page: 'https://news.example/today' },
  device: { ua: 'Mozilla/5.0 (X11; Linux x86_64)', geo: { country: 'USA' } },
  user: { buyeruid: 'abcdef' },
};
const PROTO = openrtbProto(false);

describe.each(Object.keys(IMPS))('decode a request of a %s', (kind) => {
  const request = { ...REST, imp: [{ id: '1', bidfloor: 0.5, ...IMPS[kind] }] };
  const json = Buffer.from(JSON.stringify(request));
  const protobuf = toProtobuf(PROTO, 'BidRequest', request);
  bench('JSON', () => void decodeBidRequest(json, 'generic', [VENDOR]));
  bench('protobuf', () => void decodeProtobufRequest(protobuf, 'generic', [VENDOR]));
});

describe('read a consent string', () => {
  const usual = tcf({});
  bench('TCF', () => void readTcf(usual, VENDOR));
});

describe.each(['banner', 'native', 'video', 'audio'] as const)('encode a %s', (kind) => {
  const bids = bidsOf({
    requestId: 'r',
    deal: '',
    kind,
    impIds: ['1'],
    seat: 'seat-1',
    domains: ['shop.example'],
    categories: ['IAB22-1'],
    attributes: [],
    size: '300x250',
    priceCpmMicros: 1_234_567,
    expS: 120,
    taxonomy: 1,
    dsa: null,
    dsaTerms: null,
    person: 'LPh3ineth4tznT-o',
  });
  bench('JSON', () => void answer(JSON_FORMAT, bids));
  bench('protobuf', () => void answer(PROTOBUF_FORMAT, bids));
});
