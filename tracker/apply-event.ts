/**
 * What a logged event does to the store. Every step is idempotent by itself, and the mark that
 * decides "counted or duplicate" is set last: an event applied half, then replayed, ends the same.
 */
import { campaignKey } from '../proto/exposure-log.ts';
import {
  addCart,
  addOrder,
  addViews,
  LIVE_KEEP_MS,
  type LiveFacts,
  readLiveFacts,
  writeLiveFacts,
} from '../proto/live-facts.ts';
import { type EventRecord, NoticeKind, ShopEventKind } from '../proto/records.ts';
import { bidKeyOf, decodePayload, type TokenPayload } from '../proto/token.ts';
import type { BillingSource } from '../settings/exchange.ts';
import type { BudgetRef } from '../store/ports.ts';
import type { ApplyDeps } from './apply-deps.ts';
import { chargeNanos } from './charge-nanos.ts';
import { NOTICE_AGE_MAX_MS, noticeName, shopEventName } from './event-kinds.ts';
import { auditCreative, learnPrices } from './learn-notice.ts';

/** How long an id is remembered; budgets remember a booked bid for longer by themselves. */
const NOTICE_KEEP_MS = NOTICE_AGE_MAX_MS + 24 * 3_600_000;
/** OpenRTB 2.6 loss code 0, "Bid Won": nothing to give back. */
const LOSS_CODE_WON = 0;

/** The budget that settings name, as the store knows it: campaigns of two shops may share a name. */
export function budgetOf(token: Pick<TokenPayload, 'shop' | 'campaign' | 'period'>): BudgetRef {
  return { campaign: `${token.shop}/${token.campaign}`, period: token.period };
}

/** Applies one event; bids change nothing. Rejects with StoreUnavailable, and may be tried again. */
export async function applyEvent(deps: ApplyDeps, event: EventRecord): Promise<void> {
  if (event.notice) await applyNotice(deps, event, event.notice);
  else if (event.shop) await applyShopEvent(deps, event, event.shop);
  else if (event.sync) await applySync(deps, event, event.sync);
}

type Notice = NonNullable<EventRecord['notice']>;

async function applyNotice(deps: ApplyDeps, event: EventRecord, notice: Notice): Promise<void> {
  const kind = notice.kind ?? NoticeKind.UNKNOWN;
  const name = noticeName(kind);
  const token = decodePayload(Buffer.from(notice.token ?? []).toString());
  if (token === null) return deps.metrics.noticeApplied(name, 'unreadable');
  if (token.leaseId === '') return deps.metrics.noticeApplied(name, 'test');
  const id = event.id ?? '';
  const atMs = event.atMs ?? 0;
  const books = booksSpend(deps, kind, token);
  if (books) await settle(deps, token, notice, atMs);
  await applyToCaps(deps, { token, notice, atMs });
  await auditCreative(deps, { token, notice, atMs, books });
  const first = await deps.store.notices.first(id, NOTICE_KEEP_MS, atMs);
  deps.metrics.noticeApplied(name, first ? 'counted' : 'duplicate');
  if (first) learnPrices(deps, { token, notice, atMs, books });
  if (books) await watchPrice(deps, { id, first, atMs }, notice);
}

/** What was shown or billed counts against the caps; what was lost gives cap and money back. */
async function applyToCaps(
  deps: ApplyDeps,
  seen: { token: TokenPayload; notice: Notice; atMs: number },
): Promise<void> {
  const { kind, lossCode } = seen.notice;
  if (kind === NoticeKind.IMPRESSION || kind === NoticeKind.BILLING) {
    await confirm(deps, seen.token, seen.atMs);
  } else if (kind === NoticeKind.LOSS && lossCode !== LOSS_CODE_WON) {
    await release(deps, seen.token, seen.atMs);
  }
}

const BOOKING_KINDS: Readonly<Record<BillingSource, number>> = {
  burl: NoticeKind.BILLING,
  nurl: NoticeKind.WIN,
  impression: NoticeKind.IMPRESSION,
};

/** Of all notices of a bid the one kind, by its exchange and format; the others cost nothing. */
function booksSpend(deps: ApplyDeps, kind: number, { exchange, format }: TokenPayload): boolean {
  return kind === BOOKING_KINDS[deps.exchange(exchange)?.billing[format] ?? 'burl'];
}

