/**
 * How data enters markup. Everything but a few harmless ASCII characters comes out as a numeric
 * character reference, so that the result is inert as HTML text, inside a quoted attribute, as
 * inside of a JSON string (no quote, no backslash, no control character, ASCII only), and to an
 * exchange that replaces `${…}`, `%%…%%`, `{{…}}` or `[…]` wherever it finds them.
 */
import type { MarkupForm } from './template-plan.ts';

const DROP = 0;
const PLAIN = 1;
const REFERENCE = 2;
const SPACE = 3;

const TEXT_CLASS = asciiClasses('&<>"\'`=$%{}#[]\\');
/** In a URL `=` and `%` are everyday; `%%` is seen to apart. */
const URL_CLASS = asciiClasses('&<>"\'`${}#[]\\');
/** First of what URL_CLASS does not let through, or of `%%`. */
const NOT_PLAIN_IN_URL = /[^\w !()*+,\-./:;=?@^|~%]|%%/;

/** Plain text as HTML text or quoted attribute; control and bidirectional override characters go. */
export function encodeText(text: string): string {
  return encode(text, TEXT_CLASS);
}

/**
 * A serialised URL (WHATWG) as the value of a quoted attribute. Most hold next to nothing to encode,
 * and a regular expression passes over that faster than we could.
 */
export function encodeUrl(url: string): string {
  const from = url.search(NOT_PLAIN_IN_URL);
  if (from < 0) return url;
  const encoded = url.slice(0, from) + encode(url.slice(from), URL_CLASS);
  return encoded.includes('%%') ? encoded.replaceAll('%%', '&#37;&#37;') : encoded;
}

/** Trusted template text as the inside of an ASCII JSON string. */
export function encodeJsonInside(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(
      /[\u007f-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** Text that is markup already, in the form in which it leaves the house. */
export function inForm(text: string, form: MarkupForm): string {
  if (isPlainInJson(text)) return text;
  return form === 'json' ? encodeJsonInside(text) : Buffer.from(text).toString('latin1');
}
/** Printable ASCII without quote and backslash: the same in JSON and out of it. */
export function isPlainInJson(text: string): boolean {
  return PLAIN_IN_JSON.test(text);
}
const PLAIN_IN_JSON = /^[ !#-[\]-~]*$/;

function encode(text: string, classes: Uint8Array): string {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const kind = unit < 128 ? classes[unit]! : wideClass(unit);
    if (kind === PLAIN) continue;
    const point = text.codePointAt(i)!;
    out += text.slice(from, i) + replacement(kind, point);
    if (point > 0xffff) i += 1;
    from = i + 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

function replacement(kind: number, point: number): string {
  if (kind === SPACE) return ' ';
  return kind === DROP || isSurrogate(point) ? '' : `&#${point};`;
}

function wideClass(unit: number): number {
  if (unit < 0xa0) return DROP; // C1 controls
  if (unit >= 0x2028 && unit <= 0x202e) return unit < 0x202a ? SPACE : DROP; // line ends, overrides
  if (unit >= 0x2066 && unit <= 0x2069) return DROP; // bidirectional isolates
  return unit >= 0xfffe || unit === 0xfeff ? DROP : REFERENCE;
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

function asciiClasses(references: string): Uint8Array {
  const classes = new Uint8Array(128).fill(PLAIN, 0x20, 0x7f);
  for (const blank of '\t\n\r') classes[blank.charCodeAt(0)] = SPACE;
  for (const character of references) classes[character.charCodeAt(0)] = REFERENCE;
  return classes;
}
