/** All rules over the whole base in one query: memberships as bit masks. */
import type { AsOf } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import { segmentSql, segmentsSql } from '../../rules/rule-sql.ts';
import type { Duck } from '../duck.ts';

/** Bits of one INTEGER column, sign left alone. */
const BITS = 30;

/**
 * Makes the table `members`: person, and columns m0 … with the memberships of some segments in each, by the
 * rules: people held out for control are members here.
 */
export async function createMembers(
  duck: Duck,
  segments: readonly Segment[],
  asOf: AsOf,
): Promise<void> {
  const masks = maskColumns(segments, asOf).map((mask, i) => `${mask} AS m${i}`);
  const columns = ['c.person', ...masks].join(', ');
  await duck.run(`CREATE TABLE members AS SELECT ${columns} FROM ${segmentsSql(segments, asOf)}`);
}

/** The columns of `members` that hold masks of so many segments. */
export function maskNames(segments: number): string[] {
  return Array.from({ length: Math.ceil(segments / BITS) }, (_, i) => `m${i}`);
}

/**
 * SQL for whether the person of a row of `members` is in the segment of that ordinal; false, not NULL,
 * for a row that an outer join has left out. `of` is the table's alias with its dot.
 */
export function isMemberSql(ordinal: number, of = ''): string {
  return `(COALESCE(${of}m${Math.floor(ordinal / BITS)}, 0) & ${2 ** (ordinal % BITS)} <> 0)`;
}

/** SQL columns that hold the memberships of a customer `c` of segmentsSql, some segments in each. */
function maskColumns(segments: readonly Segment[], asOf: AsOf): string[] {
  const columns: string[] = [];
  for (let from = 0; from < segments.length; from += BITS) {
    const bits = segments.slice(from, from + BITS).map((segment, bit) => {
      const matches = segmentSql(segment, segments, asOf);
      return `CASE WHEN ${matches} THEN ${2 ** bit} ELSE 0 END`;
    });
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
