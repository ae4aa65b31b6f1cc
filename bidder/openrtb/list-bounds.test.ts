import { describe, expect, it } from 'vitest';
import { decodeBidRequest } from './decode-bid-request.ts';
import { type FieldKind, kindOf } from './field-kinds.ts';
import { type JsonShape, SCALAR } from './json-shape.ts';
import { decodeAudioPlacement, decodeVideoPlacement } from './media-placement.ts';
import { decodeNativePlacement } from './native-request.ts';
import { normaliseRequest } from './normalise-request.ts';
import { openrtbProto, toProtobuf } from './openrtb-proto.contract.ts';
import { protobufShape } from './protobuf-shape.ts';
import { readJson } from './read-json.ts';
import { readProtobuf } from './read-protobuf.ts';
import { isObject, type JsonObject, list, object } from './read-values.ts';
import { REQUEST_SHAPE } from './request-shape.ts';

const LISTS: readonly (FieldKind | undefined)[] = ['texts', 'wholes', 'list', 'objects'];
const PROTO = openrtbProto(false);
const PROTOBUF_SHAPE = protobufShape('BidRequest', REQUEST_SHAPE);

/** Each field that is read as a list, as `imp.pmp.deals`, with its shape. */
const BOUNDED = new Map(listsIn(REQUEST_SHAPE, ''));

/** openrtb.proto does not know them. */
const WITHOUT_NUMBER = new Set(['regs.ext.gpp_sid', 'ext.schain.nodes']);

/** What stands around a list, so that the request is read so far; others are objects of nothing else. */
const ASSETS = { assets: [{ id: 1, title: { len: 9 } }] };
const AROUND: Readonly<Record<string, object>> = {
  request: ASSETS,
  native: ASSETS,
  request_native: ASSETS,
  video: { podid: 'p' },
  imp: { id: '1' },
  banner: { w: 300, h: 250 },
  deals: { id: 'd' },
  eids: { source: 'a.example', mm: 1 },
  assets: { id: 1 },
  img: { type: 3 },
  eventtrackers: { event: 1 },
};

/** Of many, by its place; other lists have numbers, other texts `t7`. */
const ELEMENTS: Readonly<Record<string, (i: number) => unknown>> = {
  imp: (i) => ({ id: `${i}`, banner: {} }),
  'imp.banner.mimes': (i) => (i < 31 ? `t${i}` : 'text/html'),
  format: (i) => ({ w: 100 + i, h: 100 }),
  deals: (i) => ({ id: `d${i % 64}` }),
  durfloors: (i) => ({ mindur: i, bidfloor: 1 }),
  eids: (i) => ({ source: `${i}.example`, uids: [{ id: `e${i}`, atype: i > 12 ? 3 : 1 }] }),
  uids: (i) => ({ id: `u${i}`, atype: 3 }),
  nodes: (i) => ({ asi: `${i}.example`, sid: `${i}` }),
  assets: (i) => ({ id: i, title: { len: 10 } }),
  eventtrackers: (i) => ({ event: i < 31 ? 2 : 1, methods: [1] }),
  methods: (i) => (i < 31 ? 2 : 1),
  cur: (i) => `A${String.fromCharCode(65 + (i % 26), 65 + (i % 25))}`,
};

describe('a list that is cut while it is read', () => {
  it.each([...BOUNDED.keys()])('is what it was to the decoder: %s', (path) => {
    const most = BOUNDED.get(path)!.kept - 1;
    const met = [most - 1, most, most + 1, most + 2, 3 * most].map((length) => {
      const sent = requestWith(path, length);
      const made = madeOf(sent);
      const json = Buffer.from(JSON.stringify(sent));
      expect(madeOf(readJson(json, REQUEST_SHAPE)), `${length} of them`).toEqual(made);
      return JSON.stringify(made);
    });
    // Or else it would have passed unread. Too many sections are as unreadable as those without a string.
    if (!path.endsWith('gpp_sid')) expect(new Set(met.slice(0, 3)).size).toBeGreaterThan(1);
  });

  it.each([...BOUNDED.keys()].filter((path) => !path.includes('request.')))(
    'is cut in protobuf as in JSON: %s',
    (path) => {
      for (const length of [1, 3 * BOUNDED.get(path)!.kept]) {
        const sent = requestWith(path, length);
        const bytes = toProtobuf(PROTO, 'BidRequest', sent);
        const json = Buffer.from(JSON.stringify(sent));
        const kept = Math.min(length, BOUNDED.get(path)!.kept);
        expect(lengthAt(readJson(json, REQUEST_SHAPE), path)).toBe(kept);
        const inProtobuf = lengthAt(readProtobuf(bytes, PROTOBUF_SHAPE), path);
        expect(inProtobuf).toBe(WITHOUT_NUMBER.has(path) ? 0 : kept);
      }
    },
  );
});

