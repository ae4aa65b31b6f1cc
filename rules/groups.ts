/**
 * Groups of which a person is in one segment alone. A group becomes conditions of its members, so that
 * both executions, explanations and the order of evaluation need know nothing of it.
 */
import type { Rule, Segment } from './rule.ts';
import { keepsMembers, keptMembersRule } from './stays.ts';

/** The segments, each without the people of those that come before it in its group. */
export function withGroups(segments: readonly Segment[]): Segment[] {
  return segments.map((segment) => withGroup(segment, segments));
}

function withGroup(segment: Segment, segments: readonly Segment[]): Segment {
  const own = computedRule(segment);
  const written = writtenRule(segment);
  const before = beforeInGroup(segment, segments);
  const at = segment.groupAt ?? segment.at;
  const others: Rule = {
    kind: 'none',
    of: before.map((other) => ({ kind: 'segment', segment: other.segment, at })),
    at,
  };
  const { written: _, ...alone } = segment;
  const rule: Rule = before.length === 0 ? own : { kind: 'all', of: [own, others], at: segment.at };
  return { ...alone, rule, ...(rule === written ? {} : { written }) };
}

/** What is computed of a segment before its group is: its rule, or whom it had before. */
export function computedRule(segment: Segment): Rule {
  return keepsMembers(segment) ? keptMembersRule(segment) : writtenRule(segment);
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
