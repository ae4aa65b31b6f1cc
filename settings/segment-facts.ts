/**
 * The person of a test beside a rule, described by the facts that conditions read:
 *
 *   profile:
 *     orders: { count: 2, last_days: 100, cycle_days: 60, revenue: 300 USD }
 *     within: { 90d: { orders: { count: 1 } }, this_month: { orders: { count: 0 } } }
 *     categories: { bought: [tea] }
 *     attributes: { shoe_size: 42, tags: [vip, tea], birthday: 1990-05-01 }
 *     rfm: { recency: 5 }            scores and affinities: score-facts.ts
 *     today: 2026-11-22
 *     segments: [new]
 *     events: [ { name: cart, days_ago: 2, product: tea, value: 5 USD } ]
 *     shop_cycle_days: 45
 *
 * A count or a revenue that is not given is 0, any other number has no answer, as for a person
 * without orders. Windows are named as rules/window.ts does. `shop_cycle_days` stands in where a
 * person has no cycle of their own. In the place of numbers `orders` may be a list as test-rows.ts reads
 * it: everything about orders follows from it then.
 */
import type { ConfigPath, ConfigProblem, ConfigSource } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import type { Affinity } from '../rules/affinity.ts';
import type { AttributeValue } from '../rules/attribute.ts';
import type { CustomerEvent, CustomerOrder } from '../rules/customer.ts';
import {
  COUNT_FIELDS,
  DAY_FIELDS,
  MONEY_FIELDS,
  type NumberField,
  SET_FIELDS,
  type SetField,
  SHARE_FIELDS,
} from '../rules/rule.ts';
import type { Scores } from '../rules/score.ts';
import { literalType, parseLiteral } from './operand-parser.ts';
import { addScoreFact, ranked, SCORE_FACTS, type ScoreFacts } from './score-facts.ts';
import { attributeValues, namesAt, type TestReading, testEvents, testOrders } from './test-rows.ts';
import { readDate } from './window-parser.ts';

/** Three months, the interval of the founding example, when a test does not say the shop's. */
const SHOP_CYCLE_HALF_DAYS = 180;

export interface TestFacts {
  /** By windowKey. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly sets: ReadonlyMap<SetField, readonly string[]>;
  readonly attributes: readonly AttributeValue[];
  /** As of `today`, or of day 0 where the test does not say it. Null where orders are given as numbers. */
  readonly orders: readonly CustomerOrder[] | null;
  readonly events: readonly CustomerEvent[];
  readonly scores: Scores;
  readonly affinities: readonly Affinity[];
  /** Null where the test does not say. */
  readonly today: number | null;
  /** The other segments that the person matches. */
  readonly segments: ReadonlySet<string>;
  readonly shopCycleHalfDays: number;
}

interface Reading {
  readonly source: ConfigSource;
  readonly path: ConfigPath;
  readonly currency: string;
}

interface Collecting extends TestReading, Reading, ScoreFacts {
  readonly numbers: Map<string, number>;
  readonly sets: Map<SetField, readonly string[]>;
  readonly segments: Set<string>;
  readonly attributes: AttributeValue[];
  shopCycleHalfDays: number;
}

const WINDOWED: readonly string[] = [...COUNT_FIELDS, ...MONEY_FIELDS];
const ALL_TIME: readonly string[] = [...WINDOWED, ...DAY_FIELDS, ...SHARE_FIELDS];
const SETS: readonly string[] = SET_FIELDS;
const ATTRIBUTES = 'attributes.';

/** `orders.count`, or `orders.count within 30d`. */
export function windowKey(field: NumberField, window: string | null): string {
  return window === null ? field : `${field} within ${window}`;
}

/** Reads a test's profile; unknown facts and values of a wrong type are problems. */
export function parseTestFacts(
  profile: Readonly<Record<string, unknown>>,
  reading: Reading,
): { readonly facts: TestFacts; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const today = todayAt(profile, { ...reading, problems });
  const collecting: Collecting = {
    ...reading,
    problems,
    today,
    numbers: new Map(),
    sets: new Map(),
    segments: new Set(),
    attributes: [],
    scores: {},
    shares: [],
    shopCycleHalfDays: SHOP_CYCLE_HALF_DAYS,
  };
  const { today: _, events, ...others } = profile;
  const { orders, ...withoutOrders } = others;
  const isListed = Array.isArray(orders);
  for (const fact of factsIn(isListed ? withoutOrders : others, collecting)) {
    collectFact(fact, collecting);
  }
  const at = (key: string) => [...reading.path, key];
  if (isListed && collecting.numbers.size > 0) {
    const message = 'the orders are listed, so what is a number about them follows from the list';
    problems.push(reading.source.keyProblem(at('orders'), message));
  }
  const { numbers, sets, segments, attributes, scores, shares, shopCycleHalfDays } = collecting;
  const facts = {
    ...{ numbers, sets, segments, attributes, scores, shopCycleHalfDays, today },
    affinities: ranked(shares),
    orders: isListed ? testOrders(orders, at('orders'), collecting) : null,
    events: events === undefined ? [] : testEvents(events, at('events'), collecting),
  };
  return { facts, problems };
}

