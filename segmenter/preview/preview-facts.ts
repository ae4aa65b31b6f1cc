/** What a preview's rules ask beyond the customers and orders that the serving build has kept. */
import type { AsOf } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import { createAffinities, createProductBrands } from '../build/affinities.ts';
import { type AskedRows, askedRows } from '../build/asked-rows.ts';
import { createAttributes, readAttributes } from '../build/attributes.ts';
import { WHOLE_BASE } from '../build/buckets.ts';
import { loadProducts } from '../build/catalogue.ts';
import { createEvents, type EventReading, readEvents } from '../build/event-rows.ts';
import {
  askedNames,
  asksWhatWasBought,
  createBought,
  createBoughtLines,
  createProductCategories,
} from '../build/facts.ts';
import { createOrderRows } from '../build/order-rows.ts';
import type { Duck } from '../duck.ts';
import { type FeedContent, readFeed } from '../feed/read-feed.ts';
import type { ShopFiles } from '../shop-data.ts';

interface FactsAsked extends Omit<EventReading, 'items' | 'brands' | 'byPerson'> {
  /** The rules to evaluate. */
  readonly segments: readonly Segment[];
  readonly asOf: AsOf;
  /** The product feed, or null when the shop has none. */
  readonly feed: string | null;
  /** Whether they ask for affinities, and none were kept. */
  readonly wantsAffinities: boolean;
}

/**
 * Makes the tables of rules/rule-sql.ts beside those that were kept, from today's files; categories are today's
 * feed's. What files know by the numbers of orders is of their import: see asksByOrderNumber.
 */
export async function createPreviewFacts(
  duck: Duck,
  files: ShopFiles,
  request: FactsAsked,
): Promise<void> {
  const { segments, asOf, wantsAffinities } = request;
  const asked = askedRows(segments, asOf.day);
  const wantsGoods = wantsAffinities || asksGoods(segments, asked);
  const { items, brands } = wantsGoods ? await feedOf(request) : NO_GOODS;
  await readAttributes(duck, files, segments);
  await createAttributes(duck, WHOLE_BASE);
  await readEvents(duck, files, asked, { ...request, items, brands, byPerson: false });
  await createEvents(duck, WHOLE_BASE);
  if (wantsGoods) {
    const products = await loadProducts(duck, files, items);
    await createProductCategories(duck, products);
    await createProductBrands(duck, products, brands);
  }
  if (segments.some(asksBought)) await createBoughtLines(duck, files);
  await createBought(duck, askedNames(segments));
  await createOrderRows(duck, files, asked);
  if (!wantsAffinities) return;
  await duck.run('DROP VIEW affinities');
  await createAffinities(duck, files, true);
}

/** Whether the rules ask for what only the files of the build's own import tell. */
export function asksByOrderNumber(segments: readonly Segment[], { day }: AsOf): boolean {
  const { orderLines, orderAttributes } = askedRows(segments, day);
  return orderLines !== null || orderAttributes.length > 0 || segments.some(asksBought);
}

function asksGoods(segments: readonly Segment[], { orderLines, events }: AskedRows): boolean {
  return orderLines !== null || events?.goods === true || segments.some(asksBought);
}

function asksBought({ rule }: Segment): boolean {
  return asksWhatWasBought(rule);
}

type Goods = Pick<FeedContent, 'items' | 'brands'>;
const NO_GOODS: Goods = { items: [], brands: new Map() };

async function feedOf({ feed, currency, asOfMs }: FactsAsked): Promise<Goods> {
  return feed === null ? NO_GOODS : await readFeed(feed, { currency, nowMs: asOfMs });
}
