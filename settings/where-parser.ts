/**
 * Which orders or events a condition looks at: all that stands below `where` must hold.
 *
 *   status: paid                              or { any_of: [paid, in_progress] }; orders
 *   product: { any_of: [tea, cup] }           any_of, all_of, none_of; or one name
 *   category: tea                             and brand, as the product feed says
 *   revenue: { gte: 100 EUR, lt: 500 EUR }    orders; value of events
 *   attributes.channel: { any_of: [app] }     as of customers
 */
import type { ConfigPath } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import {
  type Aggregate,
  EVENT_KINDS,
  GOODS,
  type Quantifier,
  type RowTest,
} from '../rules/aggregate.ts';
import type { Comparison } from '../rules/comparison.ts';
import { STATUS_GROUPS, type StatusGroup } from '../rules/customer.ts';
import { ATTRIBUTE_OPERATORS, attributeName, parseAttributeTest } from './attribute-parser.ts';
import { areContrary } from './impossible-rules.ts';
import { parseLiteral } from './operand-parser.ts';
import { isSection, parseNames, type RuleReading, refusalAt } from './rule-reading.ts';
import { meantWord, OPERATORS } from './rule-words.ts';

export type EventFilter = 'name' | 'kind';

const TESTS_MAX = 20;
const AMOUNT = { orders: 'revenue', events: 'value' } as const;
const QUANTIFIERS = {
  orders: ['any_of', 'all_of', 'none_of'],
  // An event is about one product.
  events: ['any_of', 'none_of'],
} as const;

/** What stands below `where`. */
export function parseWhere(
  rows: Aggregate['rows'],
  value: unknown,
  path: ConfigPath,
  reading: RuleReading,
): RowTest[] {
  if (!isSection(value) || Object.keys(value).length === 0) {
    const message = `expected tests on the ${rows}, such as { product: tea }`;
    reading.problems.push(reading.source.problem(path, message));
    return [];
  }
  const tests = Object.entries(value).flatMap(([key, test]) =>
    parseTest(rows, key, test, { path: [...path, key], reading }),
  );
  if (tests.length > TESTS_MAX) {
    const message = `where has ${tests.length} tests; at most ${TESTS_MAX} are allowed`;
    reading.problems.push(reading.source.keyProblem(path, message));
  }
  return tests;
}

/** `name: cart`, `kind: { any_of: [call, conversion] }` of events. */
export function parseEventFilter(
  on: EventFilter,
  value: unknown,
  path: ConfigPath,
  reading: RuleReading,
): RowTest[] {
  const texts =
    on === 'kind'
      ? wordsOf(EVENT_KINDS, value, { path, reading })
      : namesOf(value, { path, reading });
  return texts.length === 0 ? [] : [{ on, texts }];
}

interface Place {
  readonly path: ConfigPath;
  readonly reading: RuleReading;
}

function parseTest(
  rows: Aggregate['rows'],
  key: string,
  value: unknown,
  place: Place,
): readonly RowTest[] {
  if (key === 'status' && rows === 'orders') {
    const statuses = wordsOf(STATUS_GROUPS, value, place);
    return [
      { on: 'status', statuses: statuses.map((one) => STATUS_GROUPS.indexOf(one as StatusGroup)) },
    ];
  }
  if ((GOODS as readonly string[]).includes(key)) {
    return parseGoods(rows, key as (typeof GOODS)[number], value, place);
  }
  if (key === AMOUNT[rows]) return parseAmounts(rows, value, place);
  const attribute = attributeName(key);
  if (attribute !== null) return parseAttribute(attribute, value, place);
  const known = [
    ...(rows === 'orders' ? ['status'] : []),
    ...[...GOODS, AMOUNT[rows], 'attributes.…'],
  ];
  const { path, reading } = place;
  const message = `where of ${rows} knows ${known.join(', ')}, not ${key}`;
  reading.problems.push(reading.source.keyProblem(path, message, closest(key, known)));
  return [];
}

function parseGoods(
  rows: Aggregate['rows'],
  on: (typeof GOODS)[number],
  value: unknown,
  { path, reading }: Place,
): RowTest[] {
  if (!isSection(value)) {
    const texts = namesOf(value, { path, reading });
    return texts.length === 0 ? [] : [{ on, quantifier: 'any_of', texts }];
  }
  return entriesOf(value, QUANTIFIERS[rows], { path, reading }).map(([quantifier, names]) => ({
    on,
    quantifier: quantifier as Quantifier,
    texts: parseNames(names, [...path, quantifier], reading),
  }));
}

/** The comparison that leaves nothing over of those before it is told. */
function parseAmounts(
  rows: Aggregate['rows'],
  value: unknown,
  { path, reading }: Place,
): readonly RowTest[] {
  const amounts: (RowTest & { readonly on: 'amount' })[] = [];
  for (const [op, operand] of entriesOf(value, OPERATORS, { path, reading })) {
    const micros = parseLiteral('money', operand, reading.currency);
    if (typeof micros !== 'number') {
      reading.problems.push(refusalAt(micros, [...path, op], reading));
      continue;
    }
    amounts.push({ on: 'amount', op: op as Comparison, micros });
    if (!areContrary(amounts)) continue;
    amounts.pop();
    const message = `no ${rows} can be that`;
    reading.problems.push(reading.source.keyProblem([...path, op], message));
  }
  return amounts;
}

function parseAttribute(name: string, value: unknown, { path, reading }: Place): RowTest[] {
  return entriesOf(value, ATTRIBUTE_OPERATORS, { path, reading }).flatMap(([op, expected]) => {
    const test = parseAttributeTest(op, expected);
    if ('kind' in test) return [{ on: 'attribute' as const, name, test }];
    reading.problems.push(refusalAt(test, [...path, op], reading));
    return [];
  });
}

/** The operators of a test, those that are none left out and told. */
function entriesOf(
  value: unknown,
  known: readonly string[],
  { path, reading }: Place,
): readonly (readonly [string, unknown])[] {
  if (!isSection(value) || Object.keys(value).length === 0) {
    const meant =
      typeof value === 'string' && known.includes('any_of') ? `{ any_of: [${value}] }` : undefined;
    const message = `expected one of ${known.join(', ')}`;
    reading.problems.push(reading.source.problem(path, message, meant));
    return [];
  }
  return Object.entries(value).filter(([op]) => {
    if (known.includes(op)) return true;
    const message = `expected one of ${known.join(', ')}, not ${op}`;
    reading.problems.push(reading.source.keyProblem([...path, op], message, meantWord(op, known)));
    return false;
  });
}

/** One text, or `{ any_of: […] }`. */
function namesOf(value: unknown, { path, reading }: Place): string[] {
  if (isSection(value)) {
    const [, names] = entriesOf(value, ['any_of'], { path, reading })[0] ?? [];
    return names === undefined ? [] : parseNames(names, [...path, 'any_of'], reading);
  }
  if (Array.isArray(value)) {
    const meant = `{ any_of: [${value.join(', ').slice(0, 100)}] }`;
    const message = 'expected one name, or any_of with a list of names';
    reading.problems.push(reading.source.problem(path, message, meant));
    return [];
  }
  return parseNames([value], path, reading);
}

/** The same of words of the language. */
function wordsOf(words: readonly string[], value: unknown, { path, reading }: Place): string[] {
  const names = namesOf(value, { path, reading });
  for (const name of names) {
    if (words.includes(name)) continue;
    const message = `expected ${words.join(', ')}, got "${name}"`;
    reading.problems.push(reading.source.problem(path, message, closest(name, words)));
  }
  return names.filter((name) => words.includes(name));
}