it('is bounded for each field that is read as a list, and for no other', () => {
  const asKinds = fieldsIn(REQUEST_SHAPE, '').filter(([path]) => LISTS.includes(kindOf(path)));
  expect([...BOUNDED.keys()].sort()).toEqual(asKinds.map(([path]) => path).sort());
  expect(BOUNDED.size).toBeGreaterThan(40);
});

it('refuses a request of more values than any exchange sends', () => {
  const seats = new Array(200).fill('s');
  const deals = Array.from({ length: 64 }, (_, i) => ({ id: `d${i}`, wseat: seats }));
  const imp = { id: '1', banner: { w: 300, h: 250 }, pmp: { deals } };
  const json = (imps: number) =>
    Buffer.from(JSON.stringify({ id: 'r', imp: new Array(imps).fill(imp) }));
  expect(decodeBidRequest(json(2), 'x')).toMatchObject({ reason: 'broken-imp' });
  expect(decodeBidRequest(json(3), 'x')).toEqual({
    kind: 'rejected',
    status: 400,
    reason: 'too-many-values',
    id: '',
  });
});

function fieldsIn(shape: JsonShape, parent: string): [string, JsonShape][] {
  return shape.names.flatMap((name, i): [string, JsonShape][] => {
    const path = parent === '' ? name : `${parent}.${name}`;
    const inner = shape.shapes[i]!;
    return [[path, inner], ...fieldsIn(inner, path)];
  });
}

function listsIn(shape: JsonShape, parent: string): [string, JsonShape][] {
  return fieldsIn(shape, parent).filter(([, { kept }]) => kept > SCALAR.kept);
}

function requestWith(path: string, length: number): Record<string, unknown> {
  const names = path.split('.');
  const element = ELEMENTS[path] ?? ELEMENTS[names.at(-1)!] ?? ofKind(path);
  const inner: unknown = Array.from({ length }, (_, i) => element(i));
  const wrapped = names.reduceRight<unknown>((value, name, i) => {
    const isLast = i === names.length - 1;
    const field = names.slice(0, i + 1).join('.');
    const here = isLast ? value : { ...AROUND[name], ...(value as object) };
    return { [name]: !isLast && BOUNDED.has(field) ? [here] : here };
  }, inner) as Record<string, unknown>;
  const imps = wrapped['imp'] as Record<string, unknown>[] | undefined;
  const banner = { w: 300, h: 250 };
  const imp = imps?.map((each) => ({ ...each, banner: { ...banner, ...object(each['banner']) } }));
  return { id: 'r', ...wrapped, imp: imp ?? [{ id: '1', banner }] };
}

function ofKind(path: string): (i: number) => unknown {
  return kindOf(path) === 'texts' ? (i) => `t${i}` : (i) => i;
}

/** All that is made of a request, also of formats that it offers beside a banner. */
function madeOf(wire: unknown): unknown {
  const imp = object(list(object(wire)['imp'], 1)[0]);
  return {
    request: normaliseRequest(object(wire), 'x', [1], true),
    video: decodeVideoPlacement(object(imp['video'])),
    audio: decodeAudioPlacement(object(imp['audio'])),
    native: decodeNativePlacement(object(imp['native'])),
  };
}

/** Of the list at that path, 0 when it is not there. */
function lengthAt(wire: unknown, path: string): number {
  let value = wire;
  for (const name of path.split('.')) {
    const holder = Array.isArray(value) ? (value[0] as unknown) : value;
    if (!isObject(holder)) return 0;
    value = (holder as JsonObject)[name];
  }
  return Array.isArray(value) ? value.length : 0;
}
