/** Phone numbers as people type them, in E.164. */
import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

/** Longer texts hold more than a number. */
const TEXT_CHARS_MAX = 40;
/** What may stand between digits; a comma or a word means that the cell holds more than a number. */
const NUMBER = /^\+?[\d\s().\-–—/]+$/;
/** Of a number that carries its country's code, E.164. */
const DIGITS_MAX = 15;

/** Whether an ISO 3166 code in upper case names a country whose numbers are known. */
export function isPhoneRegion(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** Of `phone_region` in shop.yaml; null where it says none. */
export function regionOf(code: string | null | undefined): CountryCode | null {
  return code && isPhoneRegion(code) ? code : null;
}

/**
 * The number as +79995551111, or null for what is no valid number. Without a + it is first read as
 * somebody in `region` dials it (8 999 555-11-11 or 9995551111 in RU), then as one that begins with
 * its country's code. A number with an extension is a switchboard's and null: it names many people.
 */
export function normalisePhone(raw: string, region: CountryCode | null): string | null {
  const text = raw.trim();
  if (text.length > TEXT_CHARS_MAX || !NUMBER.test(text)) return null;
  const digits = text.replaceAll(/\D/g, '');
  if (text.startsWith('+')) return validNumber(`+${digits}`, null);
  if (digits.startsWith('00')) return validNumber(`+${digits.slice(2)}`, null);
  const dialled = region === null ? null : validNumber(digits, region);
  if (dialled !== null || digits.length > DIGITS_MAX) return dialled;
  return validNumber(`+${digits}`, null);
}

function validNumber(digits: string, region: CountryCode | null): string | null {
  const number = parsePhoneNumberFromString(digits, region ?? undefined);
  return number?.isValid() ? number.number : null;
}
