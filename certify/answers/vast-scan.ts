/** A VAST document as a tree, by a strict XML reader: players have none that forgives. */
import { SaxesParser } from 'saxes';

export interface VastElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly VastElement[];
  /** With its CDATA sections, of this element alone. */
  readonly text: string;
}

interface OpenElement extends VastElement {
  readonly children: OpenElement[];
  text: string;
}

/** What is wrong with it, as text, when it is no document. */
export function scanVast(source: string): VastElement | string {
  const top: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  let fault = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    fault ||= error.message;
  });
  // A document type may define entities, and load them.
  parser.on('doctype', () => {
    fault ||= 'a document type';
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element: OpenElement = { name, attributes, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  const addText = (text: string) => {
    open.at(-1)!.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(source).close();
  return fault === '' ? top.children[0]! : fault;
}

/** The elements that a path of names leads to, through every one of a name. */
export function elementsAt(from: VastElement, path: string): readonly VastElement[] {
  let found: readonly VastElement[] = [from];
  for (const name of path.split('/')) {
    found = found.flatMap(({ children }) => children.filter((child) => child.name === name));
  }
  return found;
}

export function* allElements(element: VastElement): Generator<VastElement> {
  yield element;
  for (const child of element.children) yield* allElements(child);
}
