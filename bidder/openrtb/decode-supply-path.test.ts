import { describe, expect, it } from 'vitest';
import type { SupplyPath } from '../auction/supply-path.ts';
import { hasData, jsonFiles } from '../corpora.contract.ts';
import { decodeBidRequest, decodeProtobufRequest } from './decode-bid-request.ts';
import { openrtbProto, toProtobuf } from './openrtb-proto.contract.ts';

const imp = { id: '1', banner: { w: 300, h: 250 } };
const proto = openrtbProto(false);

function pathOf(more: object): SupplyPath {
  const decoded = decodeBidRequest(
    Buffer.from(JSON.stringify({ id: 'a', imp: [imp], ...more })),
    'x',
    [],
    true,
  );
  if (decoded.kind !== 'request') throw new Error(decoded.reason);
  return decoded.request.supply;
}

/** The same of protobuf, where flags are booleans. */
function protobufPathOf(more: object): SupplyPath {
  const bytes = toProtobuf(proto, 'BidRequest', { id: 'a', imp: [imp], ...more });
  const decoded = decodeProtobufRequest(bytes, 'x', [], true);
  if (decoded.kind !== 'request') throw new Error(decoded.reason);
  return decoded.request.supply;
}

function chain(sid: string, flag: number | boolean = 1) {
  return { complete: flag, ver: '1.0', nodes: [{ asi: 'SSP.example', sid, hp: flag }] };
}

const read = (sid: string) => ({
  complete: true,
  version: '1.0',
  nodeCount: 1,
  nodes: [{ asi: 'ssp.example', sid, paid: true }],
});

describe('schain', () => {
  it.each([
    ['2.6', { source: { schain: chain('26') } }, '26'],
    ['2.5', { source: { ext: { schain: chain('25') } } }, '25'],
    ['2.4 and before', { ext: { schain: chain('24') } }, '24'],
    [
      '2.6, wherever else one is',
      {
        source: { schain: chain('26'), ext: { schain: chain('25') } },
        ext: { schain: chain('24') },
      },
      '26',
    ],
    [
      '2.5 before older ones',
      { source: { schain: null, ext: { schain: chain('25') } }, ext: { schain: chain('24') } },
      '25',
    ],
  ])('is read from its place in %s', (_, request, sid) =>
    expect(pathOf(request).chain).toEqual(read(sid)),
  );

  it('is read from both of its places in protobuf', () => {
    const older = { ext: { schain: chain('25', true) } };
    const newer = { schain: chain('26', true) };
    expect(protobufPathOf({ source: older }).chain).toEqual(read('25'));
    expect(protobufPathOf({ source: { ...older, ...newer } }).chain).toEqual(read('26'));
  });

  it('is null when none was sent, and a broken one when what was sent is none', () => {
    expect(pathOf({}).chain).toBeNull();
    expect(protobufPathOf({}).chain).toBeNull();
    const broken = { complete: false, version: '', nodeCount: 0, nodes: [] };
    for (const schain of [
      '1.0,1!ssp.example,1,1',
      [],
      1,
      {},
      { complete: 1, ver: '1.0', nodes: {} },
    ])
      expect(pathOf({ source: { schain } }).chain).toEqual(broken);
  });

  it('is read up to 32 nodes, and whether there are more', () => {
    const nodes = Array.from({ length: 40 }, (_, i) => ({ asi: `${i}.example`, sid: i }));
    const { chain: cut } = pathOf({ source: { schain: { ...chain(''), nodes } } });
    expect([cut?.nodeCount, cut?.nodes.length]).toEqual([33, 32]);
    expect(cut?.nodes[31]).toEqual({ asi: '31.example', sid: '31', paid: true });
  });

  it('has a node of nothing where a node is none, and every digit of an account', () => {
    const json = `{"id":"a","imp":[${JSON.stringify(imp)}],"source":{"schain":{"complete":"1","ver":1.0,"nodes":[null,{"asi":7,"sid":12345678901234567890,"hp":0},{"sid":"${'x'.repeat(65)}"}]}}}`;
    const decoded = decodeBidRequest(Buffer.from(json), 'x', [], true);
    expect(decoded.kind === 'request' && decoded.request.supply.chain).toEqual({
      complete: true,
      version: '1',
      nodeCount: 3,
      nodes: [
        { asi: '', sid: '', paid: true },
        { asi: '7', sid: '12345678901234567890', paid: false },
        { asi: '', sid: '', paid: true },
      ],
    });
  });
});

describe('the site', () => {
  it.each([
    [{ domain: 'WWW.a.example.', page: 'https://b.example' }, 'www.a.example'],
    [{ page: 'https://user:x@News.b.example.:8080/x?y#z' }, 'news.b.example'],
    [{ page: 'HTTP://b.example?x' }, 'b.example'],
    [{ page: '//b.example/x' }, 'b.example'],
    [{ page: 'b.example/x' }, ''],
    [{ page: 'about:blank' }, ''],
    [{ page: `https://b.example/${'x'.repeat(3000)}` }, ''],
    [{ domain: '', page: 7 }, ''],
  ])('of %j is %j', (site, expected) => expect(pathOf({ site }).site).toBe(expected));

  it('is none for an app, which has a store', () => {
    const app = { bundle: 'b', storeurl: 'https://Play.google.com/store/apps/details?id=b' };
    expect(pathOf({ app })).toMatchObject({ site: '', store: 'play.google.com' });
    expect(protobufPathOf({ app })).toMatchObject({ site: '', store: 'play.google.com' });
  });
});

it('reads publisher and partner of site and app, in JSON and protobuf', () => {
  const seller = { publisher: { id: 'p' }, inventorypartnerdomain: 'Partner.example' };
  for (const place of ['site', 'app']) {
    const expected = { publisher: 'p', partner: 'partner.example' };
    expect(pathOf({ [place]: seller })).toMatchObject(expected);
    expect(protobufPathOf({ [place]: seller })).toMatchObject(expected);
  }
  const ext = { inventorypartnerdomain: 'older.example' };
  expect(pathOf({ site: { ext } }).partner).toBe('older.example');
  expect(pathOf({ app: { inventorypartnerdomain: 'newer.example', ext } }).partner).toBe(
    'newer.example',
  );
});

it.skipIf(!hasData)(
  'reads every chain of the public corpus (skipped without ../shared/data)',
  () => {
    let chains = 0;
    for (const json of jsonFiles('openrtb/requests/')) {
      const sent = json.includes('"schain"');
      const decoded = decodeBidRequest(json, 'x', [], true);
      if (decoded.kind !== 'request') continue;
      const { chain: found } = decoded.request.supply;
      if (found !== null) {
        expect(sent).toBe(true);
        chains++;
      }
    }
    expect(chains).toBeGreaterThan(20);
  },
);
