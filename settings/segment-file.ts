/**
 * A segment as a marketer writes it: one YAML file with the rule, what it does to a bid, and tests
 * beside it.
 *
 *   segment: lapsed_loyal
 *   title: { en: Lapsed loyal, bg: Заспали лоялни }
 *   all:
 *     - orders.count: { gte: 2 }
 *     - orders.last_days: { gt: { times: 1.5, of: orders.cycle_days, min: 90 } }
 *   priority: 40
 *   bid: { multiplier: 2.1, max_cpm: 12 USD }
 *   frequency: [{ max: 6, per: 24h, scope: campaign }]
 *   offer: welcome_back
 *   drift_max: 0.3
 *   tests:
 *     - name: bought twice, silent for long
 *       profile: { orders: { count: 2, last_days: 100, cycle_days: 60 } }
 *       expect: in
 */
import { z } from 'zod';
import { type ConfigProblem, type ConfigSource, readConfigFile } from '../platform/config-file.ts';
import type { Segment, SourcePosition } from '../rules/rule.ts';
import {
  amountField,
  capsField,
  multiplierField,
  nameField,
  shareField,
  textField,
  titleField,
  titleIn,
} from './fields.ts';
import { parseRule } from './rule-parser.ts';
import { parseTestFacts, type TestFacts } from './segment-facts.ts';
import type { ShopCalendar } from './window-parser.ts';

const GROUP_ENTRIES_MAX = 200;
const TESTS_MAX = 200;
const PRIORITY_MAX = 1_000_000;
const DRIFT_MAX_DEFAULT = 0.5;

export interface SegmentTest {
  readonly name: string;
  readonly facts: TestFacts;
  /** Whether the person is to be in the segment. */
  readonly expected: boolean;
  readonly at: SourcePosition;
}

export interface SegmentFile {
  readonly segment: Segment;
  readonly tests: readonly SegmentTest[];
  /** Share of its people that may enter and leave in one build without an alarm. */
  readonly driftMax: number;
  readonly source: ConfigSource;
}

/** How a segment file is found and named. */
export interface SegmentLocation {
  readonly path: string;
  /** For problems, e.g. relative to the workspace. */
  readonly shownAs: string;
  /** For SourcePosition: relative to the shop's folder. */
  readonly file: string;
  /** Of the shop. */
  readonly currency: string;
  /** Of the shop: its titles are shown in this language. */
  readonly locale: string;
  /** Of the shop. */
  readonly calendar: ShopCalendar;
}

const group = z.array(z.unknown()).min(1).max(GROUP_ENTRIES_MAX);

const segmentSchema = z
  .strictObject({
    segment: nameField,
    title: titleField,
    all: group.exactOptional(),
    any: group.exactOptional(),
    none: group.exactOptional(),
    priority: z.int().min(-PRIORITY_MAX).max(PRIORITY_MAX).default(0),
    bid: z
      .strictObject({
        multiplier: multiplierField.default(1),
        max_cpm: amountField.exactOptional(),
      })
      .default({ multiplier: 1 }),
    frequency: capsField.default([]),
    offer: nameField.exactOptional(),
    drift_max: shareField.default(DRIFT_MAX_DEFAULT),
    tests: z
      .array(
        z.strictObject({
          name: textField,
          profile: z.record(z.string(), z.unknown()),
          expect: z.enum(['in', 'out']),
        }),
      )
      .max(TESTS_MAX)
      .default([]),
  })
  .refine(({ all, any, none }) => (all ?? any ?? none) !== undefined, {
    error: 'expected a rule: all, any or none with a list of conditions',
  });

type SegmentSection = z.output<typeof segmentSchema>;

/** Reads one segment file; `value` is null exactly when there are problems. */
export function readSegmentFile(location: SegmentLocation): {
  readonly value: SegmentFile | null;
  readonly problems: readonly ConfigProblem[];
} {
  const { value, source, problems } = readConfigFile(
    location.path,
    location.shownAs,
    segmentSchema,
  );
  if (value === null) return { value: null, problems };
  const { rule, problems: ruleProblems } = parseRule(groupsOf(value), {
    source,
    file: location.file,
    currency: location.currency,
    calendar: location.calendar,
  });
  const found = [...ruleProblems, ...amountProblems(value, source, location.currency)];
  const tests: SegmentTest[] = [];
  value.tests.forEach(({ name, profile, expect }, i) => {
    const path = ['tests', i, 'profile'];
    const { facts, problems: wrong } = parseTestFacts(profile, {
      source,
      path,
      currency: location.currency,
    });
    found.push(...wrong);
    const at = { file: location.file, ...source.position(['tests', i]) };
    tests.push({ name, facts, expected: expect === 'in', at });
  });
  if (found.length > 0) return { value: null, problems: found.sort(inFileOrder) };
  const at = { file: location.file, ...source.position(['segment']) };
  const segment: Segment = {
    segment: value.segment,
    title: titleIn(value.title, location.locale),
    rule,
    priority: value.priority,
    effect: {
      multiplier: value.bid.multiplier,
      maxCpmMicros: value.bid.max_cpm?.micros ?? null,
      offer: value.offer ?? null,
      caps: value.frequency,
    },
    at,
  };
  return { value: { segment, tests, driftMax: value.drift_max, source }, problems: [] };
}

function inFileOrder(a: ConfigProblem, b: ConfigProblem): number {
  return a.line - b.line || a.column - b.column;
}

function groupsOf({ all, any, none }: SegmentSection): Readonly<Record<string, unknown>> {
  const groups = Object.entries({ all, any, none });
  return Object.fromEntries(groups.filter(([, conditions]) => conditions !== undefined));
}

function amountProblems(
  { bid }: SegmentSection,
  source: ConfigSource,
  currency: string,
): readonly ConfigProblem[] {
  if (bid.max_cpm === undefined || bid.max_cpm.currency === currency) return [];
  const message = `expected an amount in the shop's currency ${currency}, got ${bid.max_cpm.currency}`;
  return [source.problem(['bid', 'max_cpm'], message)];
}
