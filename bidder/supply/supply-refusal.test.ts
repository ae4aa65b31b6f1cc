import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SupplyRules } from '../../settings/exchange.ts';
import { SUPPLY_NODES_MAX, type SupplyPath } from '../auction/supply-path.ts';
import { parseAdsTxt } from './parse-ads-txt.ts';
import { parseSellersJson } from './parse-sellers-json.ts';
import { SupplyIndexBuilder } from './supply-index.ts';
import { NO_SUPPLY_INDEX, supplyCheck, supplyRefusal } from './supply-refusal.ts';
import { WantedDomains } from './wanted-domains.ts';

const RULES: SupplyRules = {
  domain: 'ssp.example',
  adsTxt: 'ignore',
  sellersJson: 'ignore',
  schain: 'ignore',
  nodesMax: 3,
  blocked: [],
};
const PATH: SupplyPath = {
  site: 'www.news.example',
  store: '',
  publisher: 'p1',
  partner: '',
  chain: null,
};

function chain(nodes: readonly string[], more: object = {}): NonNullable<SupplyPath['chain']> {
  return {
    complete: true,
    version: '1.0',
    nodeCount: nodes.length,
    nodes: nodes.slice(0, SUPPLY_NODES_MAX).map((node) => {
      const [asi = '', sid = ''] = node.split('/');
      return { asi, sid, paid: true };
    }),
    ...more,
  };
}

function index() {
  const builder = new SupplyIndexBuilder(7, null);
  builder.addAdsTxt(
    'site',
    'news.example',
    parseAdsTxt(
      'ssp.example,p1,DIRECT\nssp.example,net,RESELLER\nnetwork.example,n1,DIRECT\nINVENTORYPARTNERDOMAIN=partner.example\nINVENTORYPARTNERDOMAIN=unfetched.example',
    ),
  );
  builder.addAdsTxt('site', 'partner.example', parseAdsTxt('ssp.example,shared,DIRECT'));
  builder.addAdsTxt('site', 'nobody.example', parseAdsTxt('placeholder.example.com,x,DIRECT'));
  builder.addAdsTxt('developer', 'dev.example', parseAdsTxt('ssp.example,p1,DIRECT'));
  builder.addApps([{ bundle: 'com.app', store: '', developer: 'dev.example' }]);
  const sellers = [
    { seller_id: 'p1', seller_type: 'PUBLISHER' },
    { seller_id: 'net', seller_type: 'INTERMEDIARY' },
  ];
  builder.addSellersJson('ssp.example', parseSellersJson(JSON.stringify({ sellers }))!);
  return builder.index();
}
const KNOWN = index();

function check(
  rules: Partial<SupplyRules>,
  { appBundle = '', ...path }: Partial<SupplyPath> & { appBundle?: string },
  known = KNOWN,
): string | null {
  return supplyRefusal(supplyCheck({ ...RULES, ...rules }, known, new WantedDomains()), {
    supply: { ...PATH, ...path },
    appBundle,
  });
}

