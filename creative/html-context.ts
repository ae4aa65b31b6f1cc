import {
  attributeProblem,
  cssProblem,
  elementProblem,
  isTextAttribute,
  isUrlAttribute,
  isVoidElement,
  literalUrlProblem,
  tagProblem,
} from './html-rules.ts';
import { SLOT_TYPES, type SlotPath } from './template-plan.ts';

type State =
  | 'text'
  | 'style'
  | 'tag-open'
  | 'tag-name'
  | 'in-tag'
  | 'attribute-name'
  | 'before-value'
  | 'value';

/**
 * Follows a template character by character and knows at each point what a browser would take the
 * next one for. It is stricter than HTML: what it does not know it refuses by returning a problem.
 * Lives for one compilation.
 */
export class HtmlContext {
  #state: State = 'text';
  /** Open elements, outermost first. */
  readonly #open: string[] = [];
  #element = '';
  #closing = false;
  #attribute = '';
  #quote = '';
  #value = '';
  #css = '';
  #attributes = new Map<string, string>();

  get inText(): boolean {
    return this.#state === 'text';
  }

  get inStyle(): boolean {
    return this.#state === 'style';
  }

  /**
   * Equal at two points where a browser is in the same context with the same elements open; ''
   * where no section may begin.
   */
  get mark(): string {
    if (this.#state === 'value') {
      return isUrlAttribute(this.#attribute) ? '' : `value ${this.#attribute}`;
    }
    return this.inText || this.inStyle ? `${this.#state} ${this.#open.join('>')}` : '';
  }

  /** Takes one character of literal markup. Returns the problem with it, or null. */
  accept(character: string): string | null {
    switch (this.#state) {
      case 'text':
        if (character === '<') {
          this.#state = 'tag-open';
          this.#closing = false;
        }
        return null;
      case 'style':
        return this.#acceptCss(character);
      case 'tag-open':
        return this.#acceptTagOpen(character);
      case 'tag-name':
        if (/[a-z0-9]/i.test(character)) this.#element += character.toLowerCase();
        else return elementProblem(this.#element) ?? this.#inTag(character);
        return null;
      case 'in-tag':
        return this.#inTag(character);
      case 'attribute-name':
        return this.#acceptAttributeName(character);
      case 'before-value':
        if (character !== '"' && character !== "'") {
          return `the value of "${this.#attribute}" must stand in quotes`;
        }
        this.#quote = character;
        this.#value = '';
        this.#state = 'value';
        return null;
      case 'value':
        if (character === this.#quote) return this.#endValue();
        this.#value += character;
        return null;
    }
  }

  /** Takes a slot. Returns why it may not stand here and what may, or null. */
  acceptSlot(path: SlotPath): string | null {
    const type = SLOT_TYPES[path];
    switch (this.#state) {
      case 'text':
        return type === 'url' ? 'a URL can only be the whole value of href or src' : null;
      case 'style':
        return type === 'int' ? null : 'in a style only whole numbers may stand, as banner.width';
      case 'value':
        return this.#acceptSlotInValue(path, type);
      case 'tag-open':
      case 'tag-name':
      case 'attribute-name':
      case 'in-tag':
        return 'a slot cannot name a tag or an attribute; it may stand in text or in a quoted value';
      case 'before-value':
        return `the value of "${this.#attribute}" must stand in quotes: ${this.#attribute}="{{…}}"`;
    }
  }

  /** Why the template may not end here, or null. */
  end(): string | null {
    if (this.#state !== 'text') return 'the template ends inside a tag or a style';
    const left = this.#open.at(-1);
    return left === undefined ? null : `<${left}> is never closed`;
  }

  #acceptCss(character: string): string | null {
    this.#css += character;
    if (!this.#css.endsWith('</')) return null;
    const problem = cssProblem(this.#css.slice(0, -2));
    this.#startTag(true);
    return problem;
  }

  #acceptTagOpen(character: string): string | null {
    if (character === '/' && !this.#closing) {
      this.#startTag(true);
      this.#state = 'tag-open';
      return null;
    }
    if (!/[a-z]/i.test(character)) return 'write &lt; for a "<" that opens no tag';
    this.#startTag(this.#closing);
    this.#element = character.toLowerCase();
    return null;
  }

  #startTag(closing: boolean): void {
    this.#state = 'tag-name';
    this.#element = '';
    this.#closing = closing;
    this.#attributes = new Map();
  }

  #inTag(character: string): string | null {
    this.#state = 'in-tag';
    if (character === '>') return this.#endTag();
    if (/[\s/]/.test(character)) return null;
    if (!/[a-z]/i.test(character) || this.#closing)
      return `"${character}" does not belong in a tag`;
    this.#state = 'attribute-name';
    this.#attribute = character.toLowerCase();
    return null;
  }

  #acceptAttributeName(character: string): string | null {
    if (/[a-z0-9-]/i.test(character)) {
      this.#attribute += character.toLowerCase();
      return null;
    }
    if (character !== '=') return `attribute "${this.#attribute}" needs a value in quotes`;
    this.#state = 'before-value';
    if (this.#attributes.has(this.#attribute))
      return `"${this.#attribute}" stands twice in the tag`;
    return attributeProblem(this.#attribute);
  }

  #endValue(): string | null {
    this.#attributes.set(this.#attribute, this.#value);
    this.#state = 'in-tag';
    if (this.#attribute === 'style') return cssProblem(this.#value);
    if (!isUrlAttribute(this.#attribute) || this.#value.startsWith('{{')) return null;
    return literalUrlProblem(this.#attribute, this.#value);
  }

  #acceptSlotInValue(path: SlotPath, type: string): string | null {
    if (this.#value.startsWith('{{')) return 'the URL slot must be the whole value';
    if (isUrlAttribute(this.#attribute)) {
      if (type !== 'url') return `"${this.#attribute}" takes a url slot, not ${type}`;
      if (this.#value !== '') return 'the URL slot must be the whole value';
      this.#value = `{{${path}}}`;
      return null;
    }
    if (type === 'int') return null;
    if (type === 'url') return 'a URL can only be the whole value of href or src';
    if (isTextAttribute(this.#attribute)) return null;
    return `text may stand in alt, title, lang and aria-label, not in "${this.#attribute}"`;
  }

  #endTag(): string | null {
    this.#state = 'text';
    if (this.#closing) {
      const open = this.#open.pop();
      return open === this.#element
        ? null
        : `</${this.#element}> closes nothing; open is ${open === undefined ? 'no tag' : `<${open}>`}`;
    }
    if (!isVoidElement(this.#element)) this.#open.push(this.#element);
    if (this.#element === 'style') {
      this.#state = 'style';
      this.#css = '';
    }
    return tagProblem(this.#element, this.#attributes);
  }
}
