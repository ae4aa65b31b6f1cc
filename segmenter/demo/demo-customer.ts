/** One customer of the demo shop as a person who buys: how often, what, and with what luck. */
import type { SeededRandom } from '../../platform/seeded-random.ts';
import { units } from './demo-feed.ts';
import type { DemoProduct } from './demo-products.ts';
import { CATEGORIES } from './demo-range.ts';

export const DAY_MS = 86_400_000;
/** The shop opened this long before the moment of writing. */
export const SHOP_AGE_DAYS = 5 * 365;

const LAPSED_SHARE = 0.3;
const REFUSER_SHARE = 0.08;
/** Regularity of purchases: the coefficient of variation of an interval is 1/sqrt(shape), here 0.4. */
const INTERVAL_SHAPE = 6;
/** Orders by hour of day: few at night, a peak in the evening. */
const HOURS = [
  0, 7, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 15, 16, 17, 18, 18, 19, 19, 19, 20, 20, 20, 20,
  21, 21, 21, 21, 22, 22, 22, 23,
];

export interface BuyerHabits {
  readonly intervalDays: number;
  readonly refusalShare: number;
  /** Ordinals in CATEGORIES, the favourite first. */
  readonly categories: readonly number[];
}

/** `orders` is how many orders the customer will have: more of them come at shorter intervals. */
export function drawHabits(orders: number, random: SeededRandom): BuyerHabits {
  const typicalDays = orders > 8 ? 45 : 95;
  const longestDays = (SHOP_AGE_DAYS * 0.9) / (orders + 2);
  const first = random.below(CATEGORIES.length);
  return {
    intervalDays: Math.max(6, Math.min(typicalDays * random.gamma(3), longestDays)),
    refusalShare: random.chance(REFUSER_SHARE) ? 0.5 + 0.4 * random.next() : 0.04,
    categories: [first, random.below(CATEGORIES.length), random.below(CATEGORIES.length)],
  };
}

/** Times of the orders, newest first, Unix ms, none after `nowMs`. */
export function drawOrderTimes(
  orders: number,
  habits: BuyerHabits,
  nowMs: number,
  random: SeededRandom,
): number[] {
  const silence = random.chance(LAPSED_SHARE) ? 1.4 + 4 * random.next() : random.next();
  let daysAgo = Math.min(silence * habits.intervalDays, SHOP_AGE_DAYS * 0.8);
  if (orders === 1) daysAgo = SHOP_AGE_DAYS * random.next() ** 2.2;
  const times: number[] = [];
  for (let i = 0; i < orders; i++) {
    times.push(atShoppingHour(nowMs - daysAgo * DAY_MS, nowMs, random));
    daysAgo = Math.min(daysAgo + habits.intervalDays * random.gamma(INTERVAL_SHAPE), SHOP_AGE_DAYS);
  }
  return times;
}

function atShoppingHour(aboutMs: number, nowMs: number, random: SeededRandom): number {
  const dayMs = Math.floor(aboutMs / DAY_MS) * DAY_MS;
  const secondOfHour = random.below(3600);
  const atMs = dayMs + random.pick(HOURS) * 3_600_000 + secondOfHour * 1000;
  return atMs <= nowMs ? atMs : atMs - DAY_MS;
}

/** What an order that goes well looks like, by age: two statuses and the chance of the first. */
const STAGES = [
  { beforeDays: 1, first: 'new', second: 'confirmed', firstShare: 0.5 },
  { beforeDays: 3, first: 'confirmed', second: 'packing', firstShare: 0.5 },
  { beforeDays: 7, first: 'shipped', second: 'delivered', firstShare: 0.6 },
  { beforeDays: 12, first: 'delivered', second: 'completed', firstShare: 0.4 },
  {
    beforeDays: Number.POSITIVE_INFINITY,
    first: 'returned',
    second: 'completed',
    firstShare: 0.035,
  },
];

/** A CRM status that an order of this age can have; see `statuses` in shop.yaml. */
export function drawStatus(ageDays: number, refusalShare: number, random: SeededRandom): string {
  if (random.chance(0.002)) return 'test';
  if (ageDays >= 1 && random.chance(refusalShare)) return drawRefusal(refusalShare, random);
  const stage = STAGES.find(({ beforeDays }) => ageDays < beforeDays)!;
  return random.chance(stage.firstShare) ? stage.first : stage.second;
}

function drawRefusal(refusalShare: number, random: SeededRandom): string {
  if (refusalShare > 0.3 && random.chance(0.6)) return 'refused-at-door';
  return random.pick(['cancelled', 'cancelled', 'no-answer', 'out-of-stock']);
}

export interface BasketLine {
  readonly product: DemoProduct;
  readonly quantity: number;
  readonly unitCents: number;
}

/** Mostly one thing, mostly from the favourite category, best sellers more often. */
export function drawBasket(
  habits: BuyerHabits,
  products: readonly DemoProduct[],
  random: SeededRandom,
): BasketLine[] {
  const lines: BasketLine[] = [];
  const count = random.chance(0.68) ? 1 : 2 + random.below(2);
  const discounted = random.chance(0.1);
  for (let i = 0; i < count; i++) {
    const product = drawProduct(habits, products, random);
    const cents = product.priceCents;
    lines.push({
      product,
      quantity: cents < 6000 && random.chance(0.25) ? 2 : 1,
      unitCents: discounted ? cents - Math.floor(cents / 10) : cents,
    });
  }
  return lines;
}

function drawProduct(
  habits: BuyerHabits,
  products: readonly DemoProduct[],
  random: SeededRandom,
): DemoProduct {
  const perCategory = products.length / CATEGORIES.length;
  const taste = random.next();
  const category =
    taste < 0.6
      ? habits.categories[0]!
      : taste < 0.8
        ? habits.categories[1]!
        : habits.categories[2]!;
  const rank = Math.floor(perCategory * random.next() ** 2);
  return products[category * perCategory + rank]!;
}

export interface DemoOrder {
  readonly number: number;
  readonly customer: string;
  readonly atMs: number;
  readonly status: string;
}

/** The rows of one order in orders.csv, one a line of the basket. */
export function orderRows(order: DemoOrder, basket: readonly BasketLine[]): string {
  const start = `R${order.number},${order.customer},${isoSeconds(order.atMs)},${order.status},`;
  let rows = '';
  for (const { product, quantity, unitCents } of basket) {
    rows += `${rows === '' ? '' : '\n'}${start}${product.id},${quantity},${units(unitCents)}`;
  }
  return rows;
}

const dayTexts = new Map<number, string>();

/** `2026-11-22T05:10:00Z`; days are formatted once, because millions of orders share them. */
export function isoSeconds(atMs: number): string {
  const day = Math.floor(atMs / DAY_MS);
  let text = dayTexts.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 11);
    dayTexts.set(day, text);
  }
  const second = Math.floor(atMs / 1000) % 86_400;
  const minute = Math.floor(second / 60);
  return `${text}${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(second % 60)}Z`;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : `${n}`;
}
