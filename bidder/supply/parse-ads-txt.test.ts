import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBareDomain } from './domain-name.ts';
import { parseAdsTxt } from './parse-ads-txt.ts';

function records(text: string): string[] {
  return parseAdsTxt(text).records.map(
    ({ system, account, relationship }) =>
      `${system} ${account} ${relationship === 1 ? 'DIRECT' : 'RESELLER'}`,
  );
}

describe('a record', () => {
  it('is a system, an account and a relationship, with or without a certification', () =>
    expect(
      records('greenadexchange.com, XF7342, DIRECT, 5jyxf8k54\nredssp.com,57013,RESELLER\n'),
    ).toEqual(['greenadexchange.com XF7342 DIRECT', 'redssp.com 57013 RESELLER']));

  it('may have comments, extensions, white space and any case but in its account', () =>
    expect(
      records(
        '\ufeff  GreenAdExchange.COM ,\tXf7342 , direct # with us\r\n# all of it\r\rblue.example,1,Reseller;x=1\u00a0',
      ),
    ).toEqual(['greenadexchange.com Xf7342 DIRECT', 'blue.example 1 RESELLER']));

  it('is counted with its line when it cannot be read', () => {
    const text =
      'a.example,1,DIRECT\na.example,2\na.example,,DIRECT\nhttps://a.example,3,DIRECT\na.example,4,BOTH\n<html>\n127.0.0.1,5,DIRECT\n';
    const { records: read, malformed } = parseAdsTxt(text);
    expect(read).toHaveLength(1);
    expect(malformed).toEqual({ count: 6, lines: [2, 3, 4, 5, 6, 7] });
  });

  it('is bounded: a line or an account that is longer is none', () => {
    expect(records(`a.example,${'1'.repeat(257)},DIRECT`)).toEqual([]);
    expect(records(`a.example,1,DIRECT,${' '.repeat(2000)}`)).toEqual([]);
  });
});

it('reads the variables, their domains in lower case, and lets others be', () => {
  const { variables, malformed } = parseAdsTxt(
    'contact=Ads <ads@a.example>, or so\nSubDomain = News.a.example\nINVENTORYPARTNERDOMAIN=partner.example\nOWNERDOMAIN=owner.example\nMANAGERDOMAIN=manager.example, US\nFUTURE=1\nSUBDOMAIN=http://x\n',
  );
  expect(variables).toEqual({
    CONTACT: ['Ads <ads@a.example>, or so'],
    SUBDOMAIN: ['news.a.example'],
    INVENTORYPARTNERDOMAIN: ['partner.example'],
    OWNERDOMAIN: ['owner.example'],
    MANAGERDOMAIN: ['manager.example'],
  });
  expect(malformed).toEqual({ count: 1, lines: [7] });
});

it('knows the record that says that nobody sells', () => {
  const text = 'placeholder.example.com, placeholder, DIRECT, placeholder\n';
  expect(parseAdsTxt(text)).toMatchObject({ records: [], nobody: true });
  expect(parseAdsTxt('')).toMatchObject({ records: [], nobody: false });
});

it('never throws, and every record is readable again as it was read', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(',', '\n', '\r', '#', '=', ';', ' ', 'a.example', 'DIRECT', 'RESELLER', 'x9'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      for (const { system, account, relationship } of parseAdsTxt(pieces.join('')).records) {
        expect(isBareDomain(system)).toBe(true);
        const line = `${system},${account},${relationship === 1 ? 'DIRECT' : 'RESELLER'}`;
        expect(parseAdsTxt(line).records).toEqual([{ system, account, relationship }]);
      }
    }),
  );
});

it.each([
  ['a.example', true],
  ['xn--bcher-kva.example', true],
  ['a-b.co.example', true],
  ['example', false],
  ['', false],
  ['.example', false],
  ['a.example.', false],
  ['a..example', false],
  ['-a.example', false],
  ['a-.example', false],
  ['A.example', false],
  ['a.example:80', false],
  ['a.example/x', false],
  ['1.2.3.4', false],
  [`${'a'.repeat(64)}.example`, false],
  [`${'a.'.repeat(130)}example`, false],
])('%j is a bare domain: %s', (name, expected) => expect(isBareDomain(name)).toBe(expected));
