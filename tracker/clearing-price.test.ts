import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMicros } from '../proto/micros.ts';
import type { ExchangePrice, PriceUnit } from '../settings/exchange.ts';
import {
  CLOCK_SKEW_MAX_MS,
  parseClearingPrice,
  readClearingPrice,
  readMinToWin,
  SEALED_AGE_MAX_MS,
} from './clearing-price.ts';
import { KEYS, priceKeys, sealPrice } from './sealed-price.contract.ts';

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

  it('law: ${AUCTION_PRICE:B64} of any amount is read, padded or not, in either alphabet', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (micros) => {
        const written = Buffer.from(formatMicros(micros));
        const text = written.toString('base64');
        for (const form of [text, text.replace(/=+$/, ''), written.toString('base64url')])
          check(form, known(micros));
      }),
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

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const OLD_KEYS = priceKeys(Buffer.alloc(32, 'x'), Buffer.alloc(32, 'y'));
const sealedBy = (unit: PriceUnit): ExchangePrice => ({
  macro: '[PRICE]',
  codec: { kind: 'google-hmac', unit, keys: [KEYS, OLD_KEYS] },
});
const SEALS = sealedBy('impression');
const checkSealed = (
  text: string,
  expected: object,
  told: { price?: ExchangePrice; nowMs?: number; bidAtMs?: number } = {},
): void => {
  const nowMs = told.nowMs ?? NOW_MS;
  const times = { nowMs, bidAtMs: told.bidAtMs ?? nowMs };
  expect(readClearingPrice(text, told.price ?? SEALS, times)).toEqual(expected);
};

describe('clearing price of an exchange that seals', () => {
  it('is what one impression costs, a thousandth of the CPM', () =>
    checkSealed(sealPrice({ micros: 1_900n, atMs: NOW_MS }), known(1_900_000)));

  it('is a CPM where the exchange says so', () =>
    checkSealed(sealPrice({ micros: 1_900_000n, atMs: NOW_MS }), known(1_900_000), {
      price: sealedBy('cpm'),
    }));

  it('opens with the keys of before while they are listed', () =>
    checkSealed(sealPrice({ micros: 1n, atMs: NOW_MS, keys: OLD_KEYS }), known(1_000)));

  it.each([
    ['', 'empty'],
    ['AUDIT', 'audit'],
    ['${AUCTION_PRICE}', 'macro'],
    ['[PRICE]', 'macro'],
    ['1.5', 'encrypted-unreadable'],
    ['MS41', 'encrypted-unreadable'],
    ['UNKNOWN', 'encrypted-unreadable'],
    ['1'.repeat(10_000), 'encrypted-unreadable'],
    [sealPrice({ micros: -1n, atMs: NOW_MS }), 'encrypted-unreadable'],
    [sealPrice({ micros: 10n ** 9n + 1n, atMs: NOW_MS }), 'encrypted-unreadable'],
    [sealPrice({ micros: 2n ** 63n - 1n, atMs: NOW_MS }), 'encrypted-unreadable'],
    [sealPrice({ micros: 1n, atMs: NOW_MS, keys: priceKeys(keyOf(1), keyOf(2)) }), 'forged'],
  ])('is none when it comes as %j: %s', (text, form) => checkSealed(text, unknown(form)));

  it('holds from a little before the bid until a day after, by either clock', () => {
    const sealed = sealPrice({ micros: 1n, atMs: NOW_MS });
    const price = known(1_000);
    const stale = unknown('stale');
    checkSealed(sealed, price, { nowMs: NOW_MS + SEALED_AGE_MAX_MS, bidAtMs: NOW_MS });
    checkSealed(sealed, stale, { nowMs: NOW_MS + SEALED_AGE_MAX_MS + 1, bidAtMs: NOW_MS });
    checkSealed(sealed, price, { nowMs: NOW_MS - CLOCK_SKEW_MAX_MS });
    checkSealed(sealed, stale, { nowMs: NOW_MS - CLOCK_SKEW_MAX_MS - 1 });
    checkSealed(sealed, price, { bidAtMs: NOW_MS + CLOCK_SKEW_MAX_MS });
    checkSealed(sealed, stale, { bidAtMs: NOW_MS + CLOCK_SKEW_MAX_MS + 1 });
  });

  it('law: every price that fits is read exactly, whatever the unit', () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), (micros) => {
        const sealed = sealPrice({ micros, atMs: NOW_MS });
        checkSealed(sealed, known(Number(micros) * 1000));
        checkSealed(sealed, known(Number(micros)), { price: sealedBy('cpm') });
      }),
    ));

  it('law: no text makes it throw', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const times = { nowMs: NOW_MS, bidAtMs: NOW_MS };
        expect(readClearingPrice(text, SEALS, times).kind).toBe('unknown');
      }),
    ));
});

describe('minimum to win', () => {
  const times = { nowMs: NOW_MS, bidAtMs: NOW_MS };
  const plain: ExchangePrice = { macro: '${AUCTION_PRICE}', codec: { kind: 'plain' } };
  it.each([
    ['2.1', 2_100_000],
    ['Mi4x', 2_100_000],
    ['21e-1', 2_100_000],
    ['0', 0],
    ['', null],
    ['AUDIT', null],
    ['${AUCTION_MIN_TO_WIN}', null],
    ['%24%7BAUCTION_MIN_TO_WIN%7D', null],
    ['-1', null],
  ])('%j is %j, in clear also where prices are sealed', (text, micros) => {
    expect(readMinToWin(text, plain, times)).toBe(micros);
    expect(readMinToWin(text, SEALS, times)).toBe(micros);
  });

  it('comes sealed as the price does', () => {
    const sealed = sealPrice({ micros: 2_100n, atMs: NOW_MS });
    expect(readMinToWin(sealed, SEALS, times)).toBe(2_100_000);
    expect(readMinToWin(sealed, plain, times)).toBeNull();
  });
});

function keyOf(byte: number): Buffer {
  return Buffer.alloc(32, byte);
}
