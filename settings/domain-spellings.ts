import { domainToUnicode } from 'node:url';

/** Settings have a name as DNS does, block lists may have it in its own script: `xn--caf-dma`, `café`. */
export function domainSpellings(domain: string): readonly string[] {
  const own = domainToUnicode(domain);
  return own === '' || own === domain ? [domain] : [domain, own];
}
