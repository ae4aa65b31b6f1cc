/** All rules over a bucket of the base: memberships, and what profiles answer, as bit masks. */
import { builtConditions, conditionKey } from '../../rules/built-conditions.ts';
import type { AsOf } from '../../rules/customer.ts';
import { dueSql } from '../../rules/due-sql.ts';
import { writtenRule } from '../../rules/groups.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { ruleSql, segmentColumn } from '../../rules/rule-sql.ts';
import { segmentLayers } from '../../rules/segment-order.ts';
import { keepsMembers, type StaysRule, staysIn, staysThroughSql } from '../../rules/stays.ts';
import type { Duck } from '../duck.ts';
import { createAnswers, MASK_BITS, maskSql, type Question } from './answers.ts';
import { refuseFailing } from './failing-segments.ts';

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
  const { rounds, held, inMasks } = questionsOf(segments, asOf);
  const answers = await createAnswers(duck, rounds).catch((error: unknown) =>
    refuseFailing(duck, segments, asOf, error),
  );
  const masks = maskColumns(inMasks.map((column) => answers.get(column)!));
  const days = held.map(
    ({ ordinal, column }) => `CASE WHEN ${answers.get(column)} THEN ${asOf.day} END AS h${ordinal}`,
  );
  const columns = ['person', ...masks.map((mask, i) => `${mask} AS m${i}`), ...days].join(', ');
  await duck.run(`CREATE OR REPLACE TABLE members AS SELECT ${columns} FROM answers`);
  await duck.run('DROP TABLE answers');
}

/** Conditions first, so that rules need not compute them again; `inMasks` are the questions of the bits, in order. */
function questionsOf(segments: readonly Segment[], asOf: AsOf) {
  const conditions = builtConditions(segments).map((rule, i) => ({
    rule,
    column: `condition${i}`,
  }));
  const plain = conditions.filter(({ rule }) => rule.kind !== 'stays');
  const answered = new Map(plain.map(({ rule, column }) => [conditionKey(rule), `c.${column}`]));
  const held = heldQuestions(segments, (rule) => ruleSql(rule, asOf, answered));
  const layers = segmentLayers(segments).map((layer) =>
    layer.map((ordinal) => ({
      column: segmentColumn(segments[ordinal]!.segment),
      sql: ruleSql(segments[ordinal]!.rule, asOf, answered),
    })),
  );
  const staying = conditions.flatMap(({ rule, column }) =>
    rule.kind === 'stays' ? [{ column, sql: staysSql(rule, held, asOf) }] : [],
  );
  return {
    rounds: [
      plain.map(({ rule, column }) => ({ column, sql: ruleSql(rule, asOf) })),
      ...layers,
      held,
      staying,
    ],
    held,
    inMasks: [
      ...segments.map(({ segment }) => segmentColumn(segment)),
      ...conditions.map(({ column }) => column),
    ],
  };
}

interface HeldQuestion extends Question {
  readonly segment: string;
  /** Of the segment. */
  readonly ordinal: number;
}

/**
 * Of the segments whose people stay: whether the rule holds and makes a member, so that nobody stays whom the
 * rule alone never took in.
 */
function heldQuestions(
  segments: readonly Segment[],
  sqlOf: (rule: Rule) => string,
): readonly HeldQuestion[] {
  return segments.flatMap((one, ordinal) => {
    const { segment } = one;
    const stays = staysIn(writtenRule(one));
    if (stays === null) return [];
    const sql = keepsMembers(one)
      ? 'FALSE'
      : `(${sqlOf(stays.of[0]!)} AND c.${segmentColumn(segment)})`;
    return [{ segment, ordinal, column: `held${ordinal}`, sql }];
  });
}

function staysSql(rule: StaysRule, held: readonly HeldQuestion[], { day }: AsOf): string {
  const own = held.find(({ segment }) => segment === rule.segment);
  return `(${own === undefined ? 'FALSE' : `c.${own.column}`} OR ${staysThroughSql(rule, day)})`;
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
    columns.push(maskSql(expressions.slice(from, from + MASK_BITS)));
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
