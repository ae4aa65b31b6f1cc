/** What the markup and the notice URLs of a banner bid may not hold. */
import { type Element, type Scan, scanMarkup } from './markup-scan.ts';
import { type Json, json, number, numbers, text, texts } from './wire-json.ts';

/** OpenRTB 2.6 section 4.4; a suffix such as `:B64` names an encoding. */
const MACROS = new Set(
  [
    'ID BID_ID IMP_ID SEAT_ID AD_ID PRICE CURRENCY MBR LOSS MIN_TO_WIN MULTIPLIER IMP_TS',
    'DISCOUNT_PCT DISCOUNT_CPM',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `AUCTION_${name}`),
);
const NOTICES = ['nurl', 'burl', 'lurl'];
const LINKS = [...NOTICES, 'iurl'];
/** AdCOM banner types. */
const TEXT_AD = 1;
const MARKUP_AD = 2;
const SCRIPT_AD = 3;
const FRAME_AD = 4;
const MARKUP_MIMES = ['text/html', 'application/xhtml+xml'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const LEAKED = /\[object \w+\]|^(?:undefined|null|NaN)$/;

export function markupViolations(imp: Json, bid: Json, moreMimes: readonly string[]): string[] {
  const adm = text(bid['adm']);
  const secure = number(imp['secure']) === 1;
  const links = LINKS.flatMap((name) => linkFaults(name, bid[name], secure));
  if (adm === '') {
    // Markup may also come as the answer to nurl (section 4.3).
    return text(bid['nurl']) === '' ? [...links, 'markup-missing: no adm, no nurl'] : links;
  }
  const scan = scanMarkup(adm);
  return [
    ...links,
    ...characterFaults(adm),
    ...scan.faults.map((fault) => `markup-broken: ${fault}`),
    ...macroFaults('adm', adm),
    ...leftovers(scan),
    ...scan.elements.flatMap(activeContent),
    ...(secure ? insecureLoads(scan).map((url) => `insecure-url: adm ${url}`) : []),
    ...blockedTypes(imp, scan),
    ...refusedMime(imp, moreMimes),
  ];
}

function linkFaults(name: string, value: unknown, secure: boolean): string[] {
  if (value === undefined) return [];
  const url = text(value);
  const faults = macroFaults(name, url);
  if (!/^https?:\/\/[^\s"'<>\\]+$/i.test(url) || !URL.canParse(url)) {
    faults.push(`url-not-absolute: ${name} ${url.slice(0, 60)}`);
  }
  if (secure && /^http:/i.test(url)) faults.push(`insecure-url: ${name}`);
  return faults;
}

/** Exchanges replace plain text: another spelling, or an escaped brace, stays as it is. */
function macroFaults(where: string, source: string): string[] {
  const faults: string[] = [];
  for (const [, inside = ''] of source.matchAll(/\$\{([^}]{0,40}\}?)/g)) {
    const name = /^([^:}]*)(?::[^}]+)?\}$/.exec(inside)?.[1] ?? '';
    if (!MACROS.has(name)) faults.push(`macro-unknown: ${where} \${${inside}`);
  }
  if (
    /(?:%24|&#36;|&#x24;|&dollar;)(?:%7B|\{|&#123;|&#x7b;|&lcub;)|\$(?:%7B|&#123;|&#x7b;)/i.test(
      source,
    )
  ) {
    faults.push(`macro-escaped: ${where}`);
  }
  return faults;
}

function characterFaults(adm: string): string[] {
  const faults: string[] = [];
  if (LONE_SURROGATE.test(adm)) faults.push('characters: half of a character');
  if (CONTROL.test(adm)) faults.push('characters: a control character');
  if (adm.includes('\ufffd')) faults.push('characters: a replacement character');
  return faults;
}

/** What a template or a program leaves behind when a value is missing. */
function leftovers(scan: Scan): string[] {
  const values = scan.elements.flatMap(({ attributes }) => [...attributes.values()]);
  const shown = [...scan.texts, ...values];
  return [
    ...shown.filter((each) => /\{\{|\}\}/.test(each)).map((each) => `template-left: ${each}`),
    ...scan.styles.filter((each) => each.includes('{{')).map(() => 'template-left: in a style'),
    ...shown.filter((each) => LEAKED.test(each.trim())).map((each) => `value-leaked: ${each}`),
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
