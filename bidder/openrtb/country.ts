import { isCode } from './read-values.ts';

/** Countries of the European Economic Area, the United Kingdom and Switzerland: alpha-2, alpha-3. */
const CONSENT_COUNTRIES = new Map([
  ['AT', 'AUT'],
  ['BE', 'BEL'],
  ['BG', 'BGR'],
  ['HR', 'HRV'],
  ['CY', 'CYP'],
  ['CZ', 'CZE'],
  ['DK', 'DNK'],
  ['EE', 'EST'],
  ['FI', 'FIN'],
  ['FR', 'FRA'],
  ['DE', 'DEU'],
  ['GR', 'GRC'],
  ['HU', 'HUN'],
  ['IS', 'ISL'],
  ['IE', 'IRL'],
  ['IT', 'ITA'],
  ['LV', 'LVA'],
  ['LI', 'LIE'],
  ['LT', 'LTU'],
  ['LU', 'LUX'],
  ['MT', 'MLT'],
  ['NL', 'NLD'],
  ['NO', 'NOR'],
  ['PL', 'POL'],
  ['PT', 'PRT'],
  ['RO', 'ROU'],
  ['SK', 'SVK'],
  ['SI', 'SVN'],
  ['ES', 'ESP'],
  ['SE', 'SWE'],
  ['GB', 'GBR'],
  ['CH', 'CHE'],
]);
const NEED_CONSENT = new Set(CONSENT_COUNTRIES.values());

/**
 * ISO 3166 alpha-3, '' when there is none, null when there is one that cannot be read. Two-letter
 * codes, a common mistake, are read for the countries where reading them protects somebody.
 */
export function readCountry(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value !== 'string' || value.length > 3) return null;
  if (isCode(value)) return value;
  const code = value.toUpperCase();
  if (isCode(code)) return code;
  return CONSENT_COUNTRIES.get(code) ?? (code === 'US' ? 'USA' : null);
}

/** Personal data of people there is read with consent only, whatever the request says or omits. */
export function needsConsent(alpha3: string): boolean {
  return NEED_CONSENT.has(alpha3);
}
