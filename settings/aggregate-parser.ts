/**
 * Conditions on single orders and events of a person:
 *
 *   orders: { where: { status: paid, product: { any_of: [tea] } }, within: 90d, count: { gte: 2 } }
 *   events: { name: cart, where: { value: { gte: 50 EUR } }, within: 7d, count: { gte: 1 } }
 *
 * Several measures, and several operators of one, must all hold.
 */
import type { ConfigPath } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import {
  type Aggregate,
  EVENT_MEASURES,
  type Measure,
  ORDER_MEASURES,
} from '../rules/aggregate.ts';
import type { Comparison } from '../rules/comparison.ts';
import { STATUS } from '../rules/customer.ts';
import type { Rule } from '../rules/rule.ts';
import type { Window } from '../rules/window.ts';
import { DAYS_MAX, parseLiteral, type Refusal } from './operand-parser.ts';
import { isSection, positionOf, type RuleReading, refusalAt } from './rule-reading.ts';
import { meantWord, OPERATORS, WINDOW_WORDS } from './rule-words.ts';
import { type EventFilter, parseEventFilter, parseWhere } from './where-parser.ts';
import { parseWindow, readDays, shown } from './window-parser.ts';

type Rows = Aggregate['rows'];
type Section = Readonly<Record<string, unknown>>;

const MEASURES: Readonly<Record<Rows, readonly string[]>> = {
  orders: ORDER_MEASURES,
  events: EVENT_MEASURES,
};
const FILTERS: Readonly<Record<Rows, readonly string[]>> = {
  orders: ['where'],
  events: ['name', 'kind', 'where'],
};

/** One rule for each comparison. */
export function parseAggregates(
  rows: Rows,
  value: unknown,
  path: ConfigPath,
  reading: RuleReading,
): Rule[] {
  if (!isSection(value)) {
    const message = `expected what of the ${rows} is compared, such as { count: { gte: 2 } }`;
    reading.problems.push(reading.source.problem(path, message));
    return [];
  }
  const measures = Object.keys(value).filter((key) => isMeasure(rows, key, path, reading));
  if (measures.length === 0) {
    const message = `expected at least one of ${MEASURES[rows].join(', ')}`;
    reading.problems.push(reading.source.problem(path, message, 'count: { gte: 1 }'));
  }
  const where = testsOf(rows, value, path, reading);
  const window = windowOf(value, path, reading);
  return measures.flatMap((key) => {
    const measure = key as Measure;
    const tests = rows === 'orders' ? withStatus(where, measure) : where;
    const common = { kind: 'aggregate' as const, rows, measure, where: tests, window };
    return comparisonsOf(measure, value[key], [...path, key], reading).map(({ op, value, at }) => {
      const rule: Rule = { ...common, op, value, at: positionOf(path, reading) };
      reading.paths.set(rule, at);
      return rule;
    });
  });
}

/** Whether the key is one; a key that is nothing at all is a problem. */
function isMeasure(rows: Rows, key: string, path: ConfigPath, reading: RuleReading): boolean {
  if (MEASURES[rows].includes(key)) return true;
  const known = [...MEASURES[rows], ...FILTERS[rows], ...WINDOW_WORDS];
  if (!known.includes(key)) {
    const message = `${rows} take ${known.join(', ')}, not ${key}`;
    const meant = key.startsWith('attributes.') ? `where: { ${key}: … }` : closest(key, known);
    reading.problems.push(reading.source.keyProblem([...path, key], message, meant));
  }
  return false;
}

function testsOf(
  rows: Rows,
  value: Section,
  path: ConfigPath,
  reading: RuleReading,
): Aggregate['where'] {
  const filters = FILTERS[rows].filter((key) => key in value);
  return filters.flatMap((key) => {
    const inner = [...path, key];
    return key === 'where'
      ? parseWhere(rows, value[key], inner, reading)
      : parseEventFilter(key as EventFilter, value[key], inner, reading);
  });
}

/** Without a word on the status: what `orders.count` counts, and amounts of what `orders.revenue` sums. */
function withStatus(where: Aggregate['where'], measure: Measure): Aggregate['where'] {
  if (where.some(({ on }) => on === 'status')) return where;
  const isAmount = !['count', 'days_since_last', 'distinct_days'].includes(measure);
  const statuses = isAmount ? [STATUS.paid] : [STATUS.inProgress, STATUS.paid];
  return [{ on: 'status', statuses }, ...where];
}

function windowOf(value: Section, path: ConfigPath, reading: RuleReading): Window | null {
  const window = parseWindow(value, reading.calendar);
  if (window === null || 'kind' in window) return window;
  reading.problems.push(refusalAt(window, [...path, window.window], reading));
  return null;
}

interface ParsedComparison {
  readonly op: Comparison;
  readonly value: number;
  readonly at: ConfigPath;
}

function comparisonsOf(
  measure: Measure,
  value: unknown,
  path: ConfigPath,
  reading: RuleReading,
): ParsedComparison[] {
  if (!isSection(value) || Object.keys(value).length === 0) {
    const meant = typeof value === 'number' ? `{ eq: ${value} }` : undefined;
    const message = `expected an operator (${OPERATORS.join(', ')}) such as { gte: 2 }`;
    reading.problems.push(reading.source.problem(path, message, meant));
    return [];
  }
  return Object.entries(value).flatMap(([op, operand]) => {
    const at = [...path, op];
    if (!OPERATORS.includes(op)) {
      const message = `${measure} takes ${OPERATORS.join(', ')}, not ${op}`;
      const meant = WINDOW_WORDS.includes(op)
        ? `${op} beside ${measure}, not in it`
        : meantWord(op, OPERATORS);
      reading.problems.push(reading.source.keyProblem(at, message, meant));
      return [];
    }
    const number = parseValue(measure, operand, reading.currency);
    if (typeof number === 'number') return [{ op: op as Comparison, value: number, at }];
    reading.problems.push(refusalAt(number, at, reading));
    return [];
  });
}

function parseValue(measure: Measure, value: unknown, currency: string): number | Refusal {
  switch (measure) {
    case 'count':
    case 'distinct_days':
      return parseLiteral('count', value, currency);
    case 'days_since_last': {
      const days = readDays(value) ?? value;
      if (Number.isInteger(days) && (days as number) >= 0 && (days as number) <= DAYS_MAX) {
        return days as number;
      }
      return { message: `expected whole days from 0 to ${DAYS_MAX}, got ${shown(value)}` };
    }
    case 'margin':
      return parseLiteral('margin', value, currency);
    default:
      return parseLiteral('money', value, currency);
  }
}
