/** A mention of another segment, in a rule or among exclusions. */
import type { ConfigPath } from '../platform/config-file.ts';
import type { Rule, SourcePosition } from '../rules/rule.ts';

export interface SegmentReference {
  readonly segment: string;
  /** Where it is written. */
  readonly path: ConfigPath;
  readonly at: SourcePosition;
}

/** The condition that a person matches none of these segments. */
export function noneOf(references: readonly SegmentReference[], at: SourcePosition): Rule {
  return {
    kind: 'none',
    of: references.map(({ segment, at: place }) => ({ kind: 'segment', segment, at: place })),
    at,
  };
}
