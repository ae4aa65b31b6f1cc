import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasData, jsonFiles } from '../corpora.contract.ts';
import { decodeBidRequest } from './decode-bid-request.ts';
import { explainDecoding } from './explain-decoding.ts';
import { kindOf } from './field-kinds.ts';
import type { JsonShape } from './json-shape.ts';
import { openrtbProto, toProtobuf } from './openrtb-proto.contract.ts';
import { object } from './read-values.ts';
import { REQUEST_SHAPE } from './request-shape.ts';

const ASKING = { format: 'json', exchange: 'x', vendors: [], readsSupply: true } as const;
const imp = { id: '1', banner: { w: 300, h: 250 }, bidfloor: 1, bidfloorcur: 'USD' };
/** Nothing has to be tolerated of it. */
const sound = { id: 'a', imp: [imp], at: 1, tmax: 100, cur: ['USD'], device: { devicetype: 2 } };

function explain(json: string) {
  return explainDecoding(Buffer.from(json), ASKING);
}

function check(request: object | string, ...expected: string[]): void {
  const json = typeof request === 'string' ? request : JSON.stringify(request);
  expect(explain(json).tolerances.map(({ path, what }) => `${path}: ${what}`)).toEqual(expected);
}

const withImp = (more: object) => ({ ...sound, imp: [{ ...imp, ...more }] });

it('names nothing of a request that is as it should be', () => check(sound));

describe('a value of another type', () => {
  it('is named with what was made of it', () => {
    check(withImp({ bidfloor: '1.5' }), 'imp[0].bidfloor: "1.5" read as 1.5');
    check(withImp({ secure: true }), 'imp[0].secure: true read as 1');
    check({ ...sound, tmax: 99.5 }, 'tmax: 99.5 read as 99, the fraction cut');
    check({ ...sound, cattax: 1, bcat: 'IAB1' }, 'bcat: "IAB1" read as a list of one');
    check({ ...sound, cattax: 1, bcat: ['IAB1', 7] }, 'bcat[1]: 7 read as "7"');
    check({ ...sound, test: null }, 'test: null is as if absent');
    check({ ...sound, site: 'a.example' }, 'site: "a.example" is no object, ignored');
  });

  it('is named of each format, and a native request may be a text or an object', () => {
    check(
      withImp({ video: { mimes: 'video/mp4', w: '640' }, audio: { battr: [1, 'x'] } }),
      'imp[0].video.mimes: "video/mp4" read as a list of one',
      'imp[0].video.w: "640" read as 640',
      'imp[0].audio.battr[1]: "x" ignored',
    );
    const unreadable = 'imp[0].native: not bid on, native-unreadable';
    check(withImp({ native: { request: '{"assets":[]}' } }), unreadable);
    check(
      withImp({ native: { request: { native: { assets: [{ id: '1', video: 7 }] } } } }),
      'imp[0].native.request.native.assets[0].id: "1" read as 1',
      'imp[0].native.request.native.assets[0].video: 7 is no object, ignored',
      'imp[0].native: not bid on, native-asset-unsupported',
    );
    check(
      withImp({ native: { request: 7 } }),
      'imp[0].native.request: 7 is no object, ignored',
      unreadable,
    );
  });

  it('keeps every digit of a number that is an id', () =>
    check(
      JSON.stringify(sound).replace('"a"', '12345678901234567890'),
      'id: a number read as text "12345678901234567890"',
    ));

  it('is named where it forbids to read identities', () =>
    check({ ...sound, regs: { coppa: 2 } }, 'regs.coppa: 2 cannot be read, so no identities are'));

  it('shows a number that JSON lacks', () =>
    check(
      JSON.stringify(sound).replace('"at":1', '"at":1e999'),
      'at: Infinity cannot be meant, 2 assumed',
    ));
});

