/**
 * A segment as a marketer writes it: one YAML file with the rule, what it does to a bid, and tests
 * beside it.
 *
 *   segment: lapsed_loyal
 *   title: { en: Lapsed loyal, bg: Заспали лоялни }
 *   all:
 *     - orders.count: { gte: 2 }
 *     - orders.last_days: { gt: { times: 1.5, of: orders.cycle_days, min: 90 } }
 *   stays: 30d
 *   exclude: [high_refusal]
 *   group: lifecycle
 *   control: { share: 0.1, seed: autumn }
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
import type { ControlGroup } from '../rules/control-group.ts';
import type { Rule, Segment, SourcePosition } from '../rules/rule.ts';
import {
  amountField,
  capsField,
  daysField,
  multiplierField,
  nameField,
  shareField,
  textField,
  titleField,
  titleIn,
} from './fields.ts';
import { parseRule } from './rule-parser.ts';
import { parseTestFacts, type TestFacts } from './segment-facts.ts';
import { noneOf, type SegmentReference } from './segment-reference.ts';
import type { ShopCalendar } from './window-parser.ts';

const GROUP_ENTRIES_MAX = 200;
const TESTS_MAX = 200;
const PRIORITY_MAX = 1_000_000;
const DRIFT_MAX_DEFAULT = 0.5;
const PPM = 1_000_000;

export interface SegmentTest {
  readonly name: string;
  readonly facts: TestFacts;
  /** Whether the person is to be in the segment. */
  readonly expected: boolean;
  readonly at: SourcePosition;
}

export interface SegmentFile {
  /** As the file says; what other files of its group add: rules/groups.ts. */
  readonly segment: Segment;
  /** The other segments that its rule and its exclusions name. */
  readonly references: readonly SegmentReference[];
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
    stays: daysField.exactOptional(),
    exclude: z.array(nameField).min(1).max(GROUP_ENTRIES_MAX).exactOptional(),
    group: nameField.exactOptional(),
    control: z
      .strictObject({
        share: shareField.refine((share) => share > 0 && share < 1, {
          error: 'expected a share between 0 and 1, such as 0.1',
        }),
        seed: textField.exactOptional(),
      })
      .exactOptional(),
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
  const {
    rule,
    references,
    problems: ruleProblems,
  } = parseRule(groupsOf(value), {
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
  const excluded = exclusions(value, source, location.file);
  const own = stayingRule(value, rule, { file: location.file, ...source.position(['stays']) });
  const segment: Segment = {
    segment: value.segment,
    title: titleIn(value.title, location.locale),
    rule: excluded === null ? own : { kind: 'all', of: [own, excluded.rule], at },
    priority: value.priority,
    group: value.group ?? null,
    ...(value.group === undefined
      ? {}
      : { groupAt: { file: location.file, ...source.position(['group']) } }),
    control: controlOf(value),
    effect: {
      multiplier: value.bid.multiplier,
      maxCpmMicros: value.bid.max_cpm?.micros ?? null,
      offer: value.offer ?? null,
      caps: value.frequency,
    },
    at,
  };
  const all = [...references, ...(excluded?.references ?? [])];
  const { drift_max: driftMax } = value;
  return { value: { segment, references: all, tests, driftMax, source }, problems: [] };
}

function exclusions(
  { exclude }: SegmentSection,
  source: ConfigSource,
  file: string,
): { readonly references: readonly SegmentReference[]; readonly rule: Rule } | null {
  if (exclude === undefined) return null;
  const references = exclude.map((segment, i): SegmentReference => {
    const path = ['exclude', i];
    return { segment, path, at: { file, ...source.position(path) } };
  });
  const at = { file, ...source.position(['exclude']) };
  return { references, rule: noneOf(references, at) };
}

/** What is excluded does not stay. */
function stayingRule({ segment, stays }: SegmentSection, rule: Rule, at: SourcePosition): Rule {
  return stays === undefined ? rule : { kind: 'stays', segment, days: stays, of: [rule], at };
}

function controlOf({ segment, control }: SegmentSection): ControlGroup | null {
  if (control === undefined) return null;
  return { sharePpm: Math.round(control.share * PPM), seed: control.seed ?? segment };
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
