/**
 * Conditions on what a build computes of a customer (docs/models.md):
 *
 *   rfm.recency: { gte: 4 }                      frequency and monetary alike; 1..5
 *   rfm.score: { any_of: [555, 554] }
 *   clv.value: { gte: 300 EUR }
 *   clv.expected_orders: { gte: 1.5 }
 *   clv.p_alive: { lt: 0.5 }
 *   clv.decile: { eq: 10 }
 *   affinity: { category: Tea, share: { gte: 0.5 } }   or a brand
 *   categories.favourite: { any_of: [Tea] }            brands.favourite alike
 */
import type { ConfigPath } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import { parseMicros } from '../proto/micros.ts';
import type { AffinityKind } from '../rules/affinity.ts';
import type { Comparison } from '../rules/comparison.ts';
import type { Rule } from '../rules/rule.ts';
import { SCORE_FIELDS, type ScoreField, type ScoreTest } from '../rules/score.ts';
import { FAVOURITES } from '../rules/score-text.ts';
import { isSqlSafe } from '../rules/sql-text.ts';
import { parseLiteral, type Refusal } from './operand-parser.ts';
import { meantWord, OPERATORS } from './rule-words.ts';
import { shown } from './window-parser.ts';

const LISTS: readonly string[] = ['any_of', 'none_of'];
const LIST_MAX = 1000;
const NAME_CHARS_MAX = 200;
const EXPECTED_MILLIONTHS_MAX = 1_000_000_000_000;
const CELL = /^[1-5]{3}$/;

type Unplaced = Omit<Rule & { kind: 'score' }, 'at'> | Omit<Rule & { kind: 'affinity' }, 'at'>;

/** One condition, or what is wrong with it; `path` is where, below the condition's key. */
export interface ScoredPart {
  readonly path: ConfigPath;
  readonly parsed: Unplaced | Refusal;
}

/** Null for another condition. */
export function parseScored(
  key: string,
  value: unknown,
  currency: string,
): readonly ScoredPart[] | null {
  if ((SCORE_FIELDS as readonly string[]).includes(key)) {
    return parseScore(key as ScoreField, value, currency);
  }
  if (key === 'affinity') return parseAffinity(value);
  if (key === FAVOURITES.category) return parseFavourite('category', value);
  return key === FAVOURITES.brand ? parseFavourite('brand', value) : null;
}

function parseScore(field: ScoreField, value: unknown, currency: string): readonly ScoredPart[] {
  const known = scoreOperators(field);
  if (!isSection(value) || Object.keys(value).length === 0) {
    return [refused([], `expected one of ${known.join(', ')}, such as { ${exampleOf(field)} }`)];
  }
  return Object.entries(value).map(([op, expected]): ScoredPart => {
    if (!known.includes(op)) return unknownOperator(field, op, known, expected);
    const test = LISTS.includes(op)
      ? parseList(field, op as 'any_of' | 'none_of', expected, currency)
      : parseComparison(field, op as Comparison, expected, currency);
    return { path: [op], parsed: 'kind' in test ? { kind: 'score', field, expects: test } : test };
  });
}

/** A cell of RFM is no amount: 515 is not more than 455. Amounts and shares are in no list. */
function scoreOperators(field: ScoreField): readonly string[] {
  if (field === 'rfm.score') return LISTS;
  return field.startsWith('rfm.') || field === 'clv.decile' ? [...OPERATORS, ...LISTS] : OPERATORS;
}

function exampleOf(field: ScoreField): string {
  return field === 'rfm.score' ? 'any_of: [555, 554]' : 'gte: 4';
}

function unknownOperator(
  field: ScoreField,
  op: string,
  known: readonly string[],
  value: unknown,
): ScoredPart {
  const message = `${field} takes ${known.join(', ')}, not ${op}`;
  const asList = field === 'rfm.score' && op === 'eq' ? `any_of: [${String(value)}]` : undefined;
  return refused([op], message, asList ?? meantWord(op, known));
}

function parseComparison(
  field: ScoreField,
  op: Comparison,
  value: unknown,
  currency: string,
): ScoreTest | Refusal {
  const parsed = parseScoreValue(field, value, currency);
  return typeof parsed === 'number' ? { kind: 'compare', op, value: parsed } : parsed;
}

function parseList(
  field: ScoreField,
  quantifier: 'any_of' | 'none_of',
  value: unknown,
  currency: string,
): ScoreTest | Refusal {
  if (!Array.isArray(value) || value.length === 0 || value.length > LIST_MAX) {
    return { message: `expected a list of 1 to ${LIST_MAX} values, got ${shown(value)}` };
  }
  const values: number[] = [];
  for (const one of value as readonly unknown[]) {
    const parsed = parseScoreValue(field, one, currency);
    if (typeof parsed !== 'number') return parsed;
    values.push(parsed);
  }
  return { kind: 'list', quantifier, values };
}