it('names what is absent and what is assumed instead', () =>
  check(
    { id: 'a', imp: [{ id: '1', banner: {} }], bcat: ['IAB1'] },
    'at: absent, 2 assumed',
    'tmax: absent, the tmax_default of the exchange applies',
    'cattax: absent, the taxonomy of the exchange applies',
    'cur: absent, USD',
    'device.devicetype: absent, other by the user agent, an app or neither',
    'imp[0].bidfloor: absent, 0 assumed',
    'imp[0].bidfloorcur: absent, USD',
    'imp[0].banner: says no size',
  ));

it('names the older place of a field, and when the newer one wins', () => {
  check({ ...sound, regs: { ext: { gdpr: 0 } } }, 'regs.ext.gdpr: read from its place before 2.6');
  check(
    { ...sound, regs: { gdpr: 0, ext: { gdpr: 1 } } },
    'regs.ext.gdpr: ignored, regs.gdpr is there too and wins',
  );
  const eids = [{ source: 'a.example', uids: [{ id: 'e' }] }];
  check({ ...sound, user: { ext: { eids } } }, 'user.ext.eids: read from its place before 2.6');
});

it('names which of three chains is seen, and what of it is not', () => {
  const node = { asi: 'a.example', sid: '1', hp: 1 };
  const schain = { complete: 1, nodes: [node], ver: '1.0' };
  check({ ...sound, source: { schain } });
  check(
    { ...sound, source: { ext: { schain } } },
    'source.ext.schain: read from its place before 2.6',
  );
  check(
    { ...sound, source: { schain, ext: { schain } }, ext: { schain } },
    'source.ext.schain: ignored, a newer place has it too and wins',
    'ext.schain: ignored, a newer place has it too and wins',
  );
  const nodes = [
    { ...node, asi: 'A.example' },
    ...new Array(39).fill({ ...node, sid: 'x'.repeat(65) }),
  ];
  check(
    { ...sound, source: { schain: { ...schain, nodes } } },
    'source.schain.nodes[0].asi: "A.example" read as "a.example"',
    ...Array.from({ length: 31 }, (_, i) =>
      expect.stringMatching(`^source.schain.nodes\\[${i + 1}\\].sid: .* is too long, ignored$`),
    ),
    'source.schain.nodes: 40 nodes, the first 32 read',
  );
});

it('says that a supply path is not read for an exchange that does not ask for it', () => {
  const json = JSON.stringify({ ...sound, source: { schain: {} }, site: { page: 'x' } });
  const { tolerances } = explainDecoding(Buffer.from(json), { ...ASKING, readsSupply: false });
  expect(tolerances).toEqual([
    { path: 'source', what: 'not read' },
    { path: 'site.page', what: 'not read' },
  ]);
});

describe('what is left out', () => {
  it('is an imp, with the reason', () => {
    check({ ...sound, imp: [imp, { id: '2' }] }, 'imp[1]: dropped, no-format');
    check(
      { ...sound, imp: [imp, { ...imp, id: '2' }, { ...imp, id: '2' }] },
      'imp[1]: dropped, broken-imp: another has the id "2" too',
      'imp[2]: dropped, broken-imp: another has the id "2" too',
    );
  });

  it('is an imp of a request that is rejected for it', () =>
    check(
      { id: 'a', imp: [{ id: '1', refresh: {} }] },
      ...['imp[0]: dropped, no-format', 'imp[0].refresh: not read'],
    ));

  it('is the end of a list that is too long', () => {
    const many = Array.from({ length: 60 }, (_, i) => ({ ...imp, id: String(i) }));
    check({ ...sound, imp: many }, 'imp: 60 imps, the first 50 read');
    const cur = new Array(30).fill('USD');
    expect(explain(JSON.stringify({ ...sound, cur })).tolerances).toMatchObject([
      { path: 'cur', what: expect.stringContaining('30 entries, read as 20') },
    ]);
  });

  it('is a size that is none or listed twice', () => {
    const format = [
      { w: 300, h: 250 },
      { w: 1, h: 1 },
    ];
    check(
      withImp({ banner: { w: 300, h: 250, format } }),
      'imp[0].banner.format[1]: 1 x 1 says no size, ignored',
      'imp[0].banner.w and h: 300x250 is listed already',
    );
  });

  it('is every identity that privacy forbids to read', () =>
    check(
      { ...sound, user: { id: 'u', buyeruid: 'b' }, regs: { gdpr: 1 } },
      'user.buyeruid: not read, privacy: gdpr',
      'user.id: not read, privacy: gdpr',
    ));

  it('is an identity that names nobody', () => {
    const ifa = '00000000-0000-0000-0000-000000000000';
    const device = { devicetype: 2, ifa };
    check(
      { ...sound, device },
      'device.ifa: no identity was made of it: names nobody, is too long, or one too many',
    );
  });

  it('is a field that nobody reads, last and without what is in it', () =>
    check(
      { ...sound, source: { fd: 1 }, imp: [{ ...imp, 'a\u001b[2J': 1, tmax: 1 }], at: '1' },
      'at: "1" read as 1',
      'imp[0]."a\\u001b[2J": not read',
      'imp[0].tmax: not read',
      'source.fd: not read',
    ));
});

