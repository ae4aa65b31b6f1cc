/** All rules over the whole base in one query: memberships as bit masks. */
import type { AsOf } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import { ruleSql } from '../../rules/rule-sql.ts';

/** Bits of one INTEGER column, sign left alone. */
const BITS = 30;

/** SQL columns that hold the memberships of a customer `c`, some segments in each. */
export function maskColumns(segments: readonly Segment[], asOf: AsOf): string[] {
  const columns: string[] = [];
  for (let from = 0; from < segments.length; from += BITS) {
    const bits = segments
      .slice(from, from + BITS)
      .map(({ rule }, bit) => `CASE WHEN ${ruleSql(rule, asOf)} THEN ${2 ** bit} ELSE 0 END`);
    columns.push(`CAST(${bits.join(' + ')} AS INTEGER)`);
  }
  return columns;
}

/** Ordinals of the segments whose bits are set, ascending. */
export function ordinalsOf(masks: readonly number[]): number[] {
  const ordinals: number[] = [];
  for (let column = 0; column < masks.length; column++) {
    for (let mask = masks[column]!; mask !== 0; mask &= mask - 1) {
      ordinals.push(column * BITS + 31 - Math.clz32(mask & -mask));
    }
  }
  return ordinals;
}
