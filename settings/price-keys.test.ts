import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../platform/config-file.ts';
import { loadWorkspace } from './load-workspace.ts';
import { root, workspace } from './workspace.contract.ts';

const SECRETS = ['a', 'b', 'c', 'd'].map((letter) => Buffer.alloc(32, letter));
const [NEW_E, NEW_I, OLD_E, OLD_I] = SECRETS.map((bytes) => bytes.toString('base64')) as [
  string,
  string,
  string,
  string,
];
const EXCHANGE = 'exchange: big\ncurrencies: [USD]\nbilling: nurl\nprice:\n';
const SEALED = `${EXCHANGE}  codec: google-hmac\n  keys_file: big.keys.json\n`;
const PAIRS = [
  { encryption_key: NEW_E, integrity_key: NEW_I },
  { encryption_key: OLD_E, integrity_key: OLD_I },
];
const KEYS = JSON.stringify({ keys: PAIRS }, null, 2);

function files(price: string, keys: string | null = KEYS) {
  return { 'exchanges/big.yaml': EXCHANGE + price, 'exchanges/big.keys.json': keys };
}

function refusal(dir: string): ConfigInvalid {
  try {
    loadWorkspace(dir);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error;
    throw error;
  }
  throw new Error('the workspace was taken');
}

function check(changes: Readonly<Record<string, string | null>>, ...expected: string[]): void {
  const { message, problems } = refusal(workspace(changes));
  expect(
    problems.map((one) => `${one.file}:${one.line}:${one.column} ${one.path} ${one.message}`),
  ).toEqual(expected);
  for (const text of [NEW_E, NEW_I, OLD_E, OLD_I]) expect(message).not.toContain(text.slice(0, 8));
}

const priceOf = (dir: string) => loadWorkspace(dir).exchanges[0]!.price;
const KEY = 'expected a key of 32 bytes in base64 (43 or 44 characters), as the exchange shows it';
const FILE =
  'expected {"keys": [{"encryption_key": "…", "integrity_key": "…"}]} with 1 to 8 pairs, newest first, and nothing else';
const SECRET = '; not shown, it is secret';

describe('prices of an exchange', () => {
  it('come plain unless it says otherwise', () => {
    const plain = { macro: '${AUCTION_PRICE}', codec: { kind: 'plain' } };
    expect(priceOf(workspace())).toEqual(plain);
    expect(priceOf(workspace(files('  codec: plain\n', null)))).toEqual(plain);
    expect(priceOf(workspace(files('  macro: "%%WINNING_PRICE%%"\n', null)))).toEqual({
      ...plain,
      macro: '%%WINNING_PRICE%%',
    });
  });

  it('come sealed, with keys of either alphabet, newest first', () => {
    const webSafe = (text: string) =>
      text.replaceAll('+', '-').replaceAll('/', '_').replace('=', '');
    const keys = JSON.stringify({
      keys: PAIRS.map((pair) => ({ ...pair, integrity_key: webSafe(pair.integrity_key) })),
    });
    const { codec } = priceOf(
      workspace({ 'exchanges/big.yaml': SEALED, 'exchanges/big.keys.json': keys }),
    );
    if (codec.kind === 'plain') throw new Error('the codec was not taken');
    expect(codec.unit).toBe('impression');
    expect(
      codec.keys.flatMap(({ encryption, integrity }) => [encryption.export(), integrity.export()]),
    ).toEqual(SECRETS);
  });

  it('may be a CPM, and keys may lie where secrets are kept', () => {
    const dir = workspace(files('  codec: google-hmac\n  keys_file: k.keys.json\n  unit: cpm\n'));
    writeFileSync(join(root, 'mounted'), KEYS);
    symlinkSync(join(root, 'mounted'), join(dir, 'exchanges/k.keys.json'));
    expect(priceOf(dir).codec).toMatchObject({ unit: 'cpm' });
  });

  it('have keys that reach a worker, and that nothing prints', () => {
    const { exchanges } = loadWorkspace(workspace({ ...files(''), 'exchanges/big.yaml': SEALED }));
    const { codec } = structuredClone(exchanges)[0]!.price;
    expect(codec.kind === 'plain' ? [] : codec.keys[1]!.integrity.export()).toEqual(SECRETS[3]);
    for (const printed of [JSON.stringify(exchanges), inspect(exchanges, { depth: 9 })]) {
      expect(printed).toContain('keys');
      for (const secret of SECRETS) expect(printed).not.toContain(secret.toString('base64', 0, 6));
    }
  });
});

