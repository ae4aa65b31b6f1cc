/**
 * A strict reader of HTML markup: what a browser would guess about is a fault here. It knows no
 * implied end tags, so what it finds balanced is balanced for every reader.
 */

export interface Element {
  readonly name: string;
  /** Values with their character references resolved. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface Scan {
  readonly elements: readonly Element[];
  /** What stands between tags, without the contents of style and script. */
  readonly texts: readonly string[];
  readonly styles: readonly string[];
  readonly faults: readonly string[];
}

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const RAW = new Set(['style', 'script', 'textarea', 'title']);
const TAG =
  /^<([a-z][a-z0-9-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+))?)*)\s*(\/?)>/i;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?/g;
const SKIPPED = /^<!--[\s\S]*?-->|^<!doctype[^>]*>/i;
const END = /^<\/([a-z][a-z0-9-]*)\s*>/i;

interface Reading {
  readonly markup: string;
  at: number;
  readonly open: string[];
  readonly elements: Element[];
  readonly texts: string[];
  readonly styles: string[];
  readonly faults: string[];
}

export function scanMarkup(markup: string): Scan {
  const reading: Reading = {
    markup,
    at: 0,
    open: [],
    elements: [],
    texts: [],
    styles: [],
    faults: [],
  };
  while (reading.at < markup.length) readNext(reading);
  for (const name of reading.open) reading.faults.push(`<${name}> is not closed`);
  return reading;
}

function readNext(reading: Reading): void {
  const rest = reading.markup.slice(reading.at);
  const skipped = SKIPPED.exec(rest);
  const end = END.exec(rest);
  const start = TAG.exec(rest);
  if (!rest.startsWith('<')) readText(reading, rest);
  else if (skipped !== null) reading.at += skipped[0].length;
  else if (end !== null) readEnd(reading, end);
  else if (start !== null) readStart(reading, start);
  else {
    reading.faults.push(`no tag at ${JSON.stringify(rest.slice(0, 30))}`);
    reading.at++;
  }
}

function readText(reading: Reading, rest: string): void {
  const end = rest.indexOf('<');
  const text = end < 0 ? rest : rest.slice(0, end);
  reading.texts.push(resolved(text));
  reading.at += text.length;
}

function readEnd(reading: Reading, [whole, name = '']: RegExpExecArray): void {
  reading.at += whole.length;
  const expected = reading.open.pop();
  if (expected !== name.toLowerCase()) {
    reading.faults.push(`</${name}> where ${expected ?? 'nothing'} is open`);
  }
}

function readStart(reading: Reading, tag: RegExpExecArray): void {
  const [whole, written = '', attributes = '', slash] = tag;
  const name = written.toLowerCase();
  reading.at += whole.length;
  reading.elements.push({ name, attributes: readAttributes(reading, attributes) });
  if (VOID.has(name)) return;
  // Closing itself is for drawings alone: a browser would leave any other one open.
  if (slash === '/' && reading.open.includes('svg')) return;
  if (slash === '/') reading.faults.push(`<${name}/> closes itself`);
  else if (RAW.has(name)) readRaw(reading, name);
  else reading.open.push(name);
}

function readAttributes(reading: Reading, source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, written = '', double, single, bare] of source.matchAll(ATTRIBUTE)) {
    const name = written.toLowerCase();
    if (attributes.has(name)) reading.faults.push(`${name} is given twice`);
    attributes.set(name, resolved(double ?? single ?? bare ?? ''));
  }
  return attributes;
}

function readRaw(reading: Reading, name: string): void {
  const rest = reading.markup.slice(reading.at);
  const end = rest.toLowerCase().indexOf(`</${name}`);
  const content = end < 0 ? rest : rest.slice(0, end);
  if (name === 'style') reading.styles.push(content);
  else if (name !== 'script') reading.texts.push(resolved(content));
  reading.open.push(name);
  reading.at += content.length;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function resolved(source: string): string {
  return source.replace(/&(?:#(\d+)|#x([\da-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    return codePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

const codePoint = (code: number) => String.fromCodePoint(code <= 0x10ffff ? code : 0xfffd);
