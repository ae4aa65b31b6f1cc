/** What the parsers of a rule share: where they read, what they found wrong, and lists of names. */
import type { ConfigPath, ConfigProblem, ConfigSource } from '../platform/config-file.ts';
import type { Rule, SourcePosition } from '../rules/rule.ts';
import { isSqlSafe } from '../rules/sql-text.ts';
import type { Refusal } from './operand-parser.ts';
import type { SegmentReference } from './segment-reference.ts';
import type { ShopCalendar } from './window-parser.ts';

const NAMES_MAX = 1000;
const NAME_CHARS_MAX = 200;

/** Where the rule was read, what its amounts must be in, and what its days are. */
export interface RuleOrigin {
  readonly source: ConfigSource;
  /** As SourcePosition names it. */
  readonly file: string;
  readonly currency: string;
  readonly calendar: ShopCalendar;
}

export interface RuleReading extends RuleOrigin {
  readonly problems: ConfigProblem[];
  readonly paths: Map<Rule, ConfigPath>;
  readonly references: SegmentReference[];
}

/** A list of texts that SQL may hold; what is none of it is a problem. */
export function parseNames(value: unknown, path: ConfigPath, reading: RuleReading): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > NAMES_MAX) {
    const message = `expected a list of 1 to ${NAMES_MAX} names`;
    reading.problems.push(reading.source.problem(path, message));
    return [];
  }
  const names: string[] = [];
  value.forEach((name: unknown, i) => {
    if (typeof name === 'string' && name.length <= NAME_CHARS_MAX && isSqlSafe(name)) {
      names.push(name);
      return;
    }
    const meant = typeof name === 'number' ? `"${name}"` : undefined;
    const message = 'expected a name as text, without backslashes and control characters';
    reading.problems.push(reading.source.problem([...path, i], message, meant));
  });
  return names;
}

export function refusalAt(
  refusal: Refusal,
  path: ConfigPath,
  { source }: RuleReading,
): ConfigProblem {
  const inner = refusal.key === undefined ? path : [...path, refusal.key];
  const report = refusal.atKey ? source.keyProblem : source.problem;
  return report(inner, refusal.message, refusal.suggestion);
}

export function positionOf(path: ConfigPath, reading: RuleReading): SourcePosition {
  return { file: reading.file, ...reading.source.position(path) };
}

export function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