describe('what is wrong with prices of an exchange', () => {
  const big = 'exchanges/big.yaml';

  it.each([
    ['  codec: rot13\n', `${big}:5:10 price.codec expected one of plain, google-hmac, got "rot13"`],
    [
      '  codec: google-hmac\n',
      `${big}:5:10 price.codec codec google-hmac needs keys_file: the name of a file in exchanges/ such as google.keys.json`,
    ],
    [
      '  keys_file: big.keys.json\n',
      `${big}:5:3 price.keys_file belongs to codec: google-hmac; plain prices have no keys, and are CPM`,
    ],
    [
      '  codec: google-hmac\n  keys_file: ../../etc/passwd\n',
      `${big}:6:14 price.keys_file expected the name of a file in exchanges/ such as google.keys.json, got "../../etc/passwd"`,
    ],
    [
      '  codec: google-hmac\n  keys_file: bug.keys.json\n',
      `${big}:6:14 price.keys_file exchanges/bug.keys.json does not exist; write {"keys": [{"encryption_key": "…", "integrity_key": "…"}]} there, as the exchange shows them, newest first`,
    ],
    ['  unit: cpi\n', `${big}:5:9 price.unit expected one of impression, cpm, got "cpi"`],
    [
      '  keys: []\n',
      `${big}:5:3 price.keys unknown key; known keys: codec, macro, keys_file, unit`,
    ],
  ])('%j has its line', (price, problem) => check(files(price), problem));

  it.each(['a b', 'a"b', "a'b", 'a\\b', 'a&b', 'a#b', 'a<b', 'a>b', 'ä', 'a\tb', ''])(
    'refuses %j for a macro',
    (macro) =>
      check(
        files(`  macro: ${JSON.stringify(macro)}\n`),
        `${big}:5:10 price.macro expected a macro such as \${AUCTION_PRICE}: ASCII without spaces, quotes, backslashes, <, >, & and #, got ${JSON.stringify(macro)}`,
      ),
  );

  const keys = 'exchanges/big.keys.json';
  it.each([
    [KEYS.replace(NEW_I, NEW_I.slice(2)), `${keys}:5:24 keys.0.integrity_key ${KEY}${SECRET}`],
    [KEYS.replace(`"${OLD_E}"`, '17'), `${keys}:8:25 keys.1.encryption_key ${KEY}${SECRET}`],
    [
      KEYS.replace('"keys"', `"${OLD_E}"`),
      `${keys}:1:1 keys ${FILE}${SECRET}`,
      `${keys}:2:3  ${FILE}${SECRET}`,
    ],
    [KEYS.replace('"keys": [', `"x": "${OLD_E}", "keys": [`), `${keys}:2:3  ${FILE}${SECRET}`],
    ['{"keys": []}', `${keys}:1:10 keys ${FILE}${SECRET}`],
    [`${NEW_E}\n${NEW_I}\n`, `${keys}:1:1  ${FILE}${SECRET}`],
    [`{"keys": [\n"${NEW_E}" "${NEW_I}`, `${keys}:2:48  ${FILE}${SECRET}`],
    ['', `${keys}:1:1  ${FILE}${SECRET}`],
  ])('a keys file is told by position, never shown (case %#)', (text, ...problems) =>
    check({ 'exchanges/big.yaml': SEALED, [keys]: text! }, ...problems),
  );

  it.each([
    `  encryption_key: ${NEW_E}\n`,
    `  keys_file: ${NEW_E}\n`,
    `  keys_file: { keys: [{ encryption_key: ${NEW_E}, integrity_key: ${NEW_I} }] }\n`,
    `  { codec: rot13, encryption_key: ${NEW_E}, integrity_key: ${NEW_I} }\n`,
    `  encryption_key: ${NEW_E}\n  encryption_key: ${NEW_I}\n`,
    `  encryption_key: "${NEW_E}\n`,
  ])('shows no key that was written into the exchange itself (case %#)', (price) => {
    const { message } = refusal(workspace(files(price, null)));
    for (const text of [NEW_E, NEW_I]) expect(message).not.toContain(text.slice(0, 20));
  });

  it('still shows the line of what is no secret', () =>
    expect(refusal(workspace(files('  codec: rot13\n'))).message).toContain(
      '5 │   codec: rot13\n      │          ^^^^^',
    ));

  it('is one problem, not also that of who names the exchange', () =>
    check(
      { 'exchanges/big.yaml': SEALED },
      `${big}:6:14 price.keys_file ${keys} does not exist; write {"keys": [{"encryption_key": "…", "integrity_key": "…"}]} there, as the exchange shows them, newest first`,
    ));
});
