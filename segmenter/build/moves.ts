/** Who entered and who left each segment since the build that serves, and which of that is too much. */
import type { Manifest } from '../../rules/manifest.ts';
import type { Segment } from '../../rules/rule.ts';
import type { Duck } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import { type Bucket, inBucket } from './buckets.ts';
import type { Moves } from './build-progress.ts';
import type { BuildRequest, BuildResult } from './build-request.ts';
import { keptTable, readKept } from './kept-generation.ts';
import { isMemberSql } from './membership.ts';

/** Where the memberships of before are, and their order. */
interface Before {
  readonly generation: string;
  readonly segments: readonly Pick<Segment, 'segment'>[];
}

/** Fewer people than this on the move are no alarm, whatever the share. */
const DRIFT_PEOPLE_MIN = 100;

/**
 * Those of a bucket by segment, over the table `members`; null for a segment that is new. All are null when
 * nothing served before, or it kept no memberships.
 */
export async function movesOfBucket(
  { duck, files }: { readonly duck: Duck; readonly files: ShopFiles },
  bucket: Bucket,
  segments: readonly Segment[],
  before: Before | null,
): Promise<readonly (Moves | null)[]> {
  const ordinals = segments.map(
    ({ segment }) => before?.segments.findIndex((old) => old.segment === segment) ?? -1,
  );
  const kept = before === null ? null : readKept(files, before.generation);
  if (kept === null) return segments.map(() => null);
  const counts = ordinals.flatMap((old, ordinal) => {
    if (old < 0) return ['0', '0'];
    const [is, was] = [isMemberSql(ordinal, 'm.'), isMemberSql(old, 'b.')];
    return [`count(*) FILTER (${is} AND NOT ${was})`, `count(*) FILTER (${was} AND NOT ${is})`];
  });
  const earlier = `FROM ${keptTable(files, kept, 'members')} WHERE ${inBucket('person', bucket)}`;
  const row = await duck.numbers(`SELECT ${['count(*)', ...counts].join(', ')}
    FROM members m FULL JOIN (SELECT * ${earlier}) b ON b.person = m.person`);
  return ordinals.map((old, i) =>
    old < 0 ? null : { entered: row[1 + 2 * i]!, left: row[2 + 2 * i]! },
  );
}

/** By segment; which of them are known is the same for every bucket. */
export function sumOfMoves(
  a: readonly (Moves | null)[],
  b: readonly (Moves | null)[],
): readonly (Moves | null)[] {
  return a.map((moves, i) => {
    const others = b[i] ?? null;
    if (moves === null || others === null) return null;
    return { entered: moves.entered + others.entered, left: moves.left + others.left };
  });
}

const NOBODY_MOVED: Moves = { entered: 0, left: 0 };

/** `moves` is empty for a generation that was there already; `limits` are BuildRequest's. */
export function segmentSizes(
  manifest: Manifest | null,
  before: Manifest | null,
  { moves, limits }: { moves: readonly (Moves | null)[]; limits: BuildRequest['driftLimits'] },
): BuildResult['segments'] {
  const old = new Map(before?.segments.map((size) => [size.segment, size]));
  const unmoved = manifest?.generation === before?.generation ? NOBODY_MOVED : null;
  return (manifest?.segments ?? []).map(({ segment, members, heldOut, stale }, i) => {
    const moved = moves[i] ?? unmoved;
    const was = old.get(segment);
    return {
      segment,
      members,
      heldOut,
      before: was?.members ?? null,
      entered: moved?.entered ?? null,
      left: moved?.left ?? null,
      // Moves are by the rule, which takes in those who are held out as well.
      drifted: was !== undefined && isDrift(moved, was.members + was.heldOut, limits[segment] ?? 1),
      stale: stale ?? null,
    };
  });
}

/** Whether a larger share than `driftMax` of those who were in it has moved. */
function isDrift(moves: Moves | null, before: number, driftMax: number): boolean {
  if (moves === null) return false;
  const moved = moves.entered + moves.left;
  return moved >= DRIFT_PEOPLE_MIN && moved > before * driftMax;
}
