/** Countries whose phone numbers are known, by their ISO 3166 codes. */
import { createRequire } from 'node:module';
import type { CountryCode } from 'libphonenumber-js';

// The library itself takes as long to load as a tenth of a command, and this is asked by all of them.
const { countries } = createRequire(import.meta.url)('libphonenumber-js/metadata.min.json') as {
  readonly countries: Readonly<Record<string, unknown>>;
};

export function isCountry(code: string): code is CountryCode {
  return Object.hasOwn(countries, code);
}