describe('schain', () => {
  const present = { schain: 'when_present' } as const;
  it.each([
    ['is whole and ends at the exchange', chain(['network.example/n1', 'ssp.example/p1']), null],
    ['of one node', chain(['ssp.example/p1']), null],
    ['is of a later 1.x', chain(['ssp.example/p1'], { version: '1.1' }), null],
    ['is absent', null, null],
    ['is not complete', chain(['ssp.example/p1'], { complete: false }), 'schain-incomplete'],
    ['has another version', chain(['ssp.example/p1'], { version: '2.0' }), 'schain-incomplete'],
    ['has no version', chain(['ssp.example/p1'], { version: '' }), 'schain-incomplete'],
    ['has no nodes', chain([]), 'schain-incomplete'],
    [
      'is longer than allowed',
      chain(['a.example/1', 'b.example/1', 'c.example/1', 'ssp.example/p1']),
      'schain-incomplete',
    ],
    ['ends at somebody else', chain(['other.example/p1']), 'schain-incomplete'],
    ['ends at another account', chain(['ssp.example/p2']), 'schain-incomplete'],
    ['names no account', chain(['a.example/', 'ssp.example/p1']), 'schain-incomplete'],
    ['names no system', chain(['/1', 'ssp.example/p1']), 'schain-incomplete'],
    ['names an address', chain(['a.example:80/1', 'ssp.example/p1']), 'schain-incomplete'],
    ['goes round', chain(['ssp.example/p1', 'ssp.example/p1']), 'schain-incomplete'],
    ['has a system twice', chain(['ssp.example/x', 'ssp.example/p1']), null],
    [
      'has a node outside the flow of money',
      chain(['x'], {
        nodeCount: 1,
        nodes: [{ asi: 'ssp.example', sid: 'p1', paid: false }],
      }),
      'schain-incomplete',
    ],
  ] as const)('that %s', (_, sent, expected) => {
    expect(check(present, { chain: sent })).toBe(expected);
    expect(check({ schain: 'ignore' }, { chain: sent })).toBeNull();
  });

  it('has to be there when it is required', () => {
    expect(check({ schain: 'require' }, {})).toBe('schain-incomplete');
    expect(check({ schain: 'require' }, { chain: chain(['ssp.example/p1']) })).toBeNull();
  });

  it('need not match a publisher that is not told', () =>
    expect(check(present, { publisher: '', chain: chain(['ssp.example/p9']) })).toBeNull());

  it('is refused for a blocked node, whatever else is asked of it', () => {
    const sent = chain(['bad.example/1', 'ssp.example/p1']);
    expect(check({ blocked: ['bad.example'] }, { chain: sent })).toBe('schain-blocked');
    expect(check({ blocked: ['bad.example/1'] }, { chain: sent })).toBe('schain-blocked');
    expect(check({ blocked: ['bad.example/2', 'good.example'] }, { chain: sent })).toBeNull();
    const both = ['bad.example/2', 'bad.example', 'bad.example/3'];
    expect(check({ blocked: both }, { chain: sent })).toBe('schain-blocked');
  });

  it('is refused when a blocked node may stand where nobody has read', () => {
    const long = chain(Array.from({ length: 33 }, (_, i) => `a.example/${i}`));
    expect(check({ blocked: ['bad.example'] }, { chain: long })).toBe('schain-incomplete');
    expect(check({}, { chain: long })).toBeNull();
  });
});

describe('ads.txt', () => {
  const known = { adsTxt: 'when_known' } as const;
  const both = { ...known, schain: 'when_present' } as const;
  it.each([
    ['lists the seller', known, {}, null],
    ['lists the seller as a reseller', known, { publisher: 'net' }, null],
    ['does not list the seller', known, { publisher: 'p2' }, 'ads-txt-violation'],
    ['cannot list a seller that is not told', known, { publisher: '' }, 'ads-txt-violation'],
    ['says that nobody sells', known, { site: 'nobody.example' }, 'ads-txt-violation'],
    ['is not known', known, { site: 'other.example' }, null],
    ['is of nobody', known, { site: '' }, null],
    ['lists the one node as direct', both, { chain: chain(['ssp.example/p1']) }, null],
    [
      'lists the one node as a reseller',
      both,
      { publisher: 'net', chain: chain(['ssp.example/net']) },
      'ads-txt-violation',
    ],
    [
      'lists the first as direct and the next as reseller',
      both,
      { publisher: 'net', chain: chain(['network.example/n1', 'ssp.example/net']) },
      null,
    ],
    [
      'lists the next as direct only',
      both,
      { chain: chain(['network.example/n1', 'ssp.example/p1']) },
      'ads-txt-violation',
    ],
    [
      'does not list the first',
      both,
      { publisher: 'net', chain: chain(['network.example/n2', 'ssp.example/net']) },
      'ads-txt-violation',
    ],
    [
      'names the partner, who lists',
      known,
      { publisher: 'shared', partner: 'partner.example' },
      null,
    ],
    [
      'names the partner, who does not list',
      known,
      { publisher: 'x', partner: 'partner.example' },
      'ads-txt-violation',
    ],
    [
      'names the partner, who is not known',
      known,
      { publisher: 'x', partner: 'unfetched.example' },
      null,
    ],
    [
      'does not name the partner',
      known,
      { publisher: 'shared', partner: 'stranger.example' },
      'ads-txt-violation',
    ],
    ['is the app’s and lists', known, { site: '', appBundle: 'com.app' }, null],
    [
      'is the app’s and does not list',
      known,
      { site: '', appBundle: 'com.app', publisher: 'p2' },
      'ads-txt-violation',
    ],
  ] as const)('that %s', (_, rules, path, expected) => expect(check(rules, path)).toBe(expected));

  it('has to be there when it is required', () => {
    const require = { adsTxt: 'require' } as const;
    expect(check(require, {})).toBeNull();
    expect(check(require, { site: 'other.example' })).toBe('ads-txt-unavailable');
    expect(check(require, { site: '', appBundle: 'com.other' })).toBe('ads-txt-unavailable');
    expect(check(require, { publisher: 'x', partner: 'unfetched.example' })).toBe(
      'ads-txt-unavailable',
    );
  });

  it('is believed of a chain only where the chain is asked for', () =>
    expect(check(known, { chain: chain(['network.example/n2', 'ssp.example/p1']) })).toBeNull());
});

