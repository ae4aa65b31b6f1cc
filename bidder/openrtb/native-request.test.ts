import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NativeAsset, NativePlacement } from '../../creative/native-placement.ts';
import { hasData, jsonFiles } from '../corpora.contract.ts';
import { NATIVE } from './format-shapes.ts';
import { decodeNativePlacement } from './native-request.ts';
import { openrtbProto, toProtobuf } from './openrtb-proto.contract.ts';
import { protobufShape } from './protobuf-shape.ts';
import { readJson } from './read-json.ts';
import { JSON_DEPTH_MAX } from './read-limits.ts';
import { readProtobuf } from './read-protobuf.ts';
import { list, object } from './read-values.ts';
import { REQUEST_SHAPE } from './request-shape.ts';

const REQUEST = {
  ver: '1.2',
  plcmtcnt: 2,
  assets: [
    { id: 1, required: 1, title: { len: 90 } },
    { id: 2, required: 1, img: { type: 3, wmin: 600, hmin: 315, mimes: ['image/JPEG'] } },
    { id: 3, img: { type: 1, w: 80, h: 80 } },
    { id: 4, required: 0, data: { type: 1, len: 25 } },
    { id: 5, data: { type: 3 } },
    { id: 6, video: { mimes: ['video/mp4'] } },
    { id: 7, data: { type: 12, len: 15 } },
  ],
  eventtrackers: [
    { event: 2, methods: [1] },
    { event: 1, methods: [2, 1] },
  ],
  privacy: 1,
};

const NOTHING = { required: false, lengthMax: 0, w: 0, h: 0, wMin: 0, hMin: 0, mimes: [] };
const ASSETS: readonly NativeAsset[] = [
  { ...NOTHING, id: 1, required: true, content: 'title', type: 0, lengthMax: 90 },
  {
    ...NOTHING,
    id: 2,
    required: true,
    content: 'image',
    type: 3,
    wMin: 600,
    hMin: 315,
    mimes: ['image/jpeg'],
  },
  { ...NOTHING, id: 3, content: 'icon', type: 1, w: 80, h: 80 },
  { ...NOTHING, id: 4, content: 'sponsored', type: 1, lengthMax: 25 },
  { ...NOTHING, id: 7, content: 'cta', type: 12, lengthMax: 15 },
];
const OFFER: NativePlacement = {
  kind: 'native',
  version: '1.2',
  wrapped: false,
  assets: ASSETS,
  imageTracker: true,
  privacy: true,
  count: 2,
  blockedAttributes: [],
};

function decode(native: object): NativePlacement | string {
  return decodeNativePlacement(object(readJson(Buffer.from(JSON.stringify(native)), NATIVE)));
}

function placement(request: object): NativePlacement {
  const decoded = decode({ request });
  if (typeof decoded === 'string') throw new Error(decoded);
  return decoded;
}

const withAssets = (...assets: object[]) => ({ ...REQUEST, assets });
const title = { id: 1, required: 1, title: { len: 90 } };

describe('each wrapping', () => {
  it.each([
    ['JSON text', { request: JSON.stringify(REQUEST) }, false],
    ['JSON text with a root', { request: JSON.stringify({ native: REQUEST }) }, true],
    ['an object', { request: REQUEST }, false],
    ['an object with a root', { request: { native: REQUEST } }, true],
  ])('is read: %s', (_, native, wrapped) => expect(decode(native)).toEqual({ ...OFFER, wrapped }));

  it('is read: a message of protobuf', () => {
    const message = {
      ...REQUEST,
      privacy: true,
      assets: REQUEST.assets.map((asset) => ({ ...asset, required: asset.required === 1 })),
    };
    const bytes = toProtobuf(openrtbProto(false), 'BidRequest', {
      id: 'r',
      imp: [{ id: '1', native: { request_native: message } }],
    });
    const read = readProtobuf(bytes, protobufShape('BidRequest', REQUEST_SHAPE));
    const [imp] = list(read['imp'], 1);
    expect(decodeNativePlacement(object(object(imp)['native']))).toEqual(OFFER);
  });
});

describe('the version', () => {
  const version = (ver: unknown) => placement({ ...REQUEST, ver }).version;

  it('may be a number or a text, and a newer one is answered as 1.2', () => {
    expect([1, '1', '1.0', 1.1, '1.1', '1.2', 1.2, '1.3', 2].map(version)).toEqual([
      '1.0',
      '1.0',
      '1.0',
      '1.1',
      '1.1',
      '1.2',
      '1.2',
      '1.2',
      '1.2',
    ]);
  });

  it('is beside the request, or that of the wrapping, where the request has none', () => {
    const request = { ...REQUEST, ver: undefined };
    expect(decode({ request, ver: '1.1' })).toMatchObject({ version: '1.1' });
    expect(decode({ request })).toMatchObject({ version: '1.2' });
    expect(decode({ request: { native: request } })).toMatchObject({ version: '1.0' });
    expect(decode({ request: { ...request, ver: 'newest' } })).toMatchObject({ version: '1.2' });
  });
});

