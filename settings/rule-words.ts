/** The words of the rule language, and what people write for them. */
import { closest } from '../platform/edit-distance.ts';
import type { Comparison } from '../rules/comparison.ts';
import { COUNT_FIELDS, DAY_FIELDS, MONEY_FIELDS, SET_FIELDS, SHARE_FIELDS } from '../rules/rule.ts';
import { SCORE_FIELDS } from '../rules/score.ts';
import { FAVOURITES } from '../rules/score-text.ts';
import { WINDOW_KEYS } from './window-parser.ts';

export const GROUPS = ['all', 'any', 'none'] as const;
export const OPERATORS: readonly string[] = [
  'gt',
  'gte',
  'lt',
  'lte',
  'eq',
  'ne',
] satisfies Comparison[];
export const WINDOW_WORDS: readonly string[] = WINDOW_KEYS;
export const QUANTIFIERS: readonly string[] = ['any_of', 'all_of'];
export const NUMBER_FIELDS: readonly string[] = [
  ...COUNT_FIELDS,
  ...MONEY_FIELDS,
  ...DAY_FIELDS,
  ...SHARE_FIELDS,
];
export const KNOWN = [
  ...GROUPS,
  ...NUMBER_FIELDS,
  ...SET_FIELDS,
  ...SCORE_FIELDS,
  ...Object.values(FAVOURITES),
  'affinity',
  'orders',
  'events',
  'attributes.…',
  'segment',
];
/** What people write for an operator. */
const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '=': 'eq',
  '==': 'eq',
  '!=': 'ne',
  min: 'gte',
  max: 'lte',
  any: 'any_of',
  all: 'all_of',
  in: 'any_of',
};

/** The operators that a field takes, and the one that was probably meant. */
export function meantOperator(
  field: string,
  op: string,
): { readonly known: readonly string[]; readonly meant: string | undefined } {
  const allowed = (SET_FIELDS as readonly string[]).includes(field) ? QUANTIFIERS : OPERATORS;
  const known = allowed === OPERATORS ? [...OPERATORS, ...WINDOW_WORDS] : QUANTIFIERS;
  const meant = ofSingleOrders(field, op) ?? meantWord(op, allowed) ?? closest(op, known);
  return { known, meant };
}

/** The condition on single orders that was meant where all orders together cannot be asked so. */
function ofSingleOrders(field: string, op: string): string | undefined {
  const isWindow = WINDOW_WORDS.includes(op);
  if (op !== 'where' && !isWindow) return undefined;
  if (field === 'products.bought' || field === 'categories.bought') {
    const goods = field === 'products.bought' ? 'product' : 'category';
    return `orders: { where: { ${goods}: … }, ${isWindow ? `${op}: …, ` : ''}count: { gte: 1 } }`;
  }
  return field.startsWith('orders.') && !isWindow ? 'orders: { where: …, count: … }' : undefined;
}

/** One of the known words for another that people write for it, or that is near it. */
export function meantWord(written: string, known: readonly string[]): string | undefined {
  const word = OPERATOR_WORDS[written];
  return word !== undefined && known.includes(word) ? word : closest(written, known);
}
