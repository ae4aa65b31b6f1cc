/** Faults of a URL and of a text, wherever in an answer they stand. */

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
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const LEAKED = /\[object \w+\]|^(?:undefined|null|NaN)$/;

export function linkFaults(name: string, url: string, secure: boolean): string[] {
  return [...macroFaults(name, url), ...urlFaults(name, url, secure)];
}

/** Without its macros, of one that stands in markup that is searched for them as a whole. */
export function urlFaults(name: string, url: string, secure: boolean): string[] {
  const faults: string[] = [];
  if (!/^https?:\/\/[^\s"'<>\\]+$/i.test(url) || !URL.canParse(url)) {
    faults.push(`url-not-absolute: ${name} ${url.slice(0, 60)}`);
  }
  if (secure && /^http:/i.test(url)) faults.push(`insecure-url: ${name}`);
  return faults;
}

/** Exchanges replace plain text: another spelling, or an escaped brace, stays as it is. */
/** `own` are names of the exchange's macros. */
export function macroFaults(where: string, source: string, own: readonly string[] = []): string[] {
  const faults: string[] = [];
  for (const [, inside = ''] of source.matchAll(/\$\{([^}]{0,40}\}?)/g)) {
    const name = /^([^:}]*)(?::[^}]+)?\}$/.exec(inside)?.[1] ?? '';
    if (!MACROS.has(name) && !own.includes(name))
      faults.push(`macro-unknown: ${where} \${${inside}`);
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

export function characterFaults(source: string): string[] {
  const faults: string[] = [];
  if (LONE_SURROGATE.test(source)) faults.push('characters: half of a character');
  if (CONTROL.test(source)) faults.push('characters: a control character');
  if (source.includes('\ufffd')) faults.push('characters: a replacement character');
  return faults;
}

/** What a template or a program leaves behind when a value is missing. */
export function leftoverFaults(shown: string): string[] {
  const faults = /\{\{|\}\}/.test(shown) ? [`template-left: ${shown}`] : [];
  if (LEAKED.test(shown.trim())) faults.push(`value-leaked: ${shown}`);
  return faults;
}
