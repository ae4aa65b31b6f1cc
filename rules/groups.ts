/**
 * Groups of which a person is in one segment alone. A group becomes conditions of its members, so that
 * both executions, explanations and the order of evaluation need know nothing of it.
 */
import type { Rule, Segment } from './rule.ts';

/** The segments, each without the people of those that come before it in its group. */
export function withGroups(segments: readonly Segment[]): Segment[] {
  return segments.map((segment) => withGroup(segment, segments));
}

function withGroup(segment: Segment, segments: readonly Segment[]): Segment {
  const written = writtenRule(segment);
  const before = beforeInGroup(segment, segments);
  if (before.length === 0) {
    const { written: _, ...alone } = segment;
    return { ...alone, rule: written };
  }
  const at = segment.groupAt ?? segment.at;
  const others: Rule = {
    kind: 'none',
    of: before.map((other) => ({ kind: 'segment', segment: other.segment, at })),
    at,
  };
  return { ...segment, rule: { kind: 'all', of: [written, others], at: segment.at }, written };
}

/** The rule as the segment's file has it, with what it excludes. */
export function writtenRule({ rule, written }: Segment): Rule {
  return written ?? rule;
}

/** Those of its group with a higher priority, or with the same and an earlier name. */
export function beforeInGroup<T extends Pick<Segment, 'segment' | 'group' | 'priority'>>(
  segment: T,
  segments: readonly T[],
): readonly T[] {
  if (segment.group === null) return [];
  return segments.filter((other) => other.group === segment.group && comesBefore(other, segment));
}

type Ranked = Pick<Segment, 'segment' | 'priority'>;

function comesBefore(other: Ranked, segment: Ranked): boolean {
  if (other.priority !== segment.priority) return other.priority > segment.priority;
  return other.segment < segment.segment;
}
