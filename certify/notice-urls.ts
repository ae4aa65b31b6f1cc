/** The notice URLs of a bid, called as an exchange calls them: OpenRTB 2.6, section 4.4. */
import { type Json, json, text } from './answers/wire-json.ts';
import type { Asked } from './probe.ts';

const NOTICES = ['nurl', 'burl', 'lurl'] as const;

export interface Notice {
  readonly name: (typeof NOTICES)[number];
  /** With its macros. */
  readonly template: string;
  readonly macros: Readonly<Record<string, string>>;
}

const MACRO = /\$\{(AUCTION_[A-Z_]+)(:[^}]*)?\}/g;
const LOST_TO_HIGHER_BID = '102';

/** Of the first bid. Without those that are missing. */
export function noticesOf(asked: Asked): Notice[] {
  const [first] = asked.bids;
  if (first === undefined) return [];
  const { bid, seat } = first;
  const common = macrosOf(json(asked.response), bid, seat);
  return NOTICES.flatMap((name) => {
    const template = text(bid[name]);
    const price = name === 'lurl' ? '' : text(bid['price']);
    const macros = { ...common, AUCTION_PRICE: price };
    return template === '' ? [] : [{ name, template, macros }];
  });
}

function macrosOf(response: Json, bid: Json, seat: string): Record<string, string> {
  return {
    AUCTION_ID: text(response['id']),
    AUCTION_BID_ID: text(response['bidid']),
    AUCTION_IMP_ID: text(bid['impid']),
    AUCTION_SEAT_ID: seat,
    AUCTION_AD_ID: text(bid['adid']),
    AUCTION_CURRENCY: text(response['cur'] ?? 'USD'),
    AUCTION_MBR: '1',
    AUCTION_LOSS: LOST_TO_HIGHER_BID,
    AUCTION_MIN_TO_WIN: '',
    AUCTION_MULTIPLIER: '1',
    AUCTION_IMP_TS: '',
  };
}

/** Null when it is no URL. What is not known is left empty, as the standard has it. */
export function noticeUrl({ template, macros }: Notice, price?: string): URL | null {
  const filled = template.replace(MACRO, (_, name: string) => {
    return name === 'AUCTION_PRICE' && price !== undefined ? price : encoded(macros[name] ?? '');
  });
  return /^https?:/i.test(filled) && URL.canParse(filled) ? new URL(filled) : null;
}

const encoded = (value: string) => encodeURIComponent(value);

export const hasPrice = ({ template }: Notice) => /\$\{AUCTION_PRICE(:[^}]*)?\}/.test(template);
