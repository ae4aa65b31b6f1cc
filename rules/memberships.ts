/** All segments of a shop over one person, each rule once, in an order that references allow. */
import { type BuiltOrdinals, builtOrdinals } from './built-conditions.ts';
import { isHeldOut } from './control-group.ts';
import { type Condition, compileCondition } from './evaluate.ts';
import type { Facts } from './facts.ts';
import type { Segment } from './rule.ts';
import { segmentLayers } from './segment-order.ts';

export interface SegmentRules {
  readonly segments: readonly Segment[];
  /** By ordinal. */
  readonly conditions: readonly Condition[];
  /** Ordinals, those that others refer to before these. */
  readonly order: readonly number[];
  /** Of the conditions that a profile has answers to. */
  readonly built: BuiltOrdinals;
}

export function compileSegments(segments: readonly Segment[]): SegmentRules {
  const built = builtOrdinals(segments);
  return {
    segments,
    conditions: segments.map(({ rule }) => compileCondition(rule, built)),
    built,
    order: segmentLayers(segments).flat(),
  };
}

/**
 * Names of the segments whose rule holds, people held out for control included. `matched` is the
 * set that the facts were made with: conditions on other segments read it while it is filled.
 */
export function matchSegments(rules: SegmentRules, facts: Facts, matched: Set<string>): void {
  const { order, conditions, segments } = rules;
  for (let i = 0; i < order.length; i++) {
    const ordinal = order[i]!;
    if (conditions[ordinal]!(facts)) matched.add(segments[ordinal]!.segment);
  }
}

/** Ordinals, ascending, of the segments that are to act on a person: not those that hold them out. */
export function actingSegments(
  { segments }: SegmentRules,
  matched: ReadonlySet<string>,
  person: string,
): number[] {
  const acting: number[] = [];
  for (let i = 0; i < segments.length; i++) {
    const { segment, control } = segments[i]!;
    if (!matched.has(segment)) continue;
    if (control === null || !isHeldOut(control, person)) acting.push(i);
  }
  return acting;
}
