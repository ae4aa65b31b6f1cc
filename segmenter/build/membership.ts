/** All rules over a bucket of the base in one query: memberships, and what profiles answer, as bit masks. */
import { builtConditions } from '../../rules/built-conditions.ts';
import type { AsOf } from '../../rules/customer.ts';
import { dueSql } from '../../rules/due-sql.ts';
import { writtenRule } from '../../rules/groups.ts';
import type { Segment } from '../../rules/rule.ts';
import { ruleSql } from '../../rules/rule-sql.ts';
import { segmentSql, segmentsSql } from '../../rules/segments-sql.ts';
import { keepsMembers, staysIn, staysThroughSql } from '../../rules/stays.ts';
import type { Duck } from '../duck.ts';

import { refuseFailing } from './failing-segments.ts';

/** Bits of one INTEGER column, sign left alone. */
export const MASK_BITS = 30;

/**
 * Makes the table `members`: person, and columns m0 … of bits: the memberships by the rules, those of people
 * held out for control among them, and behind them the conditions that profiles answer. Beside them the
 * columns h0 … of membership-runs.ts, of today alone. Reads the table `earlier` where somebody stays.
 * Throws SegmentsFailed.
 */
export async function createMembers(
  duck: Duck,
  segments: readonly Segment[],
  asOf: AsOf,
): Promise<void> {
  const held = heldSql(segments, asOf);
  const masks = maskColumns([
    ...segments.map((segment) => segmentSql(segment, segments, asOf)),
    ...builtConditions(segments).map((condition) =>
      condition.kind === 'stays'
        ? `(${held.get(condition.segment)?.holds ?? 'FALSE'} OR ${staysThroughSql(condition, asOf.day)})`
        : ruleSql(condition, asOf),
    ),
  ]);
  const days = [...held.values()].map(
    ({ ordinal, holds }) => `CASE WHEN ${holds} THEN ${asOf.day} END AS h${ordinal}`,
  );
  const columns = ['c.person', ...masks.map((mask, i) => `${mask} AS m${i}`), ...days].join(', ');
  const query = `SELECT ${columns} FROM ${segmentsSql(segments, asOf)}`;
  try {
    await duck.run(`CREATE OR REPLACE TABLE members AS ${query}`);
  } catch (error) {
    await refuseFailing(duck, segments, asOf, error);
  }
}

/**
 * By the name of a segment whose people stay: SQL for whether its rule holds and makes a member, so that
 * nobody stays whom the rule alone never took in.
 */
function heldSql(
  segments: readonly Segment[],
  asOf: AsOf,
): ReadonlyMap<string, { readonly ordinal: number; readonly holds: string }> {
  const held = new Map<string, { ordinal: number; holds: string }>();
  segments.forEach((segment, ordinal) => {
    const stays = staysIn(writtenRule(segment));
    if (stays === null) return;
    const holds = keepsMembers(segment)
      ? 'FALSE'
      : `(${ruleSql(stays.of[0]!, asOf)} AND ${segmentSql(segment, segments, asOf)})`;
    held.set(segment.segment, { ordinal, holds });
  });
  return held;
}

/** Makes the table `due` (person, due_day) for the same rules; see rules/due-sql.ts. */
export async function createDue(
  duck: Duck,
  segments: readonly Segment[],
  asOf: AsOf,
): Promise<void> {
  const query = dueSql(
    segments.map(({ rule }) => rule),
    asOf,
  );
  await duck.run(`CREATE OR REPLACE TABLE due AS ${query}`);
}

/** The masks of `members` for these segments. */
export function maskNames(segments: readonly Segment[]): string[] {
  const bits = segments.length + builtConditions(segments).length;
  return Array.from({ length: Math.ceil(bits / MASK_BITS) }, (_, i) => `m${i}`);
}

/**
 * SQL for whether the person of a row of `members` is in the segment of that ordinal; false, not NULL,
 * for a row that an outer join has left out. `of` is the table's alias with its dot.
 */
export function isMemberSql(ordinal: number, of = ''): string {
  return `(COALESCE(${of}m${Math.floor(ordinal / MASK_BITS)}, 0) & ${2 ** (ordinal % MASK_BITS)} <> 0)`;
}

/** SQL columns that hold which of the expressions are true, some in each. */
function maskColumns(expressions: readonly string[]): string[] {
  const columns: string[] = [];
  for (let from = 0; from < expressions.length; from += MASK_BITS) {
    const bits = expressions
      .slice(from, from + MASK_BITS)
      .map((holds, bit) => `CASE WHEN ${holds} THEN ${2 ** bit} ELSE 0 END`);
    columns.push(`CAST(${bits.join(' + ')} AS INTEGER)`);
  }
  return columns;
}

/** Ordinals of the expressions whose bits are set in that row of the columns, ascending. */
export function ordinalsOf(masks: readonly ArrayLike<number>[], row: number): number[] {
  const ordinals: number[] = [];
  for (let column = 0; column < masks.length; column++) {
    for (let mask = masks[column]![row]!; mask !== 0; mask &= mask - 1) {
      ordinals.push(column * MASK_BITS + 31 - Math.clz32(mask & -mask));
    }
  }
  return ordinals;
}
