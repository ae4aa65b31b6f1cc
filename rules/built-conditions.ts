/**
 * Which conditions a bidder cannot ask anew: a profile carries orders and what was bought, not the
 * attributes, scores and affinities of a customer, the lines and attributes of orders, events, or what
 * earlier days made of a customer. A build answers these conditions for everybody, and a profile carries the
 * ordinals of those that hold; so it stays small whatever rules ask. Ordinals follow from the segments of the
 * manifest alone: conditions in the order of the trees, each once.
 */
import { isLive } from './aggregate.ts';
import type { Rule, Segment } from './rule.ts';

type Ruled = Pick<Segment, 'rule'>;
export type BuiltCondition = Rule & {
  kind: 'attribute' | 'aggregate' | 'score' | 'affinity' | 'stays';
};

/** Ordinals by conditionKey. */
export type BuiltOrdinals = ReadonlyMap<string, number>;

export const NOTHING_BUILT: BuiltOrdinals = new Map();

/** What two conditions have in common that ask the same, wherever they are written. */
export function conditionKey({ at: _, ...asked }: BuiltCondition): string {
  return JSON.stringify(asked);
}

/** Whether a build has to answer it. */
export function isBuilt(rule: Rule): rule is BuiltCondition {
  switch (rule.kind) {
    case 'attribute':
    case 'score':
    case 'affinity':
    case 'stays':
      return true;
    case 'aggregate':
      return !isLive(rule);
    default:
      return false;
  }
}

/** The conditions that a build answers, by ordinal. */
export function builtConditions(segments: readonly Ruled[]): readonly BuiltCondition[] {
  const byKey = new Map<string, BuiltCondition>();
  const visit = (rule: Rule): void => {
    if (isBuilt(rule)) {
      const key = conditionKey(rule);
      if (!byKey.has(key)) byKey.set(key, rule);
    }
    if ('of' in rule) for (const inner of rule.of) visit(inner);
  };
  for (const { rule } of segments) visit(rule);
  return [...byKey.values()];
}

export function builtOrdinals(segments: readonly Ruled[]): BuiltOrdinals {
  return new Map(builtConditions(segments).map((condition, i) => [conditionKey(condition), i]));
}
