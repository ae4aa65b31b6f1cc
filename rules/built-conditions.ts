/**
 * Which conditions a bidder cannot ask anew: a profile carries orders and what was bought, not the
 * attributes of a customer, the lines and attributes of orders, or events. A build answers these conditions for everybody, and a profile carries the
 * ordinals of those that hold; so it stays small whatever rules ask. Ordinals follow from the
 * segments of the manifest alone: conditions in the order of the trees, each once.
 */
import { isLive } from './aggregate.ts';
import type { Rule, Segment } from './rule.ts';

type Ruled = Pick<Segment, 'rule'>;
export type BuiltCondition = Rule & { kind: 'attribute' | 'aggregate' };

/** Ordinals by conditionKey. */
export type BuiltOrdinals = ReadonlyMap<string, number>;

export const NOTHING_BUILT: BuiltOrdinals = new Map();

/** What two conditions have in common that ask the same, wherever they are written. */
export function conditionKey(condition: BuiltCondition): string {
  if (condition.kind === 'attribute') return JSON.stringify([condition.name, condition.test]);
  const { rows, measure, where, window, op, value } = condition;
  return JSON.stringify([rows, measure, where, window, op, value]);
}

/** Whether a build has to answer it. */
export function isBuilt(rule: Rule): rule is BuiltCondition {
  return rule.kind === 'attribute' || (rule.kind === 'aggregate' && !isLive(rule));
}

/** The conditions that a build answers, by ordinal. */
export function builtConditions(segments: readonly Ruled[]): readonly BuiltCondition[] {
  const byKey = new Map<string, BuiltCondition>();
  const visit = (rule: Rule): void => {
    if (isBuilt(rule)) {
      const key = conditionKey(rule);
      if (!byKey.has(key)) byKey.set(key, rule);
    } else if ('of' in rule) {
      for (const inner of rule.of) visit(inner);
    }
  };
  for (const { rule } of segments) visit(rule);
  return [...byKey.values()];
}

export function builtOrdinals(segments: readonly Ruled[]): BuiltOrdinals {
  return new Map(builtConditions(segments).map((condition, i) => [conditionKey(condition), i]));
}
