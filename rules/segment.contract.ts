/** Segments for suites that are about something else: plain but for their rule. */
import type { Comparison } from './comparison.ts';
import type { NumberField, Rule, Segment } from './rule.ts';
import type { Window } from './window.ts';

const AT = { file: 'segments/test.yaml', line: 1, column: 1 };

export function plainSegment(name: string, rule: Rule, changes: Partial<Segment> = {}): Segment {
  const effect = { multiplier: 1, maxCpmMicros: null, offer: null, caps: [] };
  const plain = { title: name, priority: 1, group: null, control: null, effect, at: AT };
  return { segment: name, rule, ...plain, ...changes };
}

/** `value` in the field's own unit; `window` null is all time. */
export function compareWith(
  field: NumberField,
  op: Comparison,
  value: number,
  window: Window | null = null,
): Rule {
  return { kind: 'compare', field, window, op, operand: { kind: 'literal', value }, at: AT };
}