it('ends its list and says how many more there are', () => {
  const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x${i}`, 1]));
  const { tolerances, more } = explain(JSON.stringify({ ...sound, ...fields }));
  expect([tolerances.length, more]).toEqual([200, 100]);
});

it('takes a flag of protobuf as it is, and cannot name what nobody reads', () => {
  const json = withImp({ secure: true, tagid: 'x' });
  const bytes = toProtobuf(openrtbProto(false), 'BidRequest', json);
  const { decoded, tolerances } = explainDecoding(bytes, { ...ASKING, format: 'protobuf' });
  expect(decoded.kind).toBe('request');
  expect(tolerances).toEqual([]);
});

it('has a kind for every field of the shape that is no single object', () => {
  const kindless = (shape: JsonShape, parent: string): string[] =>
    shape.names.flatMap((name, i) => {
      const field = parent === '' ? name : `${parent}.${name}`;
      const inner = shape.shapes[i]!;
      if (inner.names.length > 0) return kindless(inner, field);
      return kindOf(field) === undefined ? [field] : [];
    });
  expect(kindless(REQUEST_SHAPE, '')).toEqual([]);
});

it('never throws, and decodes as the bidder does, whatever stands in a field', () => {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(imp, [imp], '1'),
  );
  /** An object of the shape, or a list of them, or anything. */
  const like = (shape: JsonShape): fc.Arbitrary<unknown> => {
    if (shape.names.length === 0) return anything;
    const members = shape.names.map((name, i) => [name, like(shape.shapes[i]!)] as const);
    const member = fc.record(Object.fromEntries(members), { requiredKeys: [] });
    return fc.oneof(member, fc.array(member, { maxLength: 3 }), anything);
  };
  const requests = fc.record({
    request: like(REQUEST_SHAPE),
    imps: fc.array(fc.oneof(fc.constant(imp), like(impShape())), { minLength: 1, maxLength: 3 }),
    keeps: fc.boolean(),
  });
  fc.assert(
    fc.property(requests, ({ request, imps, keeps }) => {
      const whole = keeps ? request : { ...object(request), id: 'a', imp: imps };
      const json = Buffer.from(JSON.stringify(whole));
      expect(explainDecoding(json, ASKING).decoded).toEqual(decodeBidRequest(json, 'x', [], true));
    }),
    { numRuns: 1000 },
  );
});

function impShape(): JsonShape {
  return REQUEST_SHAPE.shapes[REQUEST_SHAPE.names.indexOf('imp')]!;
}

it.skipIf(!hasData)('explains the whole public corpus (skipped without ../shared/data)', () => {
  const files = jsonFiles('openrtb/requests/');
  for (const json of files) {
    const { decoded, tolerances } = explainDecoding(json, ASKING);
    expect(decoded).toEqual(decodeBidRequest(json, 'x', [], true));
    if (decoded.kind === 'request') expect(tolerances.length).toBeGreaterThan(0);
  }
  expect(files.length).toBeGreaterThan(80);
});