function collectFact(fact: Fact, collecting: Collecting): void {
  const { field, value, path } = fact;
  if (fact.window !== null) {
    collectNumber(fact, WINDOWED, collecting);
  } else if (SETS.includes(field)) {
    collecting.sets.set(field as SetField, namesAt(value, path, collecting));
  } else if (field === 'segments') {
    for (const name of namesAt(value, path, collecting)) collecting.segments.add(name);
  } else if (field.startsWith(ATTRIBUTES)) {
    collecting.attributes.push(
      ...attributeValues(field.slice(ATTRIBUTES.length), { value, path }, collecting),
    );
  } else if (field === 'shop_cycle_days') {
    const days = numberAt('orders.cycle_days', fact, collecting);
    if (days !== null) collecting.shopCycleHalfDays = days;
  } else if (!collectScore(fact, collecting)) {
    collectNumber(fact, ALL_TIME, collecting);
  }
}

/** False for a fact that is no score. */
function collectScore({ field, value, path }: Fact, collecting: Collecting): boolean {
  const refusal = addScoreFact(field, value, collecting, collecting.currency);
  if (refusal === false) return false;
  if (refusal !== null) {
    const { message, suggestion } = refusal;
    collecting.problems.push(collecting.source.problem(path, message, suggestion));
  }
  return true;
}

function collectNumber(fact: Fact, known: readonly string[], collecting: Collecting): void {
  const { field, window, path } = fact;
  if (!known.includes(field)) {
    collecting.problems.push(unknownFact(field, path, collecting));
    return;
  }
  const parsed = numberAt(field as NumberField, fact, collecting);
  if (parsed !== null) collecting.numbers.set(windowKey(field as NumberField, window), parsed);
}

interface Fact {
  readonly field: string;
  /** Its name; null for all time. */
  readonly window: string | null;
  readonly value: unknown;
  readonly path: ConfigPath;
}

/** Facts over all time, and below `within` those of windows. */
function factsIn(profile: Section, collecting: Collecting): readonly Fact[] {
  const { within, ...allTime } = profile;
  const facts = [...flatten(allTime, null, collecting.path)];
  if (within === undefined) return facts;
  const path = [...collecting.path, 'within'];
  for (const [window, inner] of Object.entries(isSection(within) ? within : { '': within })) {
    if (isSection(inner) && WINDOW_NAMES.some((name) => name.test(window))) {
      facts.push(...flatten(inner, window, [...path, window]));
      continue;
    }
    const message =
      'expected facts by window, such as { 30d: { orders.count: 1 } }; windows are named ' +
      '30d, 30d..90d ago, 2026-01-01..2026-03-31, this_week, own_last_order or 1.5 cycles, ' +
      'those that may be with "without today" behind';
    collecting.problems.push(
      collecting.source.problem(window === '' ? path : [...path, window], message),
    );
  }
  return facts;
}

/** What rules/window.ts's windowName makes. */
const WINDOW_NAMES: readonly RegExp[] = [
  /^[1-9]\d{0,4}d( without today)?$/,
  /^\d{1,5}d\.\.\d{1,5}d ago$/,
  /^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/,
  /^last_(week|month|year)$/,
  /^(this_(week|month|year)|own_last_order)( without today)?$/,
  /^\d{1,3}(\.\d{1,3})? cycles( at least \d{1,5}(\.5)?d)?( without today)?$/,
];

type Section = Readonly<Record<string, unknown>>;

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const DEPTH_MAX = 4;

/** `{ orders: { count: 2 } }` and `{ orders.count: 2 }` alike as `orders.count`. */
function flatten(section: Section, window: string | null, path: ConfigPath): readonly Fact[] {
  return Object.entries(section).flatMap(([key, value]) =>
    flattenEntry({ field: key, window, value, path: [...path, key] }, 1),
  );
}

function flattenEntry(fact: Fact, depth: number): readonly Fact[] {
  if (!isSection(fact.value) || depth > DEPTH_MAX) return [fact];
  return Object.entries(fact.value).flatMap(([key, value]) =>
    flattenEntry(
      { ...fact, field: `${fact.field}.${key}`, value, path: [...fact.path, key] },
      depth + 1,
    ),
  );
}

function numberAt(
  field: NumberField,
  { value, path }: Fact,
  { source, currency, problems }: Collecting,
): number | null {
  const parsed = parseLiteral(literalType(field), value, currency);
  if (typeof parsed === 'number') return parsed;
  problems.push(source.problem(path, parsed.message, parsed.suggestion));
  return null;
}

function todayAt(
  { today }: Section,
  { source, path, problems }: Reading & { readonly problems: ConfigProblem[] },
): number | null {
  const day = readDate(today);
  if (day === null && today !== undefined) {
    problems.push(source.problem([...path, 'today'], 'expected a date such as 2026-11-22'));
  }
  return day;
}

function unknownFact(field: string, path: ConfigPath, { source }: Reading): ConfigProblem {
  const known = [
    ...ALL_TIME,
    ...SETS,
    ...SCORE_FACTS,
    'attributes.…',
    'events',
    'today',
    'segments',
    'shop_cycle_days',
  ];
  const message = `unknown fact; known: ${known.join(', ')}, and within: { 30d: … } around counts and amounts`;
  return source.keyProblem(path, message, closest(field, known));
}
