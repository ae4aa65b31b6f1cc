/**
 * What is known of the person in front of the ad, for one shop: the profile of the last build with
 * what happened on the site since laid over it. Rules are evaluated again as soon as anything
 * happened, so that a buyer is a buyer with the next bid.
 */
import type { Interests } from '../../creative/item.ts';
import type { DecodedLiveFacts, DecodedProfile } from '../../proto/records.ts';
import { type Customer, type CustomerOrder, isValid } from '../../rules/customer.ts';
import { customerFacts, type Facts, ownCycleHalfDays } from '../../rules/facts.ts';
import { localDay } from '../../rules/local-day.ts';
import { actingSegments, matchSegments } from '../../rules/memberships.ts';
import type { Segment } from '../../rules/rule.ts';
import type { ShopSnapshot } from './snapshot.ts';

export interface PersonView {
  /** Hashed person id; '' when nobody may be or could be recognised. */
  person: string;
  /** False when the person's impressions could not be read: then capped campaigns do not bid. */
  countsKnown: boolean;
  /** The exposure log (proto/exposure-log.ts), null when it is empty. */
  exposures: Uint8Array | null;
  /** Ordinals in the manifest. */
  segments: readonly number[];
  /** Of those the one with the highest priority: it shapes the bid. */
  shaping: Segment | null;
  /** Null for a person without a profile and without live facts. */
  facts: Facts | null;
  interests: Interests;
}

/** What was read of a person. Records are null when there is none. */
export interface PersonRecords {
  readonly person: string;
  readonly profile: DecodedProfile | null;
  readonly live: DecodedLiveFacts | null;
}

export const NO_INTERESTS: Interests = Object.freeze({
  viewed: [],
  cart: [],
  boughtWith: [],
  bought: [],
  categories: [],
});
const NO_SEGMENTS: readonly number[] = Object.freeze([]);
const HALF_DAYS_UNKNOWN = 0;

/** A view of nobody: what contextual bids are made for. */
export function nobody(): PersonView {
  return {
    person: '',
    countsKnown: false,
    exposures: null,
    segments: NO_SEGMENTS,
    shaping: null,
    facts: null,
    interests: NO_INTERESTS,
  };
}

/** Makes `view` one of nobody again. */
export function resetPerson(view: PersonView): void {
  view.person = '';
  view.countsKnown = false;
  view.exposures = null;
  view.segments = NO_SEGMENTS;
  view.shaping = null;
  view.facts = null;
  view.interests = NO_INTERESTS;
}

/** Fills everything of `view` but its counts. */
export function viewPerson(
  view: PersonView,
  shop: ShopSnapshot,
  records: PersonRecords,
  nowMs: number,
): void {
  const { profile, live } = records;
  view.person = records.person;
  view.segments = NO_SEGMENTS;
  view.shaping = null;
  view.facts = null;
  view.interests = NO_INTERESTS;
  if (profile === null && live === null) return;
  const customer = customerOf(shop, profile, live);
  const asOf = {
    day: localDay(shop.zone, nowMs),
    shopCycleHalfDays: shop.manifest.shopCycleHalfDays,
  };
  if (live === null) {
    view.facts = customerFacts(customer, asOf);
    view.segments = profile?.segments ?? NO_SEGMENTS;
  } else {
    const matched = new Set<string>();
    view.facts = customerFacts(customer, asOf, matched);
    matchSegments(shop.rules, view.facts, matched);
    view.segments = actingSegments(shop.rules, matched, records.person);
  }
  view.shaping = shapingSegment(shop, view.segments);
  view.interests = interests(customer, profile, live);
}

/** What rules see of a person: the profile with live facts laid over it. */
export function customerOf(
  shop: ShopSnapshot,
  profile: DecodedProfile | null,
  live: DecodedLiveFacts | null,
): Customer {
  const orders = profileOrders(shop, profile, live);
  const bought = profile?.products ?? [];
  const own = profile?.cycleHalfDays ?? HALF_DAYS_UNKNOWN;
  const cycleHalfDays = own === HALF_DAYS_UNKNOWN ? null : own;
  // Nothing is known of somebody without a profile: then what is missing is missing.
  const built = profile?.conditions ?? null;
  if (live === null || live.orders.length === 0) {
    const categories = profile?.categories ?? [];
    return { orders, cycleHalfDays, products: bought, categories, built };
  }
  const { orders: all, items } = addLiveOrders(shop, orders, profile, live);
  return {
    orders: all,
    cycleHalfDays: ownCycleHalfDays(all),
    products: union(items, bought),
    categories: union(profile?.categories ?? [], shop.categoriesOf(items)),
    built,
  };
}

