/**
 * What a banner's markup may consist of. An allow-list: static elements and attributes without
 * script, navigation or loading of their own, so that no slot can meet a context we do not know.
 */
const ELEMENTS = new Set(
  'a b br del div em footer h1 h2 h3 header i img ins li main ol p s section small span strong style sub sup u ul'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'alt class dir height href id lang rel role src style tabindex target title width'.split(' '),
);
const VOID_ELEMENTS = new Set(['br', 'img']);
/** Attributes that people read: text may stand there. */
const TEXT_ATTRIBUTES = new Set(['alt', 'title', 'lang', 'aria-label']);
const LINK_REL = 'noopener nofollow sponsored';

export function isVoidElement(element: string): boolean {
  return VOID_ELEMENTS.has(element);
}

export function isUrlAttribute(attribute: string): boolean {
  return attribute === 'href' || attribute === 'src';
}

export function isTextAttribute(attribute: string): boolean {
  return TEXT_ATTRIBUTES.has(attribute);
}

/** Why the element may not be used, or null. */
export function elementProblem(element: string): string | null {
  if (ELEMENTS.has(element)) return null;
  return `<${element}> is not allowed in a banner; allowed are ${[...ELEMENTS].join(', ')}`;
}

/** Why the attribute may not be used, or null. */
export function attributeProblem(attribute: string): string | null {
  if (attribute.startsWith('on')) {
    return `event handler "${attribute}" is not allowed: a banner carries no script`;
  }
  if (ATTRIBUTES.has(attribute) || attribute.startsWith('aria-')) return null;
  return `attribute "${attribute}" is not allowed; allowed are ${[...ATTRIBUTES].join(', ')} and aria-*`;
}

/** Why literal CSS may not be used, or null. */
export function cssProblem(css: string): string | null {
  const found = /url\s*\(|@import|expression\s*\(|\\|<|&/i.exec(css);
  return found === null
    ? null
    : `"${found[0]}" is not allowed in a style; show pictures with <img src="{{url item.image}}">`;
}

/** Why a literal href or src may not be used, or null. */
export function literalUrlProblem(attribute: string, value: string): string | null {
  if (attribute === 'href') {
    return 'a link must be href="{{url item.click}}", so that the click is counted and checked';
  }
  return /^(https:\/\/|data:image\/(png|svg\+xml)[;,])/.test(value)
    ? null
    : 'src must be {{url item.image}}, {{url banner.pixel}}, https://… or data:image/png or svg+xml';
}

/** What a start tag lacks, or null. `attributes` has '{{path}}' where a slot stands. */
export function tagProblem(
  element: string,
  attributes: ReadonlyMap<string, string>,
): string | null {
  if (element === 'a') {
    const complete =
      attributes.get('href') === '{{item.click}}' &&
      attributes.get('target') === '_blank' &&
      attributes.get('rel') === LINK_REL;
    return complete
      ? null
      : `a link must be <a href="{{url item.click}}" target="_blank" rel="${LINK_REL}">`;
  }
  if (element !== 'img') return null;
  if (!attributes.has('src')) return '<img> needs src';
  return attributes.has('alt') ? null : '<img> needs alt, alt="" when it shows nothing';
}
