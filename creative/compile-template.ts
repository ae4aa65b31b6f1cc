import { LAYOUTS } from './banner-layout.ts';
import { encodeJsonInside } from './encode-slot.ts';
import { HtmlContext } from './html-context.ts';
import {
  type Part,
  type SectionName,
  SLOT_TYPES,
  type SlotPath,
  TemplateError,
  type TemplatePlan,
} from './template-plan.ts';
import { textHash } from './text-hash.ts';

/** A longer template is not a banner's. */
export const TEMPLATE_LENGTH_MAX = 65_536;

const SECTIONS: readonly string[] = ['items', 'sale', 'offer', ...LAYOUTS];
const MARKER = /^\{\{\s*(?:([#/])\s*([\w-]+)|([\w-]+)\s+([\w.]+))\s*\}\}/;

interface Section {
  readonly name: SectionName;
  readonly parts: Part[];
  readonly mark: string;
  readonly at: number;
}

interface Compilation {
  readonly source: string;
  readonly file: string;
  readonly html: HtmlContext;
  /** The section being filled is last; the first is the template itself. */
  readonly sections: [{ parts: Part[] }, ...Section[]];
  literal: string;
  readonly counts: { items: number; pixel: number };
}

/**
 * Reads a template once: HTML with slots `{{type path}}` and sections `{{#name}}…{{/name}}`. Each
 * slot is checked against the place it stands in, so that rendering only joins texts. Comments and
 * line breaks with their indentation are dropped. Throws TemplateError with file:line:column.
 */
export function compileTemplate(source: string, file: string): TemplatePlan {
  const work: Compilation = {
    source,
    file,
    html: new HtmlContext(),
    sections: [{ parts: [] }],
    literal: '',
    counts: { items: 0, pixel: 0 },
  };
  if (source.length > TEMPLATE_LENGTH_MAX) {
    fail(work, 0, `the template is longer than ${TEMPLATE_LENGTH_MAX} characters`);
  }
  let at = 0;
  while (at < source.length) at = compileAt(work, at);
  finish(work);
  return { file, version: textHash(source), parts: work.sections[0].parts };
}

/** Compiles what stands at this offset; returns the offset behind it. */
function compileAt(work: Compilation, at: number): number {
  const { source } = work;
  if (source.startsWith('{{', at)) return compileMarker(work, at);
  if (work.html.inText && source.startsWith('<!--', at)) return skipComment(work, at);
  if (/\s/.test(source[at]!)) return compileBlank(work, at);
  const problem = work.html.accept(source[at]!);
  if (problem !== null) fail(work, at, problem);
  work.literal += source[at];
  return at + 1;
}

function skipComment(work: Compilation, at: number): number {
  const end = work.source.indexOf('-->', at + 4);
  if (end < 0) fail(work, at, 'the comment is never closed');
  const slot = work.source.slice(at, end).indexOf('{{');
  if (slot >= 0) fail(work, at + slot, 'no slot may stand in a comment; move it into text');
  return end + 3;
}

function compileBlank(work: Compilation, at: number): number {
  const run = /^\s+/.exec(work.source.slice(at, at + 4096))![0];
  const end = at + run.length;
  const kept = run.includes('\n') ? lineBreak(work, at, end) : run;
  for (const character of kept) {
    const problem = work.html.accept(character);
    if (problem !== null) fail(work, at, problem);
  }
  work.literal += kept;
  return end;
}

/** What remains of a line break: a blank between words, nothing beside tags, sections and CSS rules. */
function lineBreak(work: Compilation, start: number, end: number): string {
  const before = work.source.slice(0, start);
  const after = work.source.slice(end, end + 3);
  if (work.html.inStyle) return /[{};,>]$/.test(before) || /^[{}]/.test(after) ? '' : ' ';
  if (!work.html.inText) return ' ';
  const joins =
    /(^|>|\{\{[#/][^{}]*\}\})$/.test(before.slice(-80)) || /^($|<|\{\{[#/])/.test(after);
  return joins ? '' : ' ';
}

function compileMarker(work: Compilation, at: number): number {
  const match = MARKER.exec(work.source.slice(at, at + 200));
  if (match === null) {
    fail(work, at, 'expected a slot as {{text item.title}} or a section as {{#items}}…{{/items}}');
  }
  if (match[1] === '#') openSection(work, at, match[2]!);
  else if (match[1] === '/') closeSection(work, at, match[2]!);
  else compileSlot(work, at, { type: match[3]!, path: match[4]! });
  return at + match[0].length;
}

function compileSlot(work: Compilation, at: number, slot: { type: string; path: string }): void {
  if (!isSlotPath(slot.path)) {
    fail(work, at, `unknown slot "${slot.path}"; there are ${Object.keys(SLOT_TYPES).join(', ')}`);
  }
  const type = SLOT_TYPES[slot.path];
  if (slot.type !== type) {
    fail(work, at, `${slot.path} is of type ${type}: write {{${type} ${slot.path}}}`);
  }
  const problem = work.html.acceptSlot(slot.path);
  if (problem !== null) fail(work, at, `{{${type} ${slot.path}}}: ${problem}`);
  // The fragment of an item is prepared once for all sizes and bids; see banner.ts.
  if (slot.path.startsWith('item.') !== inSection(work, 'items')) {
    fail(work, at, 'item.… can only stand inside {{#items}}…{{/items}}, and nothing else there');
  }
  if (slot.path === 'banner.pixel') {
    if (work.sections.length > 1) fail(work, at, 'banner.pixel may stand in no section');
    work.counts.pixel += 1;
  }
  flushLiteral(work);
  partsOf(work).push({ kind: 'slot', path: slot.path });
}

function openSection(work: Compilation, at: number, name: string): void {
  if (!isSectionName(name)) {
    fail(work, at, `unknown section "${name}"; there are ${SECTIONS.join(', ')}`);
  }
  const { mark } = work.html;
  if (mark === '' || (name === 'items' && !isTopText(work))) {
    fail(work, at, `{{#${name}}} cannot begin here; it may stand in text, items in no section`);
  }
  if ((name === 'sale') !== inSection(work, 'items')) {
    fail(work, at, '{{#sale}} belongs inside {{#items}}, and no other section does');
  }
  if (inSection(work, name)) fail(work, at, `{{#${name}}} stands inside itself`);
  if (name === 'items') work.counts.items += 1;
  flushLiteral(work);
  work.sections.push({ name, parts: [], mark, at });
}

function closeSection(work: Compilation, at: number, name: string): void {
  const open = work.sections.at(-1)!;
  if (!('name' in open) || open.name !== name) {
    const expected = 'name' in open ? `expected {{/${open.name}}}` : 'no section is open';
    fail(work, at, `{{/${name}}} closes nothing: ${expected}`);
  }
  if (work.html.mark !== open.mark) {
    fail(work, at, `{{/${name}}} must stand in the same place of the markup as {{#${name}}}`);
  }
  flushLiteral(work);
  work.sections.pop();
  partsOf(work).push({ kind: 'section', name: open.name, parts: open.parts });
}

function finish(work: Compilation): void {
  const end = work.source.length;
  const open = work.sections.at(-1)!;
  if ('name' in open) fail(work, open.at, `{{#${open.name}}} is never closed`);
  const problem = work.html.end();
  if (problem !== null) fail(work, end, problem);
  if (work.counts.items !== 1) fail(work, end, 'a template needs {{#items}}…{{/items}} once');
  if (work.counts.pixel !== 1) {
    fail(work, end, 'a template needs <img src="{{url banner.pixel}}" alt=""> once, outside items');
  }
  flushLiteral(work);
}

function flushLiteral(work: Compilation): void {
  if (work.literal === '') return;
  const html = work.literal;
  partsOf(work).push({
    kind: 'literal',
    html,
    json: encodeJsonInside(html),
    utf8: Buffer.from(html).toString('latin1'),
  });
  work.literal = '';
}

function partsOf(work: Compilation): Part[] {
  return work.sections.at(-1)!.parts;
}

function inSection(work: Compilation, name: SectionName): boolean {
  return work.sections.some((section) => 'name' in section && section.name === name);
}

function isTopText(work: Compilation): boolean {
  return work.html.inText && work.sections.length === 1;
}

function isSlotPath(path: string): path is SlotPath {
  return Object.hasOwn(SLOT_TYPES, path);
}

function isSectionName(name: string): name is SectionName {
  return SECTIONS.includes(name);
}

function fail(work: Compilation, at: number, problem: string): never {
  const before = work.source.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  throw new TemplateError(problem, { file: work.file, line, column });
}
