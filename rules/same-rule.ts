/** Whether two rules take in the same people, wherever they are written. */
import type { Rule } from './rule.ts';

export function sameRule(a: Rule, b: Rule): boolean {
  return meaning(a) === meaning(b);
}

function meaning(rule: Rule): string {
  return JSON.stringify(rule, (key, value: unknown) => (key === 'at' ? undefined : value));
}