/** The profile's orders, less those that a later live event told about again. */
function profileOrders(
  shop: ShopSnapshot,
  profile: DecodedProfile | null,
  live: DecodedLiveFacts | null,
): CustomerOrder[] {
  const orders: CustomerOrder[] = [];
  if (profile === null) return orders;
  for (let i = 0; i < profile.orders.length; i++) {
    const order = profile.orders[i]!;
    if (live !== null && isNewerLive(shop, live, order.orderKey ?? '')) continue;
    orders.push(customerOrder(shop, order, order));
  }
  return orders;
}

function isNewerLive(shop: ShopSnapshot, live: DecodedLiveFacts, orderKey: string): boolean {
  return live.orders.some((order) => order.orderKey === orderKey && changedSinceBuild(shop, order));
}

function changedSinceBuild(
  shop: ShopSnapshot,
  order: { atS?: number | null; statusAtS?: number | null },
): boolean {
  return (order.statusAtS || order.atS || 0) * 1000 > shop.manifest.asOfMs;
}

/**
 * A live order that the build has seen already is not added twice. Where the site told more of one, its
 * status and its worth are new; when it was made and what it cost stays as the build has it.
 */
function addLiveOrders(
  shop: ShopSnapshot,
  orders: readonly CustomerOrder[],
  profile: DecodedProfile | null,
  live: DecodedLiveFacts,
): { orders: CustomerOrder[]; items: string[] } {
  const all = [...orders];
  const items: string[] = [];
  const known = profile?.orders ?? [];
  for (const order of live.orders) {
    const inBuild = known.find(({ orderKey }) => orderKey === order.orderKey);
    if (inBuild !== undefined && !changedSinceBuild(shop, order)) continue;
    all.push(customerOrder(shop, order, inBuild ?? order));
    if (isValid(order.status ?? 0)) items.push(...(order.items ?? []));
  }
  return { orders: all, items };
}

/** Of a profile, or live: then nobody knows its cost. */
interface KnownOrder {
  readonly atS?: number | null;
  readonly status?: number | null;
  readonly revenueMicros?: number | null;
  readonly marginMicros?: number | null;
}

/** `first` is the order as it was known first: it says when it was made, and what it cost. */
function customerOrder(shop: ShopSnapshot, order: KnownOrder, first: KnownOrder): CustomerOrder {
  const revenueMicros = order.revenueMicros ?? 0;
  const margin = first.marginMicros ?? null;
  return {
    day: localDay(shop.zone, (first.atS ?? 0) * 1000),
    status: order.status ?? 0,
    revenueMicros,
    marginMicros: margin === null ? null : margin + revenueMicros - (first.revenueMicros ?? 0),
  };
}

/** Highest priority first; among equals the one that comes first in the manifest. */
function shapingSegment(shop: ShopSnapshot, segments: readonly number[]): Segment | null {
  let best: Segment | null = null;
  for (let i = 0; i < segments.length; i++) {
    const segment = shop.manifest.segments[segments[i]!];
    if (segment !== undefined && (best === null || segment.priority > best.priority)) {
      best = segment;
    }
  }
  return best;
}

function interests(
  customer: Customer,
  profile: DecodedProfile | null,
  live: DecodedLiveFacts | null,
): Interests {
  return {
    viewed: live === null ? [] : live.views.map(({ item }) => item ?? ''),
    cart: live === null ? [] : live.cart.map(({ item }) => item ?? ''),
    boughtWith: profile?.boughtWith ?? [],
    bought: customer.products,
    categories: customer.categories,
  };
}

function union(first: readonly string[], then: readonly string[]): readonly string[] {
  return [...new Set([...first, ...then])];
}
