/**
 * What a person did on the site since the last build, merged from events in any order: the same
 * event twice changes nothing, and events of different times may come in any order.
 */
import {
  decodeLiveFacts,
  encodeLiveFacts,
  LIVE_ITEMS_MAX,
  LIVE_ORDERS_MAX,
  type LiveFactsRecord,
} from './records.ts';

interface LiveItemFact {
  readonly item: string;
  /** Unix seconds of the newest event about it. */
  readonly atS: number;
}

export interface LiveOrderFact {
  readonly orderKey: string;
  /** Unix seconds it was first heard of. */
  readonly atS: number;
  /** Unix seconds of the newest status, which also brought the revenue. */
  readonly statusAtS: number;
  /** Ordinal in STATUS_GROUPS. */
  readonly status: number;
  readonly revenueMicros: number;
  readonly items: readonly string[];
}

/** Views and cart newest first, orders by newest status first; bounds of proto/records.ts. */
export interface LiveFacts {
  readonly views: readonly LiveItemFact[];
  readonly cart: readonly LiveItemFact[];
  readonly orders: readonly LiveOrderFact[];
}

/** They bridge the time to the next build, which has them from the CRM. */
export const LIVE_KEEP_MS = 31 * 24 * 3_600_000;

export const NO_LIVE_FACTS: LiveFacts = { views: [], cart: [], orders: [] };

export function addViews(facts: LiveFacts, items: readonly string[], atS: number): LiveFacts {
  return { ...facts, views: withItems(facts.views, items, atS) };
}

export function addCart(facts: LiveFacts, items: readonly string[], atS: number): LiveFacts {
  return { ...facts, cart: withItems(facts.cart, items, atS) };
}

/** A new order, or a newer status of one known already; an older status changes nothing but `atS`. */
export function addOrder(facts: LiveFacts, order: Omit<LiveOrderFact, 'statusAtS'>): LiveFacts {
  return withOrder(facts, { ...order, statusAtS: order.atS });
}

/** What both know of one person: as if one had heard all events. */
export function mergedFacts(facts: LiveFacts, others: LiveFacts): LiveFacts {
  let merged = facts;
  for (const { item, atS } of others.views) merged = addViews(merged, [item], atS);
  for (const { item, atS } of others.cart) merged = addCart(merged, [item], atS);
  for (const order of others.orders) merged = withOrder(merged, order);
  return merged;
}

function withOrder(facts: LiveFacts, heard: LiveOrderFact): LiveFacts {
  const known = facts.orders.find((other) => other.orderKey === heard.orderKey);
  const merged = mergedOrder(known ?? heard, heard);
  const orders = facts.orders.filter((other) => other.orderKey !== heard.orderKey);
  orders.push(merged);
  orders.sort((a, b) => b.statusAtS - a.statusAtS || compare(a.orderKey, b.orderKey));
  return { ...facts, orders: orders.slice(0, LIVE_ORDERS_MAX) };
}

/** A record that is missing or damaged is no facts. */
export function readLiveFacts(bytes: Uint8Array | null, person: string): LiveFacts {
  const record = bytes === null ? null : decodeLiveFacts(bytes, person);
  if (record === null) return NO_LIVE_FACTS;
  return {
    views: record.views.map((view) => ({ item: view.item ?? '', atS: view.atS ?? 0 })),
    cart: record.cart.map((line) => ({ item: line.item ?? '', atS: line.atS ?? 0 })),
    orders: record.orders.map((order) => ({
      orderKey: order.orderKey ?? '',
      atS: order.atS ?? 0,
      statusAtS: order.statusAtS ?? 0,
      status: order.status ?? 0,
      revenueMicros: order.revenueMicros ?? 0,
      items: order.items ?? [],
    })),
  };
}

export function writeLiveFacts(facts: LiveFacts, person: string): Uint8Array {
  const record: LiveFactsRecord = {
    person,
    views: [...facts.views],
    cart: [...facts.cart],
    orders: facts.orders.map((order) => ({ ...order, items: [...order.items] })),
  };
  return encodeLiveFacts(record);
}

function withItems(
  known: readonly LiveItemFact[],
  items: readonly string[],
  atS: number,
): LiveItemFact[] {
  const newest = new Map(known.map((fact) => [fact.item, fact.atS]));
  for (const item of items) newest.set(item, Math.max(atS, newest.get(item) ?? 0));
  return [...newest]
    .map(([item, at]) => ({ item, atS: at }))
    .sort((a, b) => b.atS - a.atS || compare(a.item, b.item))
    .slice(0, LIVE_ITEMS_MAX);
}

function mergedOrder(known: LiveOrderFact, heard: LiveOrderFact): LiveOrderFact {
  const newer = heard.statusAtS >= known.statusAtS ? heard : known;
  return {
    ...newer,
    atS: Math.min(known.atS, heard.atS),
    // A status update may name no items: what the order held is not forgotten for that.
    items: [...new Set([...known.items, ...heard.items])].sort(compare).slice(0, LIVE_ITEMS_MAX),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
