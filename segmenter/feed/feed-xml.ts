import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { FeedRecord } from './feed-csv.ts';
import { type FeedField, feedField } from './feed-item.ts';
import { FeedUnreadable, SUPPORTED_FORMATS } from './feed-unreadable.ts';

const GOOGLE_NAMESPACE = 'http://base.google.com/ns/1.0';
const VALUE_LENGTH_MAX = 65_536;
const DEPTH_MAX = 64;
/** The parser holds what stands between two tags in memory. */
const GAP_LENGTH_MAX = 4 << 20;

/** Records of a Google Merchant feed, RSS 2.0 or Atom. Throws FeedUnreadable. */
export async function* xmlRecords(
  text: AsyncIterable<string>,
  file: string,
): AsyncGenerator<FeedRecord> {
  const reader = new XmlFeedReader(file);
  for await (const piece of text) yield* reader.read(piece);
  yield* reader.close();
}

/** Follows one XML text; lives as long as its reading. */
class XmlFeedReader {
  readonly #file: string;
  readonly #parser = new SaxesParser();
  readonly #googlePrefixes = new Set(['g']);
  #records: FeedRecord[] = [];
  #depth = 0;
  /** Characters written since the last tag; the rest of its piece does not count. */
  #gap = 0;
  #item: { depth: number; line: number; column: number; row: Map<FeedField, string> } | null = null;
  #field: FeedField | null = null;
  #prefixed = false;
  /** Fields that came as `g:…`: they win over `title` and `link` of RSS itself. */
  #google = new Set<FeedField>();
  #value = '';

  constructor(file: string) {
    this.#file = file;
    this.#parser.on('opentag', (tag) => this.#openTag(tag));
    this.#parser.on('closetag', () => this.#closeTag());
    this.#parser.on('text', (text) => this.#text(text));
    this.#parser.on('cdata', (text) => this.#text(text));
    this.#parser.on('doctype', (doctype) => {
      if (doctype.includes('<!ENTITY')) {
        throw this.#unreadable(
          'the feed declares entities of its own; only &amp; &lt; &gt; &quot; &apos; and &#…; may be used',
        );
      }
    });
    this.#parser.on('error', (error) => {
      throw this.#notWellFormed(error);
    });
  }

  read(piece: string): FeedRecord[] {
    this.#gap += piece.length;
    this.#parser.write(piece);
    if (this.#gap > GAP_LENGTH_MAX) {
      throw this.#unreadable(`no tag begins or ends within ${GAP_LENGTH_MAX} characters`);
    }
    return this.#taken();
  }

  close(): FeedRecord[] {
    this.#parser.close();
    return this.#taken();
  }

  #taken(): FeedRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #openTag(tag: SaxesTagPlain): void {
    this.#gap = 0;
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.#unreadable(`tags are nested deeper than ${DEPTH_MAX}`);
    const attributes = tag.attributes as Readonly<Record<string, string>>;
    if (this.#depth === 1) this.#checkRoot(tag.name, attributes);
    if (this.#item === null) {
      if (tag.name === 'item' || tag.name === 'entry') this.#openItem();
      return;
    }
    if (this.#depth === this.#item.depth + 1) this.#openField(tag.name, attributes);
  }

  #checkRoot(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name !== 'rss' && name !== 'feed' && name !== 'rdf:RDF') {
      const format = name === 'yml_catalog' ? 'a Yandex YML feed' : `an XML text of <${name}>`;
      throw this.#unreadable(`this is ${format}; ${SUPPORTED_FORMATS}`);
    }
    for (const [attribute, value] of Object.entries(attributes)) {
      if (attribute.startsWith('xmlns:') && value === GOOGLE_NAMESPACE) {
        this.#googlePrefixes.add(attribute.slice('xmlns:'.length));
      }
    }
  }

  #openItem(): void {
    const { line, columnIndex } = this.#parser;
    this.#item = { depth: this.#depth, line, column: columnIndex + 1, row: new Map() };
    this.#google = new Set();
  }

  /** Only direct children are the item's own: `g:shipping` has a price too. */
  #openField(name: string, attributes: Readonly<Record<string, string>>): void {
    const colon = name.indexOf(':');
    this.#prefixed = colon > 0;
    this.#value = '';
    if (this.#prefixed && !this.#googlePrefixes.has(name.slice(0, colon))) return;
    this.#field = feedField(name.slice(colon + 1));
    // Atom writes <link href="…"/>, and other relations are not the product's page.
    const relation = attributes['rel'] ?? 'alternate';
    if (relation !== 'alternate') this.#field = null;
    else if (this.#field === 'link') this.#value = attributes['href'] ?? '';
  }

  #text(text: string): void {
    if (this.#field === null || this.#item === null) return;
    if (this.#value.length + text.length > VALUE_LENGTH_MAX) {
      throw this.#unreadable(`a value is longer than ${VALUE_LENGTH_MAX} characters`);
    }
    this.#value += text;
  }

  #closeTag(): void {
    this.#gap = 0;
    const item = this.#item;
    if (item !== null && this.#depth === item.depth) {
      this.#records.push({ line: item.line, column: item.column, problem: null, row: item.row });
      this.#item = null;
    } else if (item !== null && this.#depth === item.depth + 1) this.#closeField(item.row);
    this.#depth -= 1;
  }

  #closeField(row: Map<FeedField, string>): void {
    const field = this.#field;
    this.#field = null;
    if (field === null || this.#value.trim() === '') return;
    const wins = !row.has(field) || (this.#prefixed && !this.#google.has(field));
    if (wins) row.set(field, this.#value);
    if (this.#prefixed) this.#google.add(field);
  }

  #notWellFormed(error: Error): FeedUnreadable {
    const what = error.message.replace(/^(?:.*?:)?\d+:\d+: /, '').replace(/\.$/, '');
    if (/unclosed|unexpected end|must contain a root/i.test(what)) {
      return this.#unreadable(
        `the feed is cut off, or an & before is not written as &amp; (${what}); fetch it again`,
      );
    }
    const hint = /entity/i.test(what)
      ? '; write & as &amp; and use no named entities but the five of XML'
      : '';
    return this.#unreadable(`the XML is not well-formed: ${what}${hint}`);
  }

  #unreadable(problem: string): FeedUnreadable {
    const { line, columnIndex } = this.#parser;
    return new FeedUnreadable(problem, { file: this.#file, line, column: columnIndex + 1 });
  }
}
