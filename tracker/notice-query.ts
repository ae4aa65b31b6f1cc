/** Parameters of a notice URL. The first of a name counts; foreign ones are ignored. */
export interface NoticeQuery {
  /** '' when missing or given twice: a signed call has exactly one token. */
  readonly token: string;
  readonly price: string;
  readonly minToWin: string;
  readonly lossCode: string;
  readonly slot: string;
}

const NAMES = { t: 'token', p: 'price', m: 'minToWin', c: 'lossCode', s: 'slot' } as const;

/** Reads the query without its question mark. Never throws: what cannot be decoded stays as it is. */
export function parseNoticeQuery(query: string): NoticeQuery {
  const found = { token: '', price: '', minToWin: '', lossCode: '', slot: '' };
  const seen = new Set<string>();
  for (const part of query.split('&')) {
    const cut = part.indexOf('=');
    const letter = cut < 0 ? part : part.slice(0, cut);
    if (!isName(letter)) continue;
    const name = NAMES[letter];
    if (seen.has(name)) {
      if (name === 'token') found.token = '';
      continue;
    }
    seen.add(name);
    found[name] = cut < 0 ? '' : decoded(part.slice(cut + 1));
  }
  return found;
}

function isName(text: string): text is keyof typeof NAMES {
  return Object.hasOwn(NAMES, text);
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
