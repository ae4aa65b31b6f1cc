import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { wireMessage } from '../../proto/openrtb-wire.ts';
import { decodeBidRequest, decodeProtobufRequest } from './decode-bid-request.ts';
import { withoutBounds } from './json-shape.ts';
import { openrtbProto, toProtobuf } from './openrtb-proto.contract.ts';
import { protobufShape } from './protobuf-shape.ts';
import { readJson } from './read-json.ts';
import { TOO_DEEP, TOO_MANY, VALUES_MAX } from './read-limits.ts';
import { GROUP_DEPTH_MAX, NOT_PROTOBUF, readProtobuf } from './read-protobuf.ts';
import { REQUEST_SHAPE } from './request-shape.ts';

const DATA = new URL('../../../shared/data/', import.meta.url);
const hasData = existsSync(DATA);
const UNPACKED = openrtbProto(false);
const PACKED = openrtbProto(true);
const SHAPE = protobufShape('BidRequest', REQUEST_SHAPE);

const read = (...parts: Uint8Array[]) => readProtobuf(Buffer.concat(parts), SHAPE);
const bytesOf = (json: object, root = UNPACKED) => toProtobuf(root, 'BidRequest', json);
const fromJson = (json: object) => readJson(Buffer.from(JSON.stringify(json)), REQUEST_SHAPE);

/** One field of any wire type. */
function field(write: (writer: protobuf.Writer) => protobuf.Writer): Uint8Array {
  return write(protobuf.Writer.create()).finish();
}
const tag = (number: number, wire: number) => (number * 8 + wire) >>> 0;

describe('a golden pair', () => {
  it.skipIf(!hasData)(
    'is the same request in protobuf and JSON (skipped without ../shared/data)',
    () => {
      const pairs = goldenRequests();
      for (const { name, bytes, json } of pairs) {
        expect(decodeProtobufRequest(bytes, 'x'), name).toStrictEqual(decodeBidRequest(json, 'x'));
      }
      expect(pairs.length).toBeGreaterThan(80);
    },
  );

  it.skipIf(!hasData)('is answered wherever it is cut off (skipped without ../shared/data)', () => {
    const kinds = new Set<string>();
    for (const { bytes } of goldenRequests()) {
      for (let length = 0; length < bytes.length; length++) {
        const decoded = decodeProtobufRequest(bytes.subarray(0, length), 'x');
        kinds.add(decoded.kind === 'rejected' ? decoded.reason : 'request');
      }
    }
    // Cut off between two fields it is a smaller message, which may do.
    expect(kinds).toContain('unreadable');
    expect(kinds).toContain('request');
  });
});

it.skipIf(!hasData)('bids on nothing malformed (skipped without ../shared/data)', () => {
  const lines = readFileSync(new URL('badinput/protobuf/malformed.jsonl', DATA), 'utf8');
  const accepted: string[] = [];
  for (const line of lines.trim().split('\n')) {
    const { name, expect: verdict, b64, gz_b64: packed } = JSON.parse(line);
    const bytes = packed ? gunzipSync(Buffer.from(packed, 'base64')) : Buffer.from(b64, 'base64');
    const { kind } = decodeProtobufRequest(bytes, 'x');
    if (kind === 'request' && verdict !== 'any-no-crash') accepted.push(name);
  }
  expect(accepted).toEqual(['Good']);
});