describe('an asset', () => {
  it('may have its numbers as texts', () =>
    expect(
      placement(withAssets({ id: '7', required: '1', img: { type: '3', w: '300', h: 250.0 } }))
        .assets,
    ).toEqual([{ ...NOTHING, id: 7, required: true, content: 'image', type: 3, w: 300, h: 250 }]));

  it('is an image without a type, and an icon as a logo', () =>
    expect(
      placement(withAssets({ id: 1, img: {} }, { id: 2, img: { type: 2 } })).assets.map(
        ({ content }) => content,
      ),
    ).toEqual(['image', 'icon']));

  it.each([
    ['a video', { id: 1, video: {} }],
    ['a rating', { id: 1, data: { type: 3 } }],
    ['a kind of an exchange', { id: 1, data: { type: 500 } }],
    ['an image of another kind', { id: 1, img: { type: 501 } }],
    ['nothing at all', { id: 1 }],
    ['without an id', { title: { len: 25 } }],
  ])('that we never have is left out, and refused when it is required: %s', (_, asset) => {
    const { id: _id, ...rest } = { id: 0, ...asset };
    const second = 'id' in asset ? { ...rest, id: 2 } : rest;
    expect(placement(withAssets(title, second)).assets).toHaveLength(1);
    const required = { ...second, required: 1 };
    expect(decode({ request: withAssets(title, required) })).toBe('native-asset-unsupported');
  });
});

it('says whether the impression may be counted by eventtrackers', () => {
  const takes = (eventtrackers: unknown) => placement({ ...REQUEST, eventtrackers }).imageTracker;
  expect(takes([{ event: 1, methods: [1] }])).toBe(true);
  expect(takes([{ event: '1', methods: 1 }])).toBe(true);
  expect(
    takes([
      { event: 1, methods: [2] },
      { event: 2, methods: [1] },
    ]),
  ).toBe(false);
  expect(takes(undefined)).toBe(false);
});

it.each([
  ['nothing', {}],
  ['no JSON', { request: '{"ver":"1.2",' }],
  ['an empty text', { request: '' }],
  ['another type', { request: 7 }],
  ['a list', { request: [REQUEST] }],
  ['no assets', { request: { ver: '1.2' } }],
  ['too many assets', { request: withAssets(...new Array(33).fill(title)) }],
  ['a text of any length', { request: JSON.stringify({ ...REQUEST, ext: 'x'.repeat(16_384) }) }],
  ['JSON of any depth', { request: `{"x":${'['.repeat(JSON_DEPTH_MAX + 1)}` }],
])('is unreadable: %s', (_, native) => expect(decode(native)).toBe('native-unreadable'));

it('is not bid on where its block list would be cut', () =>
  expect(decode({ request: REQUEST, battr: new Array(65).fill(1) })).toBe('block-list-too-long'));

it('never throws, whatever stands in a field', () => {
  const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constant(REQUEST), fc.string());
  const asset = fc.record(
    { id: anything, required: anything, title: anything, img: anything, data: anything },
    { requiredKeys: [] },
  );
  const request = fc.record(
    {
      ver: anything,
      assets: fc.oneof(fc.array(asset), anything),
      eventtrackers: fc.oneof(fc.array(anything), anything),
      native: anything,
    },
    { requiredKeys: [] },
  );
  const wires = fc.record(
    {
      request: fc.oneof(
        request,
        request.map((each) => JSON.stringify(each)),
        anything,
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(wires, (wire) => {
      const decoded = decodeNativePlacement(wire);
      const assets = typeof decoded === 'string' ? [title] : decoded.assets;
      expect(assets.length).toBeGreaterThan(0);
      expect(assets.length).toBeLessThanOrEqual(32);
    }),
    { numRuns: 1000 },
  );
});

it.skipIf(!hasData)('reads every native of the corpus (skipped without ../shared/data)', () => {
  const counts = new Map<string, number>();
  for (const json of jsonFiles('openrtb/requests/')) {
    for (const imp of list(object(readJson(json, REQUEST_SHAPE))['imp'], Infinity)) {
      const { native } = object(imp);
      if (native === undefined) continue;
      const decoded = decodeNativePlacement(object(native));
      const key = typeof decoded === 'string' ? decoded : decoded.version;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  for (const version of ['1.0', '1.1', '1.2']) expect(counts.get(version)).toBeGreaterThan(10);
  // Most of them have no request at all, or assets without an id.
  expect(counts.get('native-unreadable')).toBeLessThan(50);
  expect(counts.get('native-asset-unsupported')).toBeLessThan(40);
});