async function settle(
  deps: ApplyDeps,
  token: TokenPayload,
  notice: Notice,
  atMs: number,
): Promise<void> {
  const { metrics } = deps;
  const price = notice.priceKnown ? (notice.priceCpmMicros ?? 0) : null;
  const nanos = chargeNanos(token, price);
  const { leaseId, bidId } = token;
  const charge = { leaseId, bidId, nanos, nowMs: atMs };
  const result = await deps.store.budgets.settle(budgetOf(token), charge);
  metrics.settled(result);
  if (result === 'duplicate') return;
  if (price === null) metrics.priceSeen('unknown');
  else metrics.priceSeen(price > token.bidCpmMicros ? 'above_bid' : 'known');
  if (result !== 'unknown-budget') metrics.spent(token.exchange, nanos);
}

/** The first price stands; that another one was reported for the same notice must be seen. */
async function watchPrice(
  deps: ApplyDeps,
  seen: { id: string; first: boolean; atMs: number },
  notice: Notice,
): Promise<void> {
  const price = notice.priceKnown ? String(notice.priceCpmMicros ?? 0) : 'unknown';
  const { notices } = deps.store;
  const newPrice = await notices.first(`${seen.id}=${price}`, NOTICE_KEEP_MS, seen.atMs);
  if (newPrice && !seen.first) deps.metrics.priceSeen('changed');
}

async function confirm(deps: ApplyDeps, token: TokenPayload, atMs: number): Promise<void> {
  if (token.person !== '') await deps.store.caps.confirm(capSubject(token, atMs));
}

async function release(deps: ApplyDeps, token: TokenPayload, atMs: number): Promise<void> {
  if (token.person !== '') await deps.store.caps.release(capSubject(token, atMs));
  const { leaseId, bidId, reservedNanos: nanos } = token;
  await deps.store.budgets.release(budgetOf(token), { leaseId, bidId, nanos, nowMs: atMs });
}

function capSubject(token: TokenPayload, nowMs: number) {
  const { shop, person, campaign } = token;
  const bidKey = bidKeyOf(token.bidId);
  return { shop, person, campaignKey: campaignKey(shop, campaign), bidKey, nowMs };
}

type ShopFact = NonNullable<EventRecord['shop']>;

async function applyShopEvent(deps: ApplyDeps, event: EventRecord, fact: ShopFact): Promise<void> {
  const { store, metrics, clock } = deps;
  const shop = fact.shop ?? '';
  const person = fact.person ?? '';
  const atMs = event.atMs ?? 0;
  const nowMs = clock.nowMs();
  if (atMs + LIVE_KEEP_MS > nowMs) {
    await store.live.update({ shop, person, keepMs: LIVE_KEEP_MS, nowMs }, (current) =>
      writeLiveFacts(withFact(readLiveFacts(current, person), fact, atMs), person),
    );
  }
  const first = await store.notices.first(event.id ?? '', NOTICE_KEEP_MS, atMs);
  metrics.shopEvent(shopEventName(fact.kind ?? 0), first ? 'counted' : 'duplicate');
}

function withFact(facts: LiveFacts, fact: ShopFact, atMs: number): LiveFacts {
  const atS = Math.floor(atMs / 1000);
  const items = fact.items ?? [];
  if (fact.kind === ShopEventKind.VIEW) return addViews(facts, items, atS);
  if (fact.kind === ShopEventKind.CART) return addCart(facts, items, atS);
  if (fact.kind !== ShopEventKind.ORDER) return facts;
  return addOrder(facts, {
    orderKey: fact.orderId ?? '',
    atS,
    status: fact.status ?? 0,
    revenueMicros: fact.revenueMicros ?? 0,
    items,
  });
}

type SyncFact = NonNullable<EventRecord['sync']>;

/** Without an exchange it is a browser that opted out. */
async function applySync(deps: ApplyDeps, event: EventRecord, fact: SyncFact): Promise<void> {
  const { syncs } = deps.store;
  const { cookie = '', exchange = '', theirs = '', shops, endsAtMs } = fact;
  for (const shop of shops ?? []) {
    if (!exchange) await syncs.forget(shop, cookie ?? '', event.atMs ?? 0);
    else
      await syncs.put(
        shop,
        { cookie: cookie ?? '', exchange, theirs: theirs ?? '' },
        endsAtMs ?? 0,
      );
  }
}
