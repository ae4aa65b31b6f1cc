import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFeedPrice } from './feed-price.ts';

function check(text: string, expected: number | RegExp, currency = 'EUR'): void {
  const price = parseFeedPrice(text, currency);
  if (typeof expected === 'number') expect(price).toEqual({ kind: 'price', micros: expected });
  else expect(price).toEqual({ kind: 'problem', reason: expect.stringMatching(expected) });
}

describe('a feed price', () => {
  it('is read with the currency behind, before or absent', () => {
    check('12.99 EUR', 12_990_000);
    check('EUR 12.5', 12_500_000);
    check('12.5', 12_500_000);
    check('eur12', 12_000_000);
  });
  it('is read with points and commas as feeds mix them', () => {
    check('1,299.00 EUR', 1_299_000_000);
    check('1.299,00 EUR', 1_299_000_000);
    check('12,5', 12_500_000);
    check('1 299,00', 1_299_000_000);
    check('1.299.000', 1_299_000_000_000);
    check('75800 PLN', 75_800_000_000, 'PLN');
  });
  it('takes three digits behind a point for thousands, unless the currency has three decimals', () => {
    check('1.250', 1_250_000_000);
    check('1.250 KWD', 1_250_000, 'KWD');
    check('0.250', 250_000);
  });
  it('is refused when it is in another currency', () =>
    check('10.00 USD', /in USD, the shop sells in EUR/));
  it('is refused at zero and below', () => {
    check('0.00 EUR', /not over 0/);
    check('-1 EUR', /not over 0/);
  });
  it('is refused when it is no number', () => {
    for (const text of ['', 'free', '1.2.3', '1,2,3.4', '12e3', 'NaN', '1'.repeat(80), '٣']) {
      check(text, /is no price, expected as "12.99 USD"/);
    }
  });
  it('comes back from every spelling of an amount', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (cents) => {
        const whole = Math.floor(cents / 100);
        const rest = String(cents % 100).padStart(2, '0');
        const grouped = whole.toLocaleString('en-US');
        for (const text of [`${whole}.${rest}`, `${whole},${rest}`, `${grouped}.${rest} EUR`]) {
          check(text, cents * 10_000);
        }
      }),
    ));
});
