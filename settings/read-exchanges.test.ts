import { expect, it } from 'vitest';
import { loadWorkspace } from './load-workspace.ts';
import { check, FILES, workspace } from './workspace.contract.ts';

function exchangeIs(lines: string, expected: object): void {
  const file = 'exchanges/big.yaml';
  const { exchanges } = loadWorkspace(workspace({ [file]: FILES[file] + lines }));
  expect(exchanges).toEqual([expect.objectContaining(expected)]);
}

it('reads what an exchange asks of the supply path', () => {
  const big = 'exchange: big\ncurrencies: [USD]\nbilling: nurl\n';
  const supplyOf = (section: string) =>
    loadWorkspace(workspace({ 'exchanges/big.yaml': `${big}supply: ${section}\n` })).exchanges[0]
      ?.supply;
  expect(supplyOf('{ domain: ssp.example }')).toEqual({
    domain: 'ssp.example',
    adsTxt: 'ignore',
    sellersJson: 'ignore',
    schain: 'ignore',
    nodesMax: 5,
    blocked: [],
  });
  expect(
    supplyOf(
      '{ domain: ssp.example, ads_txt: require, sellers_json: when_known, schain: when_present, nodes_max: 3, blocked: [a.example, b.example/7] }',
    ),
  ).toEqual({
    domain: 'ssp.example',
    adsTxt: 'require',
    sellersJson: 'when_known',
    schain: 'when_present',
    nodesMax: 3,
    blocked: ['a.example', 'b.example/7'],
  });
  check(
    {
      'exchanges/big.yaml': `${big}supply:\n  ads_txt: always\n  nodes_max: 33\n  blocked: [https://a.example]\n`,
    },
    'exchanges/big.yaml:5:3 supply.domain is missing: expected text',
    'exchanges/big.yaml:5:12 supply.ads_txt expected one of ignore, when_known, require, got "always"',
    'exchanges/big.yaml:6:14 supply.nodes_max expected at most 32, got 33',
    'exchanges/big.yaml:7:13 supply.blocked.0 expected a node such as reseller.example, or reseller.example/1234, got "https://a.example"',
  );
});

it('reads how browsers are introduced to an exchange, and says where that is wrong', () => {
  const big = 'exchange: big\ncurrencies: [USD]\nbilling: burl\nsync:\n';
  const [exchange] = loadWorkspace(
    workspace({ 'exchanges/big.yaml': `${big}  redirect_hosts: [sync.big.example]\n  ttl: 20d\n` }),
  ).exchanges;
  const ttlMs = 20 * 86_400_000;
  expect(exchange?.sync).toEqual({ url: '', redirectHosts: ['sync.big.example'], ttlMs });
  check(
    { 'exchanges/big.yaml': `${big}  url: http://a.example/?u={uid}\n  ttl: 90d\n  host: a\n` },
    'exchanges/big.yaml:5:8 sync.url expected an https URL with {uid}, such as https://sync.example.com/match?buyer=7&uid={uid}&gdpr={gdpr}, got "http://a.example/?u={uid}"',
    'exchanges/big.yaml:6:8 sync.ttl expected 14d to 60d, got "90d"',
    'exchanges/big.yaml:7:3 sync.host unknown key; known keys: url, redirect_hosts, ttl',
  );
});

it('reads what an exchange tells in its notices, and how far its network may be learned', () => {
  const notices = 'notices: { loss: "", min_to_win: "${MIN:B64}" }\n';
  exchangeIs(`network_max: 40ms\n${notices}`, {
    networkMaxMs: 40,
    notices: { loss: '', minToWin: '${MIN:B64}' },
  });
});

it('refuses native answers as objects in protobuf', () =>
  check(
    {
      'exchanges/big.yaml': `${FILES['exchanges/big.yaml']}format: protobuf\nnative: { form: object }\n`,
    },
    'exchanges/big.yaml:5:9 format native answers as objects (native.form) need JSON',
  ));

it('refuses a network that may be learned to be less than it is', () =>
  check(
    { 'exchanges/big.yaml': `${FILES['exchanges/big.yaml']}network_max: 29ms\n` },
    'exchanges/big.yaml:5:14 network_max is less than network, 30ms',
  ));
