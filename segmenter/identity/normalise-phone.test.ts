import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPhoneRegion, normalisePhone } from './normalise-phone.ts';

describe('normalisePhone', () => {
  it.each([
    ['8 (999) 555-11-11', 'RU', '+79995551111'],
    ['89995551111', 'RU', '+79995551111'],
    ['9995551111', 'RU', '+79995551111'],
    ['79995551111', 'RU', '+79995551111'],
    ['+7 999 555–11–11', 'RU', '+79995551111'],
    ['007 999 555 11 11', 'RU', '+79995551111'],
    ['359 88 123 4567', 'RU', '+359881234567'],
    ['088 123 4567', 'BG', '+359881234567'],
    ['79995551111', 'BG', '+79995551111'],
    ['(800) 555-0100', 'US', '+18005550100'],
    ['448444124653', null, '+448444124653'],
    ['00 44 844 412 4653', null, '+448444124653'],
  ] as const)('reads %j of %s as %s', (raw, region, phone) =>
    expect(normalisePhone(raw, region)).toBe(phone),
  );

  it.each([
    ['', 'RU'],
    ['123', 'RU'],
    ['70000000000', 'RU'],
    ['9995551111', null],
    ['7.9995551111E+10', 'RU'],
    ['79995551111.0', 'RU'],
    ['89995551111, 89125551111', 'RU'],
    ['+7 999 555-11-11 доб. 12', 'RU'],
    ['+7 999 555-11-11 ext 12', 'RU'],
    ['call me', 'RU'],
    ['7'.repeat(41), 'RU'],
  ] as const)('takes %j of %s for no number of one person', (raw, region) =>
    expect(normalisePhone(raw, region)).toBeNull(),
  );

  it('reads a number the same however it is written', () => {
    const gap = fc.constantFrom('', ' ', '-', ') ', '.');
    const subscriber = fc.integer({ min: 2_000_000, max: 9_999_999 });
    fc.assert(
      fc.property(subscriber, fc.array(gap, { minLength: 3, maxLength: 3 }), (number, gaps) => {
        const tail = String(number);
        const [a, b, c] = [tail.slice(0, 3), tail.slice(3, 5), tail.slice(5)];
        const written = `916${gaps[0]}${a}${gaps[1]}${b}${gaps[2]}${c}`;
        for (const prefix of ['', '7', '8', '+7', '007']) {
          expect(normalisePhone(prefix + written, 'RU')).toBe(`+7916${tail}`);
        }
      }),
    );
  });
});

it('knows countries by their ISO code', () => {
  expect(isPhoneRegion('RU')).toBe(true);
  expect(isPhoneRegion('XX')).toBe(false);
});
