import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMicros } from '../proto/micros.ts';
import { parseClearingPrice } from './clearing-price.ts';

const known = (cpmMicros: number) => ({ kind: 'known', cpmMicros });
const unknown = (form: string) => ({ kind: 'unknown', form });
const check = (text: string, expected: object): void => {
  expect(parseClearingPrice(text)).toEqual(expected);
};
const corpus = new URL(
  '../../shared/data/badinput/price/plain_price_strings.jsonl',
  import.meta.url,
);

describe('clearing price', () => {
  it.each([
    ['1.2345', known(1_234_500)],
    ['0', known(0)],
    ['8.41', known(8_410_000)],
    ['1.', known(1_000_000)],
    ['1.2345674', known(1_234_567)],
    ['1.2345675', known(1_234_568)],
    ['1.5e0', known(1_500_000)],
    ['1.5E-3', known(1_500)],
    ['12E+1', known(120_000_000)],
    ['MS41', known(1_500_000)],
    ['MS4yMzQ1', known(1_234_500)],
    ['', unknown('empty')],
    ['AUDIT', unknown('audit')],
    ['${AUCTION_PRICE}', unknown('macro')],
    ['${AUCTION_PRICE:B64}', unknown('macro')],
    ['%24%7BAUCTION_PRICE%7D', unknown('macro')],
    ['%%WINNING_PRICE%%', unknown('macro')],
    ['YWJjMTIzZGVmNDU2Z2hpN7fhCuPemCce_6msaw', unknown('unreadable')],
    ['-1', unknown('unreadable')],
    ['+1', unknown('unreadable')],
    ['1,5', unknown('unreadable')],
    ['NaN', unknown('unreadable')],
    ['Infinity', unknown('unreadable')],
    ['1e99', unknown('unreadable')],
    ['99999999999', unknown('unreadable')],
    ['1'.repeat(10_000), unknown('unreadable')],
  ])('reads %j', (text, expected) => check(text, expected));

  it('law: any amount of micros survives its own text', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (micros) =>
        check(formatMicros(micros), known(micros)),
      ),
    ));

  it('law: no text makes it throw, and a known price is a whole number', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const price = parseClearingPrice(text);
        expect(price.kind === 'unknown' || Number.isSafeInteger(price.cpmMicros)).toBe(true);
      }),
    ));

  it.skipIf(!existsSync(corpus))(
    'reads the exact prices of the corpus (needs ../shared/data)',
    () => {
      const rows = readFileSync(corpus, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const exact = rows.filter((row) => row.cpm_micros !== null);
      expect(exact.length).toBeGreaterThan(5);
      for (const row of exact) check(row.s, known(row.cpm_micros));
    },
  );
});
