/** The memberships of all segments in SQL, each rule once, in an order that references allow. */
import type { AsOf } from './customer.ts';
import type { Segment } from './rule.ts';
import { ruleSql, segmentColumn } from './rule-sql.ts';
import { referencesOf, segmentLayers } from './segment-order.ts';

/**
 * What to select the memberships of all segments from, as `c`: customers with a column, named by
 * segmentColumn, for every segment that a rule refers to. Each is computed once, after those that it
 * refers to itself.
 */
export function segmentsSql(segments: readonly Segment[], asOf: AsOf): string {
  const referred = new Set(segments.flatMap(({ rule }) => referencesOf(rule)));
  let from = 'customers c';
  for (const layer of segmentLayers(segments)) {
    const columns = layer
      .map((ordinal) => segments[ordinal]!)
      .filter(({ segment }) => referred.has(segment))
      .map(({ segment, rule }) => `${ruleSql(rule, asOf)} AS ${segmentColumn(segment)}`);
    if (columns.length > 0) from = `(SELECT c.*, ${columns.join(', ')} FROM ${from}) c`;
  }
  return from;
}

/** Whether a customer `c` of segmentsSql matches a segment. */
export function segmentSql(segment: Segment, segments: readonly Segment[], asOf: AsOf): string {
  const { segment: name } = segment;
  const referred = segments.some(({ rule }) => referencesOf(rule).includes(name));
  return referred ? `c.${segmentColumn(name)}` : ruleSql(segment.rule, asOf);
}
