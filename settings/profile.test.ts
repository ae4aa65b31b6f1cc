import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { billedBy } from './billing-section.ts';
import { type Exchange, PROFILES, type ProfileName } from './exchange.ts';
import { readWorkspace } from './load-workspace.ts';
import { laidOver, profileKeys } from './profile.ts';
import { workspace } from './workspace.contract.ts';

const secret = (letter: string) => Buffer.alloc(32, letter).toString('base64');
const KEYS = JSON.stringify({
  keys: [{ encryption_key: secret('a'), integrity_key: secret('b') }],
});

function read(text: string): { exchanges: Exchange[]; problems: string[] } {
  const dir = workspace({ 'exchanges/big.yaml': text, 'exchanges/big.keys.json': KEYS });
  const { exchanges, problems } = readWorkspace(dir);
  return {
    exchanges: exchanges.map(({ value }) => value),
    problems: problems.map(
      ({ file, line, column, path, message }) => `${file}:${line}:${column} ${path} ${message}`,
    ),
  };
}

function exchangeOf(text: string): Exchange {
  const { exchanges, problems } = read(`exchange: big\n${text}`);
  expect(problems).toEqual([]);
  return exchanges[0]!;
}

const PLAIN = { kind: 'plain' };
const NONE = Number.POSITIVE_INFINITY;

/** What makes each profile what it is; `needs` is what only its user knows. */
const SHIPPED: Readonly<Record<ProfileName, { needs: string; is: object }>> = {
  generic: {
    needs: '',
    is: {
      currencies: ['USD'],
      billing: { banner: 'burl', native: 'burl', video: 'impression', audio: 'impression' },
      click: null,
      price: { codec: PLAIN },
    },
  },
  google: {
    needs: 'price: { keys_file: big.keys.json }\n',
    is: {
      billing: billedBy('burl'),
      contentType: 'application/json; charset=utf-8',
      price: { macro: '${AUCTION_PRICE}', codec: { kind: 'google-hmac', unit: 'impression' } },
      click: { macro: '%%CLICK_URL_UNESC%%', encoding: 'once' },
      marking: { required: 'never' },
    },
  },
  xandr: {
    needs: '',
    is: {
      billing: billedBy('burl'),
      click: { macro: '${CLICK_URL}', encoding: 'none' },
      multiBid: true,
      limits: { bids: 15, markupBytes: 32_000 },
    },
  },
  yandex: {
    needs: '',
    is: {
      currencies: ['RUB', 'USD', 'EUR'],
      billing: billedBy('burl'),
      click: null,
      notices: { loss: '${AUCTION_LOSS}', minToWin: '${AUCTION_MIN_TO_WIN}' },
      limits: { bids: NONE, markupBytes: 65_536 },
      marking: { required: 'in_russia' },
    },
  },
  index: { needs: '', is: { billing: billedBy('burl'), click: null, format: 'json' } },
  prebid: {
    needs: '',
    is: { billing: billedBy('impression'), multiBid: false, currencies: ['USD'] },
  },
};

describe('a shipped profile', () => {
  it.each(PROFILES)('%s is complete but for what only its user knows', (profile) => {
    const { needs, is } = SHIPPED[profile];
    expect(exchangeOf(`profile: ${profile}\n${needs}`)).toMatchObject(is);
  });

  it('is a file of its own, and each file is one', () => {
    const files = readdirSync(new URL('./profiles', import.meta.url)).sort();
    expect(files).toEqual(PROFILES.map((name) => `${name}.yaml`).sort());
  });

  it('says nothing that is its user’s alone', () => {
    for (const profile of PROFILES) {
      const keys = Object.keys(profileKeys(profile));
      expect(keys).not.toEqual(expect.arrayContaining(['exchange']));
      expect(keys).not.toEqual(expect.arrayContaining(['seat']));
      expect(keys).not.toEqual(expect.arrayContaining(['profile']));
    }
  });
});

describe('a workspace file over its profile', () => {
  it('wins, within sections key by key', () => {
    const own =
      'profile: xandr\ncurrencies: [EUR]\nclick: { encoding: once }\nlimits: { bids: 2 }\n';
    expect(exchangeOf(own)).toMatchObject({
      currencies: ['EUR'],
      billing: billedBy('burl'),
      click: { macro: '${CLICK_URL}', encoding: 'once' },
      limits: { bids: 2, markupBytes: 32_000 },
    });
  });

  it('wins for one format, or for all', () => {
    const generic = { banner: 'burl', native: 'burl', video: 'impression', audio: 'impression' };
    for (const profile of PROFILES) {
      const { needs } = SHIPPED[profile];
      const own = `profile: ${profile}\n${needs}billing: { native: nurl }\n`;
      const { native, ...others } = exchangeOf(own).billing;
      expect([profile, native]).toEqual([profile, 'nurl']);
      expect(Object.keys(others)).toEqual(['banner', 'video', 'audio']);
    }
    expect(exchangeOf('profile: generic\nbilling: { video: burl }\n').billing).toEqual({
      ...generic,
      video: 'burl',
    });
    expect(exchangeOf('profile: generic\nbilling: burl\n').billing).toEqual(billedBy('burl'));
  });

  it('takes a section away by a key without a value', () =>
    expect(exchangeOf('profile: xandr\nclick:\n').click).toBeNull());

  it('takes plain prices in place of sealed ones', () =>
    expect(exchangeOf('profile: google\nprice: { codec: plain }\n').price.codec).toEqual(PLAIN));

  it('merges into neither', () => {
    const base = { a: { b: 1 } };
    expect(laidOver(base, { a: { c: 2 } })).toEqual({ a: { b: 1, c: 2 } });
    expect(base).toEqual({ a: { b: 1 } });
  });

  it.each([
    [
      'profile: gogle\ncurrencies: [USD]\nbilling: burl\n',
      'exchanges/big.yaml:2:10 profile expected one of generic, google, xandr, yandex, index, prebid, got "gogle"',
    ],
    [
      'profile: xandr\nclick: { encoding: thrice }\n',
      'exchanges/big.yaml:3:20 click.encoding expected one of none, once, twice, got "thrice"',
    ],
    [
      'profile: google\n',
      'exchanges/big.yaml:2:10 profile codec google-hmac needs keys_file: the name of a file in exchanges/ such as google.keys.json',
    ],
    [
      'profile: yandex\nformat: protobuf\n',
      'exchanges/big.yaml:3:9 format an exchange that is asked to be told the mark of an ad (marking) needs JSON',
    ],
    [
      'profile: generic\nclick: { macro: "%%X%%\\">" }\n',
      'exchanges/big.yaml:3:17 click.macro expected a macro such as %%CLICK_URL_UNESC%%: ASCII without spaces, quotes, backslashes, <, >, & and #, got "%%X%%\\">"',
    ],
    [
      'profile: generic\ntaxonomy: 10\n',
      'exchanges/big.yaml:3:11 taxonomy expected at most 9, got 10',
    ],
    [
      'profile: generic\nqps_max: 0\n',
      'exchanges/big.yaml:3:10 qps_max expected at least 1, got 0',
    ],
  ])('is told where it is wrong: %j', (own, problem) =>
    expect(read(`exchange: big\n${own}`).problems).toEqual([problem]),
  );
});
