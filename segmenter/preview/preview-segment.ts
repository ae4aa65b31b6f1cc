/**
 * `rekindle segment --preview`: who a rule would take in, over the facts of the build that serves, so
 * that all that differs is the rule. Reads what that build has kept and writes nothing.
 */

import type { AsOf } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import { ruleSql } from '../../rules/rule-sql.ts';
import { withReferred } from '../../rules/segment-order.ts';
import { segmentSql, segmentsSql } from '../../rules/segments-sql.ts';
import { staysIn } from '../../rules/stays.ts';
import type { ModelSettings } from '../../settings/model-settings.ts';
import { allDone } from '../all-done.ts';
import { WHOLE_BASE } from '../build/buckets.ts';
import { openKept, readKept } from '../build/kept-generation.ts';
import { isMemberSql, maskNames } from '../build/membership.ts';
import { createEarlier, earlierBuild } from '../build/membership-runs.ts';
import { asked, readModels } from '../build/shop-models.ts';
import { Duck, sqlText } from '../duck.ts';
import { readImportState, readTogether } from '../import/import-state.ts';
import { type ShopFiles, shopFiles } from '../shop-data.ts';
import { type Overlap, overlapsOf } from './mask-counts.ts';
import { asksByOrderNumber, createPreviewFacts } from './preview-facts.ts';
import { completeScores } from './preview-scores.ts';

export interface PreviewRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly segment: Segment;
  /** The shop's segments with this one among them: what its rule may refer to. */
  readonly segments: readonly Segment[];
  readonly models: ModelSettings;
  /** What serves: its name, its moment (Unix ms) and zone, and its segments by ordinal. */
  readonly serving: {
    readonly generation: string;
    readonly asOfMs: number;
    readonly timeZone: string;
    readonly segments: readonly Segment[];
  };
  readonly currency: string;
  readonly memoryMb: number;
  readonly threads: number;
}

export interface SampleCustomer {
  /** The CRM's own id; of several customers who are one person the first. */
  readonly customer: string;
  /** In progress or paid. */
  readonly orders: number;
  /** Of paid orders, micros of the shop's currency. */
  readonly revenueMicros: number;
  /** Days from the last of these orders to the build's; null without one. */
  readonly lastOrderDaysAgo: number | null;
}

interface Moving {
  readonly count: number;
  readonly sample: readonly SampleCustomer[];
}

export interface Preview {
  readonly shop: string;
  readonly segment: string;
  readonly generation: string;
  readonly asOfMs: number;
  /** Data was imported since that build: what it has kept does not know of it. */
  readonly importedSince: boolean;
  readonly customers: number;
  readonly members: number;
  /** Of them those who stay although the rule no longer holds. */
  readonly staying: number;
  /** Micros of the shop's currency, of paid orders. */
  readonly revenueMicros: number;
  readonly revenueOfAllMicros: number;
  /** Null for members without a paid order. */
  readonly aovMicros: number | null;
  readonly sample: readonly SampleCustomer[];
  /** With each segment that serves, largest overlap first. */
  readonly overlaps: readonly Overlap[];
  /** Against the segment of that name; null when none serves. */
  readonly entering: Moving | null;
  readonly leaving: Moving | null;
}

/** The serving generation does not have what the preview needs. */
export class PreviewRefused extends Error {
  override readonly name = 'PreviewRefused';

  constructor(generation: string, shop: string, why = 'it has kept no facts') {
    super(`generation ${generation} of ${shop}: ${why}; run rekindle segment ${shop} first`);
  }
}

const SAMPLE_CUSTOMERS = 10;

/** Throws PreviewRefused when the serving build has not kept what the rule asks. */
export async function previewSegment(request: PreviewRequest): Promise<Preview> {
  const files = shopFiles(request.dir, request.shop);
  return await readTogether(files, () => previewOver(files, request));
}

async function previewOver(files: ShopFiles, request: PreviewRequest): Promise<Preview> {
  const { shop, segment, segments, serving } = request;
  const kept = readKept(files, serving.generation);
  if (kept === null) throw new PreviewRefused(serving.generation, shop);
  const { memoryMb, threads } = request;
  const options = { memoryMb, threads, tempDir: files.temp, folders: [files.folder] };
  const importedSince = readImportState(files)?.contentHash !== kept.contentHash;
  await using duck = await Duck.open(options);
  await openKept(duck, files, kept);
  const rules = withReferred(segment, segments);
  const { asOf } = kept;
  const lacking = await createFacts({ duck, files }, request, { rules, asOf, importedSince });
  if (lacking !== null) throw new PreviewRefused(serving.generation, shop, lacking);
  await createTried({ duck, files }, request, rules, asOf);
  const before = serving.segments.findIndex((other) => other.segment === segment.segment);
  const asking = { duck, files };
  const moving = (condition: (isMember: string) => string) =>
    before < 0 ? null : movingOf(asking, condition(isMemberSql(before)));
  const [sums, sample, overlaps, entering, leaving] = await Promise.all([
    sumsOf(duck),
    sampleOf(asking, 'is_in'),
    overlapsOf(duck, serving.segments),
    moving((isMember) => `is_in AND NOT ${isMember}`),
    moving((isMember) => `NOT is_in AND ${isMember}`),
  ]);
  return {
    shop,
    segment: segment.segment,
    generation: serving.generation,
    asOfMs: serving.asOfMs,
    importedSince,
    ...sums,
    sample,
    overlaps,
    entering,
    leaving,
  };
}

