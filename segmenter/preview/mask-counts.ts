/** How many of a tried rule's people are in each segment that serves. */
import type { Segment } from '../../rules/rule.ts';
import { MASK_BITS } from '../build/answers.ts';
import type { Duck } from '../duck.ts';

/** With a segment that serves. */
export interface Overlap {
  readonly segment: string;
  readonly members: number;
  readonly both: number;
}

/** Bits of a mask that are counted together. */
const PART_BITS = 6;

/**
 * Of the table `tried`, largest overlap first. People are counted by some bits of their masks at a time, of
 * which there are few values: to ask every row for every segment takes ten times as long.
 */
export async function overlapsOf(
  duck: Duck,
  segments: readonly Pick<Segment, 'segment'>[],
): Promise<readonly Overlap[]> {
  if (segments.length === 0) return [];
  const counted = segments.map(({ segment }) => ({ segment, members: 0, both: 0 }));
  const parts: string[] = [];
  for (let first = 0; first < segments.length; first += PART_BITS) parts.push(partSql(first));
  for (const row of await duck.rows(parts.join(' UNION ALL '))) {
    const [first, part, isIn, people] = row.map(Number) as [number, number, number, number];
    for (let bit = 0; bit < PART_BITS && first + bit < counted.length; bit++) {
      if ((part & (1 << bit)) === 0) continue;
      const one = counted[first + bit]!;
      one.members += people;
      if (isIn === 1) one.both += people;
    }
  }
  return counted.sort((a, b) => b.both - a.both);
}

/** SQL for people by the bits from that ordinal on, and whether the rule takes them in. */
function partSql(first: number): string {
  const mask = `m${Math.floor(first / MASK_BITS)}`;
  const part = `(${mask} >> ${first % MASK_BITS}) & ${2 ** PART_BITS - 1}`;
  return `SELECT ${first}, ${part} AS part, is_in, count(*) FROM tried GROUP BY part, is_in`;
}
