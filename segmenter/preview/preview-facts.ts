/** What a preview's rules ask beyond the customers and orders that the serving build has kept. */
import { existsSync } from 'node:fs';
import type { AsOf } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import { allDone } from '../all-done.ts';
import { type AskedRows, askedRows } from '../build/asked-rows.ts';
import { attributesSql } from '../build/attributes.ts';
import { askedNames, asksWhatWasBought } from '../build/facts.ts';
import { openGoods } from '../build/kept-goods.ts';
import { createOrderRows } from '../build/order-rows.ts';
import type { Duck } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import { createPreviewEvents, type PreviewEvents } from './preview-events.ts';
import { createOwnedLines, createPreviewAffinities, createPreviewBought } from './preview-goods.ts';

interface FactsAsked extends Omit<PreviewEvents, 'asked'> {
  readonly generation: string;
  /** The rules to evaluate. */
  readonly segments: readonly Segment[];
  readonly asOf: AsOf;
  /** Whether they ask for affinities, and none were kept. */
  readonly wantsAffinities: boolean;
}

/**
 * Makes the tables of rules/rule-sql.ts beside those that were kept, from today's files; goods are of the category and
 * brand that the build's feed named. What files know by the numbers of orders is of their import: see
 * asksByOrderNumber. Returns why that cannot be, or null: an earlier version may not have kept what is asked.
 */
export async function createPreviewFacts(
  duck: Duck,
  files: ShopFiles,
  request: FactsAsked,
): Promise<string | null> {
  const { segments, asOf, wantsAffinities } = request;
  const asked = askedRows(segments, asOf.day);
  const wantsGoods = wantsAffinities || asksGoods(segments, asked);
  if (wantsGoods && !(await openGoods(duck, files, request.generation))) {
    return 'the rule asks for goods, and the version that built it has not kept what the feed said of them';
  }
  if (asked.events !== null && existsSync(files.events) && !existsSync(files.personEvents)) {
    return 'the rule asks for events, and the version that built it has not kept whose they are';
  }
  await allDone([
    createAttributes(duck, files, segments),
    createPreviewEvents(duck, files, { ...request, asked: asked.events }),
    createGoodsFacts(duck, files, request),
    createOrderRows(duck, files, asked, asked.orderConditions > 1 ? 'TABLE' : 'VIEW'),
  ]);
  return null;
}

async function createAttributes(
  duck: Duck,
  files: ShopFiles,
  segments: readonly Segment[],
): Promise<void> {
  const attributes = attributesSql(files, segments) ?? NO_ATTRIBUTES;
  await duck.run(`CREATE TABLE customer_attributes AS FROM ${attributes}`);
}

const NO_ATTRIBUTES = `(SELECT '' AS person, '' AS name, '' AS text, CAST(0 AS BIGINT) AS number_micros,
  0 AS day WHERE FALSE)`;

async function createGoodsFacts(
  duck: Duck,
  files: ShopFiles,
  { segments, wantsAffinities }: Pick<FactsAsked, 'segments' | 'wantsAffinities'>,
): Promise<void> {
  const wantsBought = segments.some(asksBought);
  const asked = askedNames(segments);
  if (wantsBought || wantsAffinities) {
    await createOwnedLines(duck, files, wantsAffinities ? 'all' : asked);
  }
  if (wantsBought) await createPreviewBought(duck, files, asked);
  if (wantsAffinities) await createPreviewAffinities(duck);
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
