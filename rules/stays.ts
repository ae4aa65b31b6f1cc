/**
 * Membership that outlives its rule: `stays: 30d` keeps a person for so many days after the last one on
 * which the rule held and made them a member, and a segment that cannot be computed keeps everybody whom
 * the build before took in. Only builds know of earlier days, so a build answers for everybody who
 * stays (rules/built-conditions.ts), and the rule itself is asked anew as ever.
 *
 * In SQL it reads a table beside those of rules/rule-sql.ts:
 *
 *   earlier e: person VARCHAR, segment VARCHAR, day INTEGER: the last day on which the segment's rule
 *     held and made the person a member, as the builds before saw it
 */
import type { EarlierMembership } from './earlier-membership.ts';
import type { Rule, Segment } from './rule.ts';
import { quoted } from './sql-text.ts';

export type StaysRule = Rule & { kind: 'stays' };

/** Whether the person stays, whatever the rule says. */
export function staysThrough(
  { segment, days }: StaysRule,
  earlier: readonly EarlierMembership[],
  today: number,
): boolean {
  return earlier.some(
    (one) => one.segment === segment && (days === null || today - one.day <= days),
  );
}

/** The same of a customer `c`. */
export function staysThroughSql({ segment, days }: StaysRule, today: number): string {
  const recent = days === null ? '' : ` AND e.day >= ${today - days}`;
  const people = `SELECT e.person FROM earlier e WHERE e.segment = ${quoted(segment)}${recent}`;
  return `(c.person IN (${people}))`;
}

/** Where a rule says how long its people stay; null where they leave with it. */
export function staysIn(rule: Rule): StaysRule | null {
  if (rule.kind === 'stays') return rule;
  if (!('of' in rule)) return null;
  for (const inner of rule.of) {
    const found = staysIn(inner);
    if (found !== null) return found;
  }
  return null;
}

/** When those leave who stay, so many days after a day of `earlier`: see rules/crossings.ts. */
export function staysCrossings(rule: Rule) {
  if (rule.kind !== 'stays' || rule.days === null) return [];
  const dates = { kind: 'earlier', segment: rule.segment } as const;
  return [{ dates, crossings: [{ kind: 'after', days: rule.days + 1 } as const] }];
}

/** Instead of the rule of a segment that could not be computed: whom the build before took in. */
export function keptMembersRule({ segment, at }: Segment): StaysRule {
  return { kind: 'stays', segment, days: null, of: [], at };
}

/** Whether a segment goes on with the members of the build before. */
export function keepsMembers({ rule }: Pick<Segment, 'rule'>): boolean {
  return rule.kind === 'stays'
    ? rule.days === null
    : 'of' in rule && rule.of.some((inner) => keepsMembers({ rule: inner }));
}

export function staysText({ days }: StaysRule): string {
  return days === null
    ? 'was a member at the build before'
    : `stays ${days} days after the rule last held`;
}

/** The last day; null without one, and of whom nobody knows since when. */
export function staysUntil(
  { segment, days }: StaysRule,
  earlier: readonly EarlierMembership[],
): number | null {
  const last = earlier.find((one) => one.segment === segment);
  return last === undefined || days === null ? null : last.day + days;
}
