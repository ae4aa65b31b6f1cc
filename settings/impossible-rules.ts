/**
 * Conditions that nobody can ever meet: a bound outside of what the field can be, or bounds under
 * one `all` that exclude each other. They are mistakes of the writer, not empty segments.
 */
import type { Measure } from '../rules/aggregate.ts';
import { conditionKey } from '../rules/built-conditions.ts';
import type { Comparison } from '../rules/comparison.ts';
import type { NumberField, Rule } from '../rules/rule.ts';
import { type Window, windowName } from '../rules/window.ts';
import { fieldType } from './operand-parser.ts';

type CompareRule = Rule & { kind: 'compare' };
type AggregateRule = Rule & { kind: 'aggregate' };
type BoundedRule = CompareRule | AggregateRule;

export interface Impossible {
  readonly condition: Rule;
  readonly reason: string;
}

const PPM = 1_000_000;
const UNBOUNDED = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** Every impossible condition of a rule; of two that exclude each other, the later one. */
export function impossibleConditions(rule: Rule): readonly Impossible[] {
  return scopesOf(rule).flatMap(impossibleIn);
}

/** Conditions that must hold together, one list for each group that is not just part of another. */
function scopesOf(rule: Rule): readonly (readonly BoundedRule[])[] {
  if (isBounded(rule)) return [[rule]];
  if (!('of' in rule)) return [];
  if (rule.kind !== 'all') return rule.of.flatMap(scopesOf);
  const together: BoundedRule[] = [];
  const apart: (readonly BoundedRule[])[] = [];
  for (const inner of rule.of) {
    const [first, ...others] = scopesOf(inner);
    if (isBounded(inner) || inner.kind === 'all') {
      together.push(...(first ?? []));
      apart.push(...others);
    } else if (first !== undefined) {
      apart.push(first, ...others);
    }
  }
  return [together, ...apart];
}

function isBounded(rule: Rule): rule is BoundedRule {
  return rule.kind === 'compare' || rule.kind === 'aggregate';
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** One comparison of a number that a person has. */
interface Bound {
  /** As people write it. */
  readonly name: string;
  /** The same for comparisons of the same number. */
  readonly key: string;
  readonly op: Comparison;
  readonly value: number;
  readonly possible: Range;
  /** Between two values that it can have. */
  readonly step: number;
}

function impossibleIn(scope: readonly BoundedRule[]): readonly Impossible[] {
  const ranges = new Map<string, Range>();
  const found: Impossible[] = [];
  for (const condition of scope) {
    const bound = condition.kind === 'compare' ? fieldBound(condition) : measureBound(condition);
    if (bound === null) continue;
    const { name, key, possible } = bound;
    if (isEmpty(narrowed(possible, bound))) {
      found.push({ condition, reason: `${name} can never be that: nobody would match` });
      continue;
    }
    const range = narrowed(ranges.get(key) ?? possible, bound);
    if (!isEmpty(range)) {
      ranges.set(key, range);
      continue;
    }
    const reason = `this contradicts another condition on ${name}: nobody would match`;
    found.push({ condition, reason });
  }
  return found;
}

function isEmpty({ low, high }: Range): boolean {
  return low > high;
}

function fieldBound({ field, window, op, operand }: CompareRule): Bound | null {
  if (operand.kind !== 'literal') return null;
  return {
    ...{ name: field, key: `${field} ${window && windowName(window)}`, op, value: operand.value },
    possible: possibleField(field),
    // Ages are whole days, counted in half days.
    step: field === 'orders.last_days' || field === 'orders.first_days' ? 2 : 1,
  };
}

function possibleField(field: NumberField): Range {
  // Revenue falls below nothing when an order's amount is negative, as after a correction.
  const low = fieldType(field) === 'money' ? Number.NEGATIVE_INFINITY : 0;
  return { low, high: field === 'orders.refusal_share' ? PPM : Number.POSITIVE_INFINITY };
}

function measureBound(rule: AggregateRule): Bound {
  const { rows, measure, window, op, value } = rule;
  const key = conditionKey({ ...rule, op: 'eq', value: 0 });
  const name = `${rows}.${measure}`;
  return { name, key, op, value, possible: possibleMeasure(measure, window), step: 1 };
}

function possibleMeasure(measure: Measure, window: Window | null): Range {
  const days = window?.kind === 'last' ? window.days : Number.POSITIVE_INFINITY;
  switch (measure) {
    case 'count':
      return { low: 0, high: Number.POSITIVE_INFINITY };
    case 'distinct_days':
      return { low: 0, high: days };
    case 'days_since_last': {
      const nearest = window?.kind === 'last' && window.today === 'excluded' ? 1 : 0;
      return { low: nearest, high: days - 1 + nearest };
    }
    default:
      return UNBOUNDED;
  }
}

function narrowed(range: Range, { op, value, step }: Bound): Range {
  const [low, high] = bounds(op, value, step);
  return { low: Math.max(range.low, low), high: Math.min(range.high, high) };
}

/** Whether amounts under one `where` exclude each other. */
export function areContrary(
  amounts: readonly { readonly op: Comparison; readonly micros: number }[],
): boolean {
  const range = amounts.reduce<Range>((left, { op, micros }) => {
    const [low, high] = bounds(op, micros, 1);
    return { low: Math.max(left.low, low), high: Math.min(left.high, high) };
  }, UNBOUNDED);
  return isEmpty(range);
}

function bounds(op: Comparison, value: number, step: number): readonly [number, number] {
  const floor = Math.floor(value / step) * step;
  const ceil = Math.ceil(value / step) * step;
  switch (op) {
    case 'gt':
      return [floor + step, Number.POSITIVE_INFINITY];
    case 'gte':
      return [ceil, Number.POSITIVE_INFINITY];
    case 'lt':
      return [Number.NEGATIVE_INFINITY, ceil - step];
    case 'lte':
      return [Number.NEGATIVE_INFINITY, floor];
    case 'eq':
      return [ceil, floor];
    case 'ne':
      return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
}