/** Makes what the rules ask beside what was kept. Returns why that cannot be, or null. */
async function createFacts(
  { duck, files }: Asking,
  { models: settings, serving, currency }: PreviewRequest,
  {
    rules,
    asOf,
    importedSince,
  }: { readonly rules: readonly Segment[]; readonly asOf: AsOf; readonly importedSince: boolean },
): Promise<string | null> {
  const kept = readModels(files, serving.generation);
  const wantsAffinities = asked(rules, settings).affinities && kept?.affinities !== true;
  if (importedSince && (wantsAffinities || asksByOrderNumber(rules, asOf))) {
    return 'the rule asks what single orders hold, and data was imported since';
  }
  const facts = { ...serving, currency, segments: rules, asOf, wantsAffinities };
  const [lackingFacts, lackingScores] = await allDone([
    createPreviewFacts(duck, files, { ...facts, ofOnePerson: false }),
    completeScores(duck, rules, { kept, settings, asOf }),
  ]);
  return lackingFacts ?? lackingScores;
}

async function sumsOf(
  duck: Duck,
): Promise<
  Pick<
    Preview,
    'customers' | 'members' | 'staying' | 'revenueMicros' | 'revenueOfAllMicros' | 'aovMicros'
  >
> {
  const ofMembers = (what: string) => `sum(CASE WHEN is_in THEN ${what} ELSE 0 END)`;
  const [customers, members, revenue, paid, revenueOfAll, staying] = await duck.numbers(
    `SELECT count(*), ${ofMembers('1')}, ${ofMembers('revenue_micros')}, ${ofMembers('paid_orders')},
      sum(revenue_micros), ${ofMembers('CASE WHEN holds THEN 0 ELSE 1 END')} FROM tried`,
  );
  return {
    customers: customers!,
    members: members!,
    staying: staying!,
    revenueMicros: revenue!,
    revenueOfAllMicros: revenueOfAll!,
    aovMicros: paid === 0 ? null : Math.floor(revenue! / paid!),
  };
}

interface Asking {
  readonly duck: Duck;
  readonly files: ShopFiles;
}

/** Makes the table `tried`: every customer, whether the rule takes them in, and the masks that serve. */
async function createTried(
  { duck, files }: Asking,
  { segment, serving }: PreviewRequest,
  rules: readonly Segment[],
  asOf: AsOf,
): Promise<void> {
  const earlier = await earlierBuild({ duck, files }, serving, []);
  await createEarlier(duck, rules, earlier, WHOLE_BASE);
  const stays = staysIn(segment.rule);
  const holds = stays === null ? 'TRUE' : ruleSql(stays.of[0]!, asOf);
  const masks = maskNames(serving.segments).map((mask) => `, m.${mask}`);
  await duck.run(`CREATE TABLE tried AS
    SELECT c.person, ${segmentSql(segment, rules, asOf)} AS is_in, ${holds} AS holds,
      c.valid_orders, c.paid_orders, c.revenue_micros,
      ${asOf.day} - c.last_day AS last_order_days_ago${masks.join('')}
    FROM ${segmentsSql(rules, asOf)} JOIN members m ON m.person = c.person`);
}

async function movingOf(asking: Asking, condition: string): Promise<Moving> {
  const [count] = await asking.duck.numbers(`SELECT count(*) FROM tried WHERE ${condition}`);
  return { count: count!, sample: count === 0 ? [] : await sampleOf(asking, condition) };
}

/** Some of those whom an SQL condition over `tried` holds for: by person, so the same each time. */
async function sampleOf({ duck, files }: Asking, condition: string): Promise<SampleCustomer[]> {
  const rows = await duck.rows(
    `SELECT min(c.customer_id), t.valid_orders, t.revenue_micros, t.last_order_days_ago
     FROM (FROM tried WHERE ${condition} ORDER BY person LIMIT ${SAMPLE_CUSTOMERS}) t
       JOIN read_parquet(${sqlText(files.customers)}) c ON c.person = t.person
     GROUP BY t.person, t.valid_orders, t.revenue_micros, t.last_order_days_ago
     ORDER BY t.person`,
  );
  return rows.map(([customer, orders, revenue, days]) => ({
    customer: String(customer),
    orders: Number(orders),
    revenueMicros: Number(revenue),
    lastOrderDaysAgo: days === null ? null : Number(days),
  }));
}
