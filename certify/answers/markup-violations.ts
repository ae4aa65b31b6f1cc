/** What the markup of a banner bid may not hold. */
import { type Element, type Scan, scanMarkup } from './markup-scan.ts';
import type { Offer } from './offer.ts';
import { characterFaults, leftoverFaults, macroFaults } from './text-faults.ts';
import { type Json, json, number, numbers, text, texts } from './wire-json.ts';

/** AdCOM banner types. */
const TEXT_AD = 1;
const MARKUP_AD = 2;
const SCRIPT_AD = 3;
const FRAME_AD = 4;
const MARKUP_MIMES = ['text/html', 'application/xhtml+xml'];

export function markupViolations({ imp, bid, agreement }: Offer): string[] {
  const adm = text(bid['adm']);
  if (adm === '') return [];
  const scan = scanMarkup(adm);
  return [
    ...characterFaults(adm),
    ...scan.faults.map((fault) => `markup-broken: ${fault}`),
    ...macroFaults('adm', adm, agreement.macros),
    ...leftovers(scan),
    ...scan.elements.flatMap(activeContent),
    ...(number(imp['secure']) === 1 ? insecureLoads(scan) : []).map(
      (url) => `insecure-url: adm ${url}`,
    ),
    ...blockedTypes(imp, scan),
    ...refusedMime(imp, agreement.markupMimes ?? []),
  ];
}

function leftovers(scan: Scan): string[] {
  const values = scan.elements.flatMap(({ attributes }) => [...attributes.values()]);
  const shown = [...scan.texts, ...values];
  return [
    ...shown.flatMap(leftoverFaults),
    ...scan.styles.filter((each) => each.includes('{{')).map(() => 'template-left: in a style'),
  ];
}

function activeContent({ name, attributes }: Element): string[] {
  const faults = name === 'script' ? ['script: an element'] : [];
  for (const [key, value] of attributes) {
    if (key.startsWith('on')) faults.push(`script: ${key} of ${name}`);
    if (/^\W*(?:javascript|vbscript):/i.test(value)) {
      faults.push(`script: a URL in ${key} of ${name}`);
    }
    if (key === 'srcdoc') faults.push(`script: ${key} of ${name}`);
  }
  return faults;
}

/** A namespace is a name, and what a data: URL holds is not loaded: neither is a URL that counts. */
function insecureLoads(scan: Scan): string[] {
  const inAttributes = scan.elements.flatMap(({ attributes }) =>
    [...attributes].flatMap(([name, value]) => insecureAttribute(name, value)),
  );
  return [...inAttributes, ...scan.styles.flatMap(insecureStyle)];
}

const MORE_URLS: Readonly<Record<string, RegExp>> = {
  srcset: /[,\s]http:/i,
  content: /url\s*=\s*http:/i,
};

function insecureAttribute(name: string, value: string): string[] {
  if (name.startsWith('xmlns') || /^\s*data:/i.test(value)) return [];
  if (name === 'style') return insecureStyle(value);
  const isInsecure = /^\s*http:/i.test(value) || MORE_URLS[name]?.test(value) === true;
  return isInsecure ? [value] : [];
}

function insecureStyle(css: string): string[] {
  return css.match(/(?:url\(\s*["']?|@import\s+["'])http:[^)"']*/gi) ?? [];
}

function blockedTypes(imp: Json, scan: Scan): string[] {
  const blocked = numbers(json(imp['banner'])['btype']);
  return typesOf(scan)
    .filter((type) => blocked.includes(type))
    .map((type) => `banner-type-blocked: ${type}`);
}

function refusedMime(imp: Json, more: readonly string[]): string[] {
  const offered = texts(json(imp['banner'])['mimes']).map((mime) => mime.toLowerCase());
  const rendered = [...MARKUP_MIMES, ...more];
  return offered.length === 0 || rendered.some((mime) => offered.includes(mime))
    ? []
    : [`mime-not-offered: markup for ${offered.join(', ')}`];
}

function typesOf({ elements }: Scan): number[] {
  const has = (name: string) => elements.some((element) => element.name === name);
  const types = [has('img') || has('style') ? MARKUP_AD : TEXT_AD];
  if (has('script')) types.push(SCRIPT_AD);
  if (has('iframe')) types.push(FRAME_AD);
  return types;
}

/** Of the outermost element, '' when it says none. */
export function markupLanguage(adm: string): string {
  return scanMarkup(adm).elements[0]?.attributes.get('lang') ?? '';
}
