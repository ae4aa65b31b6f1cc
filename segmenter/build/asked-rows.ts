/** Which lines and attributes of orders, and which events, the rules of a shop ask about. */
import type { Aggregate, GOODS, RowTest } from '../../rules/aggregate.ts';
import { builtConditions } from '../../rules/built-conditions.ts';
import type { Segment } from '../../rules/rule.ts';
import { fixedBounds, type Window } from '../../rules/window.ts';

export interface AskedRows {
  /** Null where no rule asks for lines. */
  readonly orderLines: AskedLines | null;
  /** By name. */
  readonly orderAttributes: readonly string[];
  /** How many conditions ask for lines or attributes of orders. */
  readonly orderConditions: number;
  /** Null where no rule asks for events. */
  readonly events: AskedEvents | null;
}

/** Lines of these products, or of goods of these categories or brands. */
export type AskedLines = Readonly<Record<(typeof GOODS)[number], readonly string[]>> | 'all';

/** Of the table `events`. */
type EventColumn = 'kind' | 'name' | 'product' | 'category' | 'brand' | 'value_micros';

export interface AskedEvents {
  /** Null is any. */
  readonly names: readonly string[] | null;
  readonly kinds: readonly string[] | null;
  /** Those of this day on; null is all. */
  readonly firstDay: number | null;
  /** Whether by category or brand. */
  readonly goods: boolean;
  /** How many conditions ask. */
  readonly conditions: number;
  /** What they read of an event beside whose and of which day it is. */
  readonly columns: readonly EventColumn[];
  /** By name. */
  readonly attributes: readonly string[];
}

/** `today` is the day that rules are evaluated at. */
export function askedRows(segments: readonly Pick<Segment, 'rule'>[], today: number): AskedRows {
  const asked = builtConditions(segments).filter((one) => one.kind === 'aggregate');
  const orders = asked.filter(({ rows }) => rows === 'orders');
  const events = asked.filter(({ rows }) => rows === 'events');
  return {
    orderLines: askedLines(testsOf(orders)),
    orderAttributes: attributesOf(orders),
    orderConditions: orders.length,
    events: events.length === 0 ? null : askedEvents(events, today),
  };
}

function askedLines(tests: readonly RowTest[]): AskedLines | null {
  const goods = tests.flatMap((test) => ('quantifier' in test ? [test] : []));
  if (goods.length === 0) return null;
  // An order is of another product by whichever lines it has.
  if (goods.some(({ quantifier }) => quantifier === 'none_of')) return 'all';
  const textsOn = (on: (typeof GOODS)[number]) => [
    ...new Set(goods.flatMap((test) => (test.on === on ? test.texts : []))),
  ];
  return { product: textsOn('product'), category: textsOn('category'), brand: textsOn('brand') };
}

/** Whether the answers depend on the brands that the feed tells; affinities are kept by brand too. */
export function asksBrands(segments: readonly Pick<Segment, 'rule'>[]): boolean {
  const conditions = builtConditions(segments);
  const rows = conditions.filter((one) => one.kind === 'aggregate');
  const asksShares = conditions.some(({ kind }) => kind === 'affinity');
  return asksShares || testsOf(rows).some(({ on }) => on === 'brand');
}

function askedEvents(events: readonly Aggregate[], today: number): AskedEvents {
  return {
    names: textsOf(events, 'name'),
    kinds: textsOf(events, 'kind'),
    firstDay: firstDayOf(events, today),
    goods: testsOf(events).some(({ on }) => on === 'category' || on === 'brand'),
    conditions: events.length,
    columns: columnsOf(events),
    attributes: attributesOf(events),
  };
}

function columnsOf(events: readonly Aggregate[]): readonly EventColumn[] {
  const ofMeasures = events.flatMap(({ measure }) =>
    measure === 'value' ? ['value_micros' as const] : [],
  );
  const ofTests = testsOf(events).flatMap((test): readonly EventColumn[] => {
    if (test.on === 'amount') return ['value_micros'];
    return test.on === 'status' || test.on === 'attribute' ? [] : [test.on];
  });
  return [...new Set([...ofMeasures, ...ofTests])];
}

function testsOf(asked: readonly Aggregate[]): readonly RowTest[] {
  return asked.flatMap(({ where }) => where);
}

function attributesOf(asked: readonly Aggregate[]): readonly string[] {
  const names = testsOf(asked).flatMap((test) => (test.on === 'attribute' ? [test.name] : []));
  return [...new Set(names)];
}

/** The texts of every test on the name or the kind; null as soon as a condition has none. */
function textsOf(events: readonly Aggregate[], on: 'name' | 'kind'): readonly string[] | null {
  const all: string[] = [];
  for (const { where } of events) {
    const texts = where.flatMap((test) => (test.on === on ? test.texts : []));
    if (texts.length === 0) return null;
    all.push(...texts);
  }
  return [...new Set(all)];
}

function firstDayOf(events: readonly Aggregate[], today: number): number | null {
  const days = events.map(({ window }) => firstDay(window, today));
  return Math.min(...days) === Number.NEGATIVE_INFINITY ? null : Math.min(...days);
}

function firstDay(window: Window | null, today: number): number {
  const isPersons = window?.kind === 'since_last_order' || window?.kind === 'cycles';
  if (window === null || isPersons) return Number.NEGATIVE_INFINITY;
  return fixedBounds(window, today).first;
}