describe('sellers.json', () => {
  const known = { sellersJson: 'when_known' } as const;
  const both = { ...known, schain: 'when_present' } as const;
  it.each([
    ['lists the seller', known, {}, null],
    ['does not list the seller', known, { publisher: 'p2' }, 'seller-not-listed'],
    ['lists every node of which it is known', both, { chain: chain(['ssp.example/p1']) }, null],
    [
      'is not known of the first node',
      both,
      { chain: chain(['network.example/n1', 'ssp.example/p1']) },
      null,
    ],
    [
      'does not list the last node',
      both,
      { publisher: '', chain: chain(['network.example/n1', 'ssp.example/p2']) },
      'seller-not-listed',
    ],
    [
      'has the first node for an intermediary',
      both,
      { publisher: 'net', chain: chain(['ssp.example/net']) },
      'schain-incomplete',
    ],
    [
      'has a later node for an intermediary',
      both,
      { publisher: 'net', chain: chain(['network.example/n1', 'ssp.example/net']) },
      null,
    ],
    [
      'is required of each node',
      { ...both, sellersJson: 'require' },
      { chain: chain(['network.example/n1', 'ssp.example/p1']) },
      'sellers-json-unavailable',
    ],
    [
      'is required of the exchange',
      { sellersJson: 'require', domain: 'other.example' },
      {},
      'sellers-json-unavailable',
    ],
  ] as const)('that %s', (_, rules, path, expected) => expect(check(rules, path)).toBe(expected));
});

it('wants the file of a site that has none, where files are asked for', () => {
  const wanted = new WantedDomains();
  for (const adsTxt of ['when_known', 'require', 'ignore'] as const) {
    const asked = supplyCheck({ ...RULES, adsTxt }, KNOWN, wanted);
    for (const site of ['www.news.example', 'www.other.example'])
      supplyRefusal(asked, { supply: { ...PATH, site }, appBundle: '' });
    supplyRefusal(asked, { supply: { ...PATH, site: '' }, appBundle: 'com.other' });
    expect(wanted.take()).toEqual(adsTxt === 'ignore' ? [] : ['www.other.example']);
  }
});

it('lets everything pass where nothing is asked, and knows nothing before files are there', () => {
  expect(check({}, { chain: chain([]) })).toBeNull();
  const known = { adsTxt: 'when_known', sellersJson: 'when_known' } as const;
  expect(check(known, {}, NO_SUPPLY_INDEX)).toBeNull();
  expect(check({ adsTxt: 'require' }, {}, NO_SUPPLY_INDEX)).toBe('ads-txt-unavailable');
});

it('has an answer whatever a chain holds', () => {
  const node = fc.record({ asi: fc.string(), sid: fc.string(), paid: fc.boolean() });
  const strict = { adsTxt: 'require', sellersJson: 'require', schain: 'require' } as const;
  fc.assert(
    fc.property(fc.array(node, { maxLength: 32 }), fc.nat(40), (nodes, nodeCount) => {
      const sent = { complete: true, version: '1.0', nodes, nodeCount };
      expect(check(strict, { chain: sent })).not.toBeNull();
    }),
  );
});
