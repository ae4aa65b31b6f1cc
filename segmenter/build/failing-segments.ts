/** Segments whose SQL fails over the data of the day: found only after the query over all of them has failed. */
import { builtConditions } from '../../rules/built-conditions.ts';
import type { AsOf } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import { ruleSql } from '../../rules/rule-sql.ts';
import { referencesOf, segmentLayers } from '../../rules/segment-order.ts';
import { segmentSql, segmentsSql } from '../../rules/segments-sql.ts';
import type { Duck } from '../duck.ts';

/** The others can be built without these. */
class SegmentsFailed extends Error {
  override readonly name = 'SegmentsFailed';
  /** DuckDB's reason by segment. */
  readonly failed: ReadonlyMap<string, string>;

  constructor(failed: ReadonlyMap<string, string>, options: ErrorOptions) {
    const reasons = [...failed].map(([segment, reason]) => `${segment}: ${reason}`);
    super(`segments could not be computed: ${reasons.join('; ')}`, options);
    this.failed = failed;
  }
}

/** Builds again as long as that finds segments that fail: `failed` are those of the attempts before, with the reasons. */
export async function withoutFailing<T>(
  build: (failed: ReadonlyMap<string, string>) => Promise<T>,
): Promise<T> {
  const failed = new Map<string, string>();
  for (;;) {
    try {
      return await build(failed);
    } catch (error) {
      if (!(error instanceof SegmentsFailed)) throw error;
      const known = failed.size;
      for (const [segment, reason] of error.failed) failed.set(segment, reason);
      if (failed.size === known) throw error;
    }
  }
}

/** What a rule can do to DuckDB; an interrupted query or a full disk is no rule's fault. */
const OF_A_RULE =
  /^(?:Out of Range|Out of Memory|Conversion|Invalid Input|Invalid Type|Binder|Parser|Not implemented) Error/;

/** Throws SegmentsFailed when some of the segments fail by themselves, and else what made their query fail. */
export async function refuseFailing(
  duck: Duck,
  segments: readonly Segment[],
  asOf: AsOf,
  cause: unknown,
): Promise<never> {
  if (reasonOf(cause) === null) throw cause;
  const failed = new Map<string, string>();
  for (const ordinal of segmentLayers(segments).flat()) {
    const segment = segments[ordinal]!;
    const needed = withReferences(segment, segments);
    // What refers to one that fails may be sound: the next attempt tells.
    if (needed.some((other) => failed.has(other.segment))) continue;
    const reason = await failureOf(duck, segment, needed, asOf);
    if (reason !== null) failed.set(segment.segment, reason);
  }
  if (failed.size === 0) throw cause;
  throw new SegmentsFailed(failed, { cause });
}

async function failureOf(
  duck: Duck,
  segment: Segment,
  needed: readonly Segment[],
  asOf: AsOf,
): Promise<string | null> {
  const asked = [
    segmentSql(segment, needed, asOf),
    ...builtConditions([segment]).map((condition) => ruleSql(condition, asOf)),
  ];
  const counts = asked.map((condition) => `count(*) FILTER (${condition})`);
  try {
    await duck.numbers(`SELECT ${counts.join(', ')} FROM ${segmentsSql(needed, asOf)}`);
    return null;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    return reason;
  }
}

/** The first line of what DuckDB says of a rule; null for an error of another kind. */
function reasonOf(error: unknown): string | null {
  if (!(error instanceof Error) || !OF_A_RULE.test(error.message)) return null;
  return error.message.split('\n')[0]!;
}

/** The segment and all that it refers to, at whatever distance. */
function withReferences(segment: Segment, segments: readonly Segment[]): readonly Segment[] {
  const names = new Set([segment.segment]);
  for (const name of names) {
    const { rule } = segments.find((one) => one.segment === name)!;
    for (const other of referencesOf(rule)) names.add(other);
  }
  return segments.filter((one) => names.has(one.segment));
}
