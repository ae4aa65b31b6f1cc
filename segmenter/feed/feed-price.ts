import { type Micros, parseMicros } from '../../proto/micros.ts';

export type FeedPrice =
  | { readonly kind: 'price'; readonly micros: Micros }
  | { readonly kind: 'problem'; readonly reason: string };

const PRICE = /^(?:([A-Za-z]{3})\s*)?(-?[\d.,'\s]*\d)(?:\s*([A-Za-z]{3}))?$/;
const EXPECTED = 'expected as "12.99 USD"';

/**
 * Reads a price as feeds write it: `12.99 USD`, `USD 12.99`, `1,299.00 EUR`, `1.299,00 EUR`, `12,5`.
 * Of two kinds of separators the last is the decimal one; a single one followed by exactly three
 * digits groups thousands, unless it is a point in a currency of three decimals or a lone `0.`.
 */
export function parseFeedPrice(text: string, currency: string): FeedPrice {
  const shown = JSON.stringify(text.slice(0, 40));
  const match = PRICE.exec(text.trim().slice(0, 64));
  if (match === null || text.length > 64) return problem(`${shown} is no price, ${EXPECTED}`);
  const named = (match[1] ?? match[3])?.toUpperCase();
  if (named !== undefined && named !== currency) {
    return problem(`the price ${shown} is in ${named}, the shop sells in ${currency}`);
  }
  const decimal = toDecimal(match[2]!.replace(/[\s']/g, ''), hasThreeDecimals(currency));
  const micros = decimal === null ? null : parseMicros(decimal);
  if (micros === null) return problem(`${shown} is no price, ${EXPECTED}`);
  return micros > 0 ? { kind: 'price', micros } : problem(`the price ${shown} is not over 0`);
}

function toDecimal(digits: string, threeDecimals: boolean): string | null {
  const point = decimalSeparatorAt(digits, threeDecimals);
  const whole = point < 0 ? digits : digits.slice(0, point);
  const fraction = point < 0 ? '' : digits.slice(point + 1);
  // Groups of thousands must be groups of three: "1,2,3" is a list, not a price.
  if (!/^-?\d+$/.test(whole) && !/^-?\d{1,3}([.,]\d{3})+$/.test(whole)) return null;
  if (!/^\d*$/.test(fraction)) return null;
  const plain = whole.replace(/[.,]/g, '');
  return fraction === '' ? plain : `${plain}.${fraction}`;
}

/** Index of the decimal separator, or -1 when there is none. */
function decimalSeparatorAt(digits: string, threeDecimals: boolean): number {
  const last = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
  if (last < 0) return -1;
  const separators = digits.replace(/[^.,]/g, '');
  if (separators.length > 1) return new Set(separators).size > 1 ? last : -1;
  const groups = digits.length - last - 1 === 3 && !/^-?0/.test(digits);
  return groups && !(threeDecimals && digits[last] === '.') ? -1 : last;
}

function hasThreeDecimals(currency: string): boolean {
  return ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].includes(currency);
}

function problem(reason: string): FeedPrice {
  return { kind: 'problem', reason };
}
