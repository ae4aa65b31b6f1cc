import { domainToUnicode } from 'node:url';

/**
 * Settings have a name as DNS does, block lists may have it in its own script, accents composed or apart:
 * `xn--caf-dma`, `café` and `cafe\u0301`.
 */
export function domainSpellings(domain: string): readonly string[] {
  const own = domainToUnicode(domain);
  return own === '' ? [domain] : [...new Set([domain, own, own.normalize('NFD')])];
}