describe('the reader', () => {
  it('finds in protobuf what the JSON reader finds in the same JSON', () => {
    fc.assert(
      fc.property(message('BidRequest', 4), (json) => {
        const wanted = fromJson(json);
        expect(read(bytesOf(json))).toStrictEqual(wanted);
        expect(read(bytesOf(json, PACKED))).toStrictEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it('takes fields in any order, with strangers among them', () => {
    const strangers = fc.array(stranger(), { maxLength: 4 });
    const order = fc.array(fc.nat(), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(message('BidRequest', 3), order, strangers, (json, places, unknown) => {
        const parts = Object.entries(json).map(([name, value]) => bytesOf({ [name]: value }));
        const shuffled = [...parts, ...unknown]
          .map((part, i) => ({ part, place: places[i]! }))
          .sort((a, b) => a.place - b.place);
        expect(read(...shuffled.map(({ part }) => part))).toStrictEqual(fromJson(json));
      }),
    );
  });

  it('makes nothing but a value or a fault of any bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(message('BidRequest', 4), fc.nat(), fc.nat(255)).map(([json, place, byte]) => {
        const damaged = Uint8Array.from(bytesOf(json));
        if (damaged.length > 0) damaged[place % damaged.length] = byte;
        return damaged;
      }),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        expect(['request', 'rejected']).toContain(decodeProtobufRequest(given, 'x').kind);
      }),
      { numRuns: 2000 },
    );
  });

  it('has the last value, and the sum of a message in parts', () => {
    const parts = [
      { id: 'a', device: { ua: 'old', w: 1 }, cur: ['USD'] },
      { id: 'b', device: { ua: 'new', geo: { country: 'USA' } }, cur: ['EUR'] },
    ];
    expect(read(...parts.map((part) => bytesOf(part)))).toMatchObject({
      id: 'b',
      device: { ua: 'new', w: 1, geo: { country: 'USA' } },
      cur: ['USD', 'EUR'],
    });
  });

  it('has one of site, app and DOOH: the last', () => {
    const site = bytesOf({ site: { domain: 's.example' } });
    const app = bytesOf({ app: { bundle: 'b' } });
    const dooh = bytesOf({ dooh: { id: 'd' } });
    expect(read(site, app)).toMatchObject({ site: undefined, app: { bundle: 'b' } });
    expect(read(app, site)).toMatchObject({ site: { domain: 's.example' }, app: undefined });
    expect(read(site, dooh)).toMatchObject({ site: undefined, app: undefined });
    expect(read(dooh, app)).toMatchObject({ site: undefined, app: { bundle: 'b' } });
  });

  it('leaves absent what is absent, and no flag unset that is there', () => {
    const empty = read();
    expect(Object.values(empty).every((value) => value === undefined)).toBe(true);
    expect(read(bytesOf({ test: false, at: 0, imp: [] }))).toMatchObject({
      test: false,
      at: 0,
      imp: undefined,
    });
  });

  it('takes a privacy signal of the wrong wire type for one it cannot read', () => {
    const base = { id: 'r', imp: [{ id: '1', banner: { w: 300, h: 250 } }] };
    const signals = [
      field((w) => w.uint32(tag(14, 2)).fork().uint32(tag(4, 2)).string('0').ldelim()),
      field((w) => w.uint32(tag(14, 2)).fork().uint32(tag(5, 0)).uint32(1).ldelim()),
      field((w) => w.uint32(tag(5, 2)).fork().uint32(tag(23, 5)).fixed32(0).ldelim()),
    ];
    for (const signal of signals) {
      const bytes = Buffer.concat([bytesOf(base), signal]);
      expect(decodeProtobufRequest(bytes, 'x')).toMatchObject({
        request: { privacy: 'unreadable-signal' },
      });
    }
  });

  it('reads negative numbers of ten bytes, and no longer ones', () => {
    expect(read(bytesOf({ at: -1 }))).toMatchObject({ at: -1 });
    expect(() => read(Uint8Array.from([tag(7, 0), ...Array(10).fill(0x80), 1]))).toThrow(
      NOT_PROTOBUF,
    );
  });

  it.each([
    ['overlong', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['cut off', [0xe2, 0x82]],
  ])('refuses text that is %s', (_, text) => {
    expect(() => read(Uint8Array.from([tag(1, 2), text.length, ...text]))).toThrow(NOT_PROTOBUF);
  });

  it('refuses more values than it makes, in lists or over and over', () => {
    const deals = [{ wseat: new Array(200).fill('') }];
    const imps = (count: number) => bytesOf({ imp: new Array(count).fill({ pmp: { deals } }) });
    // An imp, its pmp, a deal, and its seats.
    const most = Math.floor(VALUES_MAX / 203);
    const shape = protobufShape('BidRequest', withoutBounds(REQUEST_SHAPE));
    expect(readProtobuf(imps(most), shape)).toHaveProperty('imp.length', most);
    expect(() => readProtobuf(imps(most + 1), shape)).toThrow(TOO_MANY);
    expect(read(imps(most + 1))).toHaveProperty('imp.length', 51);
    const again = (count: number) => Buffer.alloc(2 * count, Uint8Array.from([tag(1, 2), 0]));
    expect(read(again(VALUES_MAX))).toHaveProperty('id', '');
    expect(() => read(again(VALUES_MAX + 1))).toThrow(TOO_MANY);
  });

  it('keeps one element more than the bound of a list, packed or not, and looks at no others', () => {
    const codes = { id: 'r', imp: [{ banner: { btype: new Array(80).fill(3), battr: [1] } }] };
    const kept = { imp: [{ banner: { btype: new Array(65).fill(3), battr: [1] } }] };
    expect(read(bytesOf(codes))).toMatchObject(kept);
    expect(read(bytesOf(codes, PACKED))).toMatchObject(kept);
    const cur = (count: number) => ({ id: 'r', cur: new Array(count).fill('EUR') });
    const noText = field((w) => w.uint32(tag(11, 2)).bytes(Uint8Array.from([0xff])));
    expect(() => read(bytesOf(cur(20)), noText)).toThrow(NOT_PROTOBUF);
    expect(read(bytesOf(cur(21)), noText, bytesOf({ id: 's' }))).toMatchObject({
      id: 's',
      cur: new Array(21).fill('EUR'),
    });
  });

  it('refuses groups that go too deep, and lengths of more than there is', () => {
    const groups = (depth: number) =>
      Uint8Array.from([...Array(depth).fill(tag(15, 3)), ...Array(depth).fill(tag(15, 4))]);
    expect(read(bytesOf({ id: 'r' }), groups(GROUP_DEPTH_MAX))).toMatchObject({ id: 'r' });
    expect(() => read(groups(GROUP_DEPTH_MAX + 1))).toThrow(TOO_DEEP);
    expect(() => read(Uint8Array.from([tag(15, 3), tag(14, 4)]))).toThrow(NOT_PROTOBUF);
    for (const number of [1, 2, 9, 127, 5000]) {
      const huge = field((w) => w.uint32(tag(number, 2)).uint32(0xffffffff));
      expect(() => read(huge)).toThrow(NOT_PROTOBUF);
    }
  });
});

