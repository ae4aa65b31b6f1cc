/**
 * Reads markup as a browser would, for tests: the states of the WHATWG tokenizer that matter here,
 * among them all the lenient ones (unquoted values, `<!`, `</ `, raw text), because those are the
 * ways by which text becomes markup.
 */
export interface StartTag {
  readonly name: string;
  /** Values decoded. */
  readonly attributes: readonly (readonly [string, string])[];
}

export interface Markup {
  readonly tags: readonly StartTag[];
  /** Start and end tags, comments and texts in order, without any value. */
  readonly shape: string;
  /** All text between tags, decoded. */
  readonly texts: readonly string[];
}

const RAW_TEXT = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noscript']);

export function readMarkup(html: string): Markup {
  const tags: StartTag[] = [];
  const texts: string[] = [];
  const shape: string[] = [];
  for (let at = 0; at < html.length; ) {
    const token = readToken(html, at);
    shape.push(token.shape);
    if (token.text !== undefined) texts.push(token.text);
    if (token.tag !== undefined) tags.push(token.tag);
    at = token.end;
  }
  return { tags, texts, shape: shape.join('\n') };
}

interface Token {
  readonly shape: string;
  readonly end: number;
  readonly text?: string;
  readonly tag?: StartTag;
}

function readToken(html: string, at: number): Token {
  const end = at + untilMatch(html.slice(at), /<[a-zA-Z/!?]/);
  if (end > at) return { shape: '#text', end, text: decodeReferences(html.slice(at, end)) };
  if (/^<(?:[!?]|\/[^a-zA-Z])/.test(html.slice(at, at + 3))) {
    return { shape: '#comment', end: at + commentLength(html.slice(at)) };
  }
  const tag = readTag(html, at);
  const names = tag.attributes.map(([name]) => name).join(' ');
  if (tag.closing) return { shape: `</${tag.name} ${names}>`, end: tag.end };
  const raw = rawTextLength(tag.name, html.slice(tag.end));
  return { shape: `<${tag.name} ${names}>${raw}`, end: tag.end + raw, tag };
}

function untilMatch(text: string, pattern: RegExp): number {
  const found = text.search(pattern);
  return found < 0 ? text.length : found;
}

function commentLength(text: string): number {
  const end = text.startsWith('<!--') ? '-->' : '>';
  const close = text.indexOf(end, 2);
  return close < 0 ? text.length : close + end.length;
}

function rawTextLength(name: string, text: string): number {
  return RAW_TEXT.has(name) ? untilMatch(text, new RegExp(`</${name}[\\s/>]`, 'i')) : 0;
}

function readTag(html: string, start: number): StartTag & { closing: boolean; end: number } {
  const closing = html[start + 1] === '/';
  const name = /^[^\s/>]+/.exec(html.slice(start + (closing ? 2 : 1)))![0];
  const attributes: [string, string][] = [];
  let at = start + (closing ? 2 : 1) + name.length;
  for (;;) {
    at += /^[\s/]*/.exec(html.slice(at))![0].length;
    if (at >= html.length) break;
    if (html[at] === '>') {
      at += 1;
      break;
    }
    const attribute = /^=?[^\s/>=]*/.exec(html.slice(at))![0];
    at += attribute.length;
    const value = /^\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>]*))/.exec(html.slice(at));
    at += value?.[0].length ?? 0;
    const raw = value?.[1] ?? value?.[2] ?? value?.[3] ?? '';
    attributes.push([attribute.toLowerCase(), decodeReferences(raw)]);
  }
  return { closing, name: name.toLowerCase(), attributes, end: at };
}

/** Our markup holds numeric references only; named ones would show as they are and fail a test. */
function decodeReferences(text: string): string {
  return text.replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));
}
