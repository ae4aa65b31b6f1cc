/**
 * How long people have been in their segments: what a build carries from the memberships that the build
 * before has kept to those it makes. Columns of the table `members` beside its masks, by the ordinal of
 * the segment:
 *
 *   s0 …  INTEGER  local day since which the membership is unbroken, as builds saw it; NULL for no member
 *   h0 …  INTEGER  only of segments whose people stay (rules/stays.ts): the last day on which the rule
 *                  held and made a member; NULL when that is too long ago
 *   r0 …  BOOLEAN  of the same segments: whether that was at this build
 *
 * Both are days of builds: what came and went between two builds nobody saw. A rule that was changed
 * begins anew: who was in by the old one alone leaves with it.
 */
import { writtenRule } from '../../rules/groups.ts';
import type { Segment } from '../../rules/rule.ts';
import { sameRule } from '../../rules/same-rule.ts';
import { keepsMembers, staysIn } from '../../rules/stays.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { PersonChange } from '../identity/person-changes.ts';
import type { ShopFiles } from '../shop-data.ts';
import { type Bucket, inBucket } from './buckets.ts';
import { keptTable, readKept } from './kept-generation.ts';
import { isMemberSql, maskNames } from './membership.ts';

/** The memberships that a build goes on from. */
export interface EarlierBuild {
  /** The local day it was made for. */
  readonly day: number;
  /** Its segments, by ordinal. */
  readonly segments: readonly Segment[];
  /** SQL for what it has kept of the people of a bucket: a row a person, with the columns of `members`. */
  membersOf(bucket: Bucket): string;
}

/** Null when nothing serves, or it has kept no memberships. `changes` are who is now somebody else. */
export async function earlierBuild(
  { duck, files }: { readonly duck: Duck; readonly files: ShopFiles },
  serving: { readonly generation: string; readonly segments: readonly Segment[] } | null,
  changes: readonly PersonChange[],
): Promise<EarlierBuild | null> {
  const kept = serving === null ? null : readKept(files, serving.generation);
  if (serving === null || kept === null) return null;
  const { segments } = serving;
  const members = keptTable(files, kept, 'members');
  const isRenamed = await createRenamed(duck, changes);
  return {
    day: kept.asOf.day,
    segments,
    membersOf(bucket) {
      const within = inBucket('person', bucket);
      const own = `SELECT * FROM ${members} WHERE ${within}`;
      if (!isRenamed) return own;
      const others = `SELECT to_person AS person, k.* EXCLUDE (person) FROM renamed
        JOIN ${members} k ON k.person = from_person WHERE ${inBucket('to_person', bucket)}`;
      const columns = [
        ...maskNames(segments).map((mask) => `bit_or(${mask}) AS ${mask}`),
        ...segments.map((_, i) => `min(s${i}) AS s${i}`),
        ...heldOrdinals(segments).map((i) => `max(h${i}) AS h${i}`),
      ];
      return `SELECT person, ${columns.join(', ')} FROM (${own} UNION ALL ${others}) GROUP BY person`;
    },
  };
}

/** Makes the table `renamed` (from_person, to_person) of those who are surely the same person; whether there are any. */
async function createRenamed(duck: Duck, changes: readonly PersonChange[]): Promise<boolean> {
  const sure = changes.filter(({ parted }) => !parted);
  const table = await duck.createTable('renamed', { from_person: 'text', to_person: 'text' });
  for (const { from, to } of sure) table.add([from, to]);
  await table.close();
  return sure.length > 0;
}

/** Makes the table `earlier` of rules/stays.ts for the people of a bucket; empty where nobody stays. */
export async function createEarlier(
  duck: Duck,
  segments: readonly Segment[],
  before: EarlierBuild | null,
  bucket: Bucket,
): Promise<void> {
  await duck.run('CREATE OR REPLACE TABLE earlier (person VARCHAR, segment VARCHAR, day INTEGER)');
  if (before === null) return;
  const selects = segments.flatMap((segment) => {
    const day = keepsMembers(segment) ? memberSql(segment, before) : heldSql(segment, before, '');
    if (day === null) return [];
    return [`SELECT person, ${sqlText(segment.segment)} AS segment, ${day} AS day FROM b`];
  });
  if (selects.length === 0) return;
  await duck.run(`INSERT INTO earlier WITH b AS (${before.membersOf(bucket)})
    SELECT * FROM (${selects.join(' UNION ALL ')}) WHERE day IS NOT NULL`);
}

/** Adds the columns of runs to the table `members` of a bucket, which createMembers has made. */
export async function addRuns(
  duck: Duck,
  segments: readonly Segment[],
  { before, today, bucket }: { before: EarlierBuild | null; today: number; bucket: Bucket },
): Promise<void> {
  const runs = segments.map((segment, i) => {
    const old = before === null ? -1 : ordinalIn(before, segment);
    const since = old < 0 ? today : `LEAST(COALESCE(b.s${old}, ${today}), ${today})`;
    return `CASE WHEN ${isMemberSql(i, 'm.')} THEN ${since} END AS s${i}`;
  });
  const held = heldOrdinals(segments).map((i) => {
    const day = before === null ? null : heldSql(segments[i]!, before, 'b.');
    const { days } = staysIn(writtenRule(segments[i]!))!;
    const recent = `CASE WHEN ${day} >= ${today - (days ?? 0)} THEN ${day} END`;
    return `${day === null ? `m.h${i}` : `COALESCE(m.h${i}, ${recent})`} AS h${i}`;
  });
  const holds = heldOrdinals(segments).map((i) => `m.h${i} IS NOT NULL AS r${i}`);
  const columns = [...maskNames(segments).map((mask) => `m.${mask}`), ...runs, ...held, ...holds];
  const joined =
    before === null ? '' : `LEFT JOIN (${before.membersOf(bucket)}) b ON b.person = m.person`;
  await duck.run(`CREATE OR REPLACE TABLE members AS
    SELECT ${['m.person', ...columns].join(', ')} FROM members m ${joined}`);
}

/** Of the segments whose people stay. */
export function heldOrdinals(segments: readonly Segment[]): readonly number[] {
  return segments.flatMap((segment, i) => (staysIn(writtenRule(segment)) === null ? [] : [i]));
}

/**
 * SQL for the last day on which the rule made a member of somebody, from a row of membersOf (`of` is its
 * alias with its dot); null for a segment in which nobody stays.
 */
function heldSql(segment: Segment, before: EarlierBuild, of: string): string | null {
  const ordinal = ordinalIn(before, segment);
  const was = before.segments[ordinal];
  if (was === undefined) return null;
  const [stays, stayed] = [staysIn(writtenRule(segment)), staysIn(writtenRule(was))];
  if (stays === null) return null;
  const earlierRule = stayed === null ? writtenRule(was) : stayed.of[0]!;
  if (!sameRule(stays.of[0]!, earlierRule)) return null;
  return stayed === null ? memberSql(segment, before, of) : `${of}h${ordinal}`;
}

/** SQL for the day of the build before, for whom it took in. */
function memberSql(segment: Segment, before: EarlierBuild, of = ''): string | null {
  const ordinal = ordinalIn(before, segment);
  return ordinal < 0 ? null : `CASE WHEN ${isMemberSql(ordinal, of)} THEN ${before.day} END`;
}

function ordinalIn({ segments }: EarlierBuild, { segment }: Segment): number {
  return segments.findIndex((one) => one.segment === segment);
}