it('says in protobuf all that the JSON decoder reads, but for extensions that have no number', () => {
  expect(withoutNumber('BidRequest', REQUEST_SHAPE)).toEqual([
    'Regs.gpc',
    'Regs.Ext.gpp',
    'Regs.Ext.gpp_sid',
    'Site.ext',
    'App.ext',
    'BidRequest.ext',
  ]);
});

function withoutNumber(name: string, shape: typeof REQUEST_SHAPE): string[] {
  return shape.names.flatMap((wanted, i) => {
    const known = wireMessage(name)!.fields[wanted];
    if (known === undefined) return [`${name}.${wanted}`];
    return wireMessage(known[1]) === null ? [] : withoutNumber(known[1], shape.shapes[i]!);
  });
}

/** Longer than what is kept of an eid's ids, and of what nobody takes for a list. */
const LIST_LENGTH_MAX = 6;

/** JSON of any message of openrtb.proto; lists are not empty, because protobuf has no empty list. */
function message(name: string, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const { fields, oneofs } = wireMessage(name)!;
  const values = Object.entries(fields)
    .filter(([, [, type]]) => depth > 0 || wireMessage(type) === null)
    .map(([field, [, type, isRepeated]]) => {
      const value = wireMessage(type) === null ? scalar(type) : message(type, depth - 1);
      return [
        field,
        isRepeated ? fc.array(value, { minLength: 1, maxLength: LIST_LENGTH_MAX }) : value,
      ] as const;
    });
  return fc.record(Object.fromEntries(values), { requiredKeys: [] }).map((json) => {
    for (const oneof of oneofs) {
      for (const rival of oneof.filter((field) => field in json).slice(1)) delete json[rival];
    }
    return json;
  });
}

function scalar(type: string): fc.Arbitrary<unknown> {
  if (type === 'int32') return fc.integer();
  if (type === 'bool') return fc.boolean();
  if (type === 'double')
    return fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
  return fc.string({
    unit: fc.constantFrom('a', 'Z', '"', '\\', 'é', '\u07ff', '€', '😀', '\ufeff', '\0'),
  });
}

/** A field whose number nobody knows, as extensions of Google's are. */
function stranger(): fc.Arbitrary<Uint8Array> {
  const number = fc.integer({ min: 100, max: 2 ** 29 - 1 });
  const content = fc.uint8Array({ maxLength: 20 });
  return fc.tuple(number, content, fc.integer({ min: 0, max: 4 })).map(([n, bytes, kind]) =>
    field((w) => {
      if (kind === 0) return w.uint32(tag(n, 0)).int64(-bytes.length);
      if (kind === 1) return w.uint32(tag(n, 1)).double(0.1);
      if (kind === 2) return w.uint32(tag(n, 2)).bytes(bytes);
      if (kind === 3) return w.uint32(tag(n, 5)).fixed32(7);
      return w.uint32(tag(n, 3)).uint32(tag(9, 2)).bytes(bytes).uint32(tag(n, 4));
    }),
  );
}

function goldenRequests(): { name: string; bytes: Buffer; json: Buffer }[] {
  const dir = new URL('openrtb/proto/', DATA);
  return readdirSync(dir)
    .filter((name) => name.endsWith('.pb') && !name.startsWith('resp__'))
    .map((name) => ({
      name,
      bytes: readFileSync(new URL(name, dir)),
      json: readFileSync(new URL(name.replace(/pb$/, 'json'), dir)),
    }));
}
