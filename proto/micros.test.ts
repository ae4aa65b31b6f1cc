import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUDGET_UNITS_MAX, budgetNanos, formatMicros, type Micros, parseMicros } from './micros.ts';

describe('parseMicros', () => {
  const check = (text: string, expected: number | null) => expect(parseMicros(text)).toBe(expected);

  it('reads decimals that a float gets wrong', () => {
    check('8.41', 8_410_000);
    check('1.005', 1_005_000);
    check('4.35', 4_350_000);
    check('0.000001', 1);
  });

  it('refuses what is not a plain decimal', () => {
    for (const text of ['', ' 1', '1e3', '+1', 'NaN', '1,5', '.5', '1.', '0x10', 'Infinity'])
      check(text, null);
  });

  it('refuses a digit below the micro and keeps zeros there', () => {
    check('1.0000001', null);
    check('1.0000000', 1_000_000);
  });

  it('refuses amounts that are no safe integer', () => check('9007199254.740993', null));

  it('is the inverse of formatMicros', () => {
    const amount = fc.oneof(
      fc.integer({ min: -9e12, max: 9e12 }),
      fc.integer({ min: 1e15 - 1e6, max: 1e15 + 1e6 }),
      fc.maxSafeInteger(),
    );
    fc.assert(
      fc.property(amount, (micros) => {
        expect(parseMicros(formatMicros(micros))).toBe(micros === 0 ? 0 : micros);
      }),
      { numRuns: 2000 },
    );
  });
});

it('formats without zeros at the end, and small amounts without an exponent', () => {
  const texts = [5_000_000, 1_500_000, 1, -10, 0, -0, 1e15, 999_999_999_999_999];
  expect(texts.map(formatMicros)).toEqual([
    '5',
    '1.5',
    '0.000001',
    '-0.00001',
    '0',
    '0',
    '1000000000',
    '999999999.999999',
  ]);
});

it('keeps the largest budget a safe integer of nanos', () => {
  expect(Number.isSafeInteger(budgetNanos((BUDGET_UNITS_MAX * 1e6) as Micros))).toBe(true);
});