/** A plain value of a score, in its own unit. */
export function parseScoreValue(
  field: ScoreField,
  value: unknown,
  currency: string,
): number | Refusal {
  switch (field) {
    case 'clv.value':
      return parseLiteral('money', value, currency);
    case 'clv.p_alive':
      return parseLiteral('share', value, currency);
    case 'clv.expected_orders': {
      const millionths = typeof value === 'number' ? parseMicros(String(value)) : null;
      if (millionths !== null && millionths >= 0 && millionths <= EXPECTED_MILLIONTHS_MAX) {
        return millionths;
      }
      return { message: `expected a number of orders such as 1.5, got ${shown(value)}` };
    }
    case 'rfm.score':
      if (typeof value === 'number' && CELL.test(String(value))) return value;
      return { message: `expected three digits from 1 to 5 such as 555, got ${shown(value)}` };
    default:
      return parseRank(field, value);
  }
}

function parseRank(field: ScoreField, value: unknown): number | Refusal {
  const best = field === 'clv.decile' ? 10 : 5;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= best) {
    return value;
  }
  return {
    message: `expected a whole number from 1 to ${best} (the best), got ${shown(value)}`,
  };
}

const AFFINITY_KEYS = ['category', 'brand', 'share'];

function parseAffinity(value: unknown): readonly ScoredPart[] {
  const example = '{ category: Tea, share: { gte: 0.5 } }';
  if (!isSection(value)) return [refused([], `expected a category or a brand: ${example}`)];
  const unknown = Object.keys(value).find((key) => !AFFINITY_KEYS.includes(key));
  if (unknown !== undefined) {
    const message = `unknown key; known keys: ${AFFINITY_KEYS.join(', ')}`;
    return [refused([unknown], message, closest(unknown, AFFINITY_KEYS))];
  }
  const { category, brand, share } = value;
  if ((category === undefined) === (brand === undefined)) {
    return [refused([], `expected either a category or a brand: ${example}`)];
  }
  const by = category === undefined ? 'brand' : 'category';
  const name = category ?? brand;
  if (!isName(name)) return [{ path: [by], parsed: nameRefusal(name) }];
  if (!isSection(share) || Object.keys(share).length === 0) {
    const message = `expected a comparison of the share such as ${example}`;
    return [refused(share === undefined ? [] : ['share'], message)];
  }
  return Object.entries(share).map(([op, expected]): ScoredPart => {
    const path = ['share', op];
    if (!OPERATORS.includes(op)) {
      const message = `share takes ${OPERATORS.join(', ')}, not ${op}`;
      return refused(path, message, meantWord(op, OPERATORS));
    }
    const sharePpm = parseLiteral('share', expected, '');
    if (typeof sharePpm !== 'number') return { path, parsed: sharePpm };
    const test = { kind: 'share', name, op: op as Comparison, sharePpm } as const;
    return { path, parsed: { kind: 'affinity', by, expects: test } };
  });
}

function parseFavourite(by: AffinityKind, value: unknown): readonly ScoredPart[] {
  if (!isSection(value) || Object.keys(value).length === 0) {
    return [refused([], 'expected any_of or none_of with a list of names')];
  }
  return Object.entries(value).map(([quantifier, names]): ScoredPart => {
    const path = [quantifier];
    if (!LISTS.includes(quantifier)) {
      const message = `${FAVOURITES[by]} takes ${LISTS.join(', ')}, not ${quantifier}`;
      return refused(path, message, meantWord(quantifier, LISTS));
    }
    if (!Array.isArray(names) || names.length === 0 || names.length > LIST_MAX) {
      return refused(path, `expected a list of 1 to ${LIST_MAX} names`, undefined, false);
    }
    const wrong = (names as readonly unknown[]).findIndex((name) => !isName(name));
    if (wrong !== -1) return { path: [...path, wrong], parsed: nameRefusal(names[wrong]) };
    const test = {
      kind: 'favourite',
      quantifier: quantifier as 'any_of' | 'none_of',
      names: names as readonly string[],
    } as const;
    return { path, parsed: { kind: 'affinity', by, expects: test } };
  });
}

function isName(name: unknown): name is string {
  return (
    typeof name === 'string' && name !== '' && name.length <= NAME_CHARS_MAX && isSqlSafe(name)
  );
}

function nameRefusal(name: unknown): Refusal {
  const message = `expected a name as text, without backslashes and control characters, got ${shown(name)}`;
  return typeof name === 'number' ? { message, suggestion: `"${name}"` } : { message };
}

/** A key is wrong where there is one, else the value. */
function refused(
  path: ConfigPath,
  message: string,
  suggestion?: string,
  atKey = path.length > 0,
): ScoredPart {
  const meant = suggestion === undefined ? {} : { suggestion };
  return { path, parsed: { atKey, message, ...meant } };
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
