const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  shy: '',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  laquo: '«',
  raquo: '»',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  bull: '•',
  middot: '·',
  deg: '°',
  times: '×',
  euro: '€',
  pound: '£',
  copy: '©',
  reg: '®',
  trade: '™',
};

/**
 * A feed's text, which may hold HTML, as plain text: tags go, entities are decoded once, blanks are
 * joined. What was written twice encoded stays visible text; it is never decoded a second time.
 */
export function plainText(markup: string): string {
  const untagged = markup.includes('<') ? markup.replace(/<[a-z/!][^<>]*>/gi, ' ') : markup;
  const decoded = untagged.includes('&')
    ? untagged.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, decodeEntity)
    : untagged;
  return decoded.replace(/\s+/g, ' ').trim();
}

function decodeEntity(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : entity;
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const isCharacter = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : '';
}
