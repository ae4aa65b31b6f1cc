/**
 * Conditions that nobody can ever meet: a bound outside of what the field can be, or bounds under
 * one `all` that exclude each other. They are mistakes of the writer, not empty segments.
 */
import type { Comparison } from '../rules/comparison.ts';
import type { NumberField, Rule } from '../rules/rule.ts';
import { windowName } from '../rules/window.ts';
import { fieldType } from './operand-parser.ts';

type CompareRule = Rule & { kind: 'compare' };

export interface Impossible {
  readonly condition: Rule;
  readonly reason: string;
}

const PPM = 1_000_000;

/** Every impossible condition of a rule; of two that exclude each other, the later one. */
export function impossibleConditions(rule: Rule): readonly Impossible[] {
  return scopesOf(rule).flatMap(impossibleIn);
}

/** Conditions that must hold together, one list for each group that is not just part of another. */
function scopesOf(rule: Rule): readonly (readonly CompareRule[])[] {
  if (rule.kind === 'compare') return [[rule]];
  if (!('of' in rule)) return [];
  if (rule.kind !== 'all') return rule.of.flatMap(scopesOf);
  const together: CompareRule[] = [];
  const apart: (readonly CompareRule[])[] = [];
  for (const inner of rule.of) {
    const [first, ...others] = scopesOf(inner);
    if (inner.kind === 'compare' || inner.kind === 'all') {
      together.push(...(first ?? []));
      apart.push(...others);
    } else if (first !== undefined) {
      apart.push(first, ...others);
    }
  }
  return [together, ...apart];
}

interface Range {
  low: number;
  high: number;
}

function impossibleIn(scope: readonly CompareRule[]): readonly Impossible[] {
  const ranges = new Map<string, Range>();
  const found: Impossible[] = [];
  for (const condition of scope) {
    if (condition.operand.kind !== 'literal') continue;
    const alone = narrowed(possible(condition.field), condition, condition.operand.value);
    if (alone.low > alone.high) {
      found.push({ condition, reason: `${condition.field} can never be that: nobody would match` });
      continue;
    }
    const key = `${condition.field} ${condition.window && windowName(condition.window)}`;
    const range = narrowed(
      ranges.get(key) ?? possible(condition.field),
      condition,
      condition.operand.value,
    );
    if (range.low <= range.high) {
      ranges.set(key, range);
      continue;
    }
    const reason = `this contradicts another condition on ${condition.field}: nobody would match`;
    found.push({ condition, reason });
  }
  return found;
}

function possible(field: NumberField): Range {
  // Revenue falls below nothing when an order's amount is negative, as after a correction.
  const low = fieldType(field) === 'money' ? Number.NEGATIVE_INFINITY : 0;
  return { low, high: field === 'orders.refusal_share' ? PPM : Number.POSITIVE_INFINITY };
}

function narrowed(range: Range, { field, op }: CompareRule, value: number): Range {
  // Ages are whole days, counted in half days.
  const step = field === 'orders.last_days' || field === 'orders.first_days' ? 2 : 1;
  const [low, high] = bounds(op, value, step);
  return { low: Math.max(range.low, low), high: Math.min(range.high, high) };
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
