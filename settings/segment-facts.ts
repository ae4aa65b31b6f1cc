/**
 * The person of a test beside a rule, described by the facts that conditions read:
 *
 *   profile:
 *     orders: { count: 2, last_days: 100, cycle_days: 60, revenue: 300 USD }
 *     within: { 90d: { orders: { count: 1 } } }
 *     categories: { bought: [tea] }
 *     shop_cycle_days: 45
 *
 * A count or an amount that is not given is 0, an age or a share has no answer, as for a person
 * without orders. `shop_cycle_days` stands in where a person has no cycle of their own.
 */
import type { ConfigPath, ConfigProblem, ConfigSource } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import {
  COUNT_FIELDS,
  DAY_FIELDS,
  MONEY_FIELDS,
  type NumberField,
  SET_FIELDS,
  type SetField,
  SHARE_FIELDS,
} from '../rules/rule.ts';
import { fieldType, parseLiteral } from './operand-parser.ts';

/** Three months, the interval of the founding example, when a test does not say the shop's. */
const SHOP_CYCLE_HALF_DAYS = 180;

export interface TestFacts {
  /** By field, or `field within N` for a window. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly sets: ReadonlyMap<SetField, readonly string[]>;
  readonly shopCycleHalfDays: number;
}

interface Reading {
  readonly source: ConfigSource;
  readonly path: ConfigPath;
  readonly currency: string;
}

interface Collecting extends Reading {
  readonly problems: ConfigProblem[];
  readonly numbers: Map<string, number>;
  readonly sets: Map<SetField, readonly string[]>;
  shopCycleHalfDays: number;
}

const WINDOWED: readonly string[] = [...COUNT_FIELDS, ...MONEY_FIELDS];
const ALL_TIME: readonly string[] = [...WINDOWED, ...DAY_FIELDS, ...SHARE_FIELDS];
const SETS: readonly string[] = SET_FIELDS;

export function windowKey(field: NumberField, withinDays: number | null): string {
  return withinDays === null ? field : `${field} within ${withinDays}`;
}

/** Reads a test's profile; unknown facts and values of a wrong type are problems. */
export function parseTestFacts(
  profile: Readonly<Record<string, unknown>>,
  reading: Reading,
): { readonly facts: TestFacts; readonly problems: readonly ConfigProblem[] } {
  const collecting: Collecting = {
    ...reading,
    problems: [],
    numbers: new Map(),
    sets: new Map(),
    shopCycleHalfDays: SHOP_CYCLE_HALF_DAYS,
  };
  for (const fact of flatten(profile, reading.path)) collectFact(fact, collecting);
  const { numbers, sets, shopCycleHalfDays, problems } = collecting;
  return { facts: { numbers, sets, shopCycleHalfDays }, problems };
}

function collectFact(fact: Fact, collecting: Collecting): void {
  const { field, value, path } = fact;
  const within = windowOf(field);
  const bare = within === null ? field : field.slice(within.prefix.length);
  if (field === 'shop_cycle_days') {
    const days = numberAt('orders.cycle_days', fact, collecting);
    if (days !== null) collecting.shopCycleHalfDays = days;
  } else if (SETS.includes(field)) {
    collecting.sets.set(field as SetField, namesAt(value, path, collecting));
  } else if ((within === null ? ALL_TIME : WINDOWED).includes(bare)) {
    const known = bare as NumberField;
    const parsed = numberAt(known, fact, collecting);
    if (parsed !== null) collecting.numbers.set(windowKey(known, within?.days ?? null), parsed);
  } else {
    collecting.problems.push(unknownFact(bare, path, collecting));
  }
}

interface Fact {
  readonly field: string;
  readonly value: unknown;
  readonly path: ConfigPath;
}

const DEPTH_MAX = 4;

/** `{ orders: { count: 2 } }` and `{ orders.count: 2 }` alike as `orders.count`. */
function flatten(section: Readonly<Record<string, unknown>>, path: ConfigPath): readonly Fact[] {
  return Object.entries(section).flatMap(([key, value]) =>
    flattenEntry(key, value, [...path, key], 1),
  );
}

function flattenEntry(
  field: string,
  value: unknown,
  path: ConfigPath,
  depth: number,
): readonly Fact[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > DEPTH_MAX) {
    return [{ field, value, path }];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    flattenEntry(`${field}.${key}`, inner, [...path, key], depth + 1),
  );
}

function windowOf(field: string): { readonly prefix: string; readonly days: number } | null {
  const match = /^within\.(\d{1,6})d\./.exec(field);
  return match === null ? null : { prefix: match[0], days: Number(match[1]) };
}

function numberAt(
  field: NumberField,
  { value, path }: Fact,
  { source, currency, problems }: Collecting,
): number | null {
  const parsed = parseLiteral(fieldType(field), value, currency);
  if (typeof parsed === 'number') return parsed;
  problems.push(source.problem(path, parsed.message, parsed.suggestion));
  return null;
}

function namesAt(
  value: unknown,
  path: ConfigPath,
  { source, problems }: Collecting,
): readonly string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  problems.push(source.problem(path, 'expected a list of names'));
  return [];
}

function unknownFact(field: string, path: ConfigPath, { source }: Reading): ConfigProblem {
  const known = [...ALL_TIME, ...SETS, 'shop_cycle_days'];
  const message = `unknown fact; known: ${known.join(', ')}, and within: { 30d: … } around counts and amounts`;
  return source.keyProblem(path, message, closest(field, known));
}
