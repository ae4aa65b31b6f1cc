/** A notice, however it came: verified, judged, and written down as the event that is logged. */
import type { EventRecord } from '../proto/records.ts';
import { decodePayload, type TokenPayload, verifyToken } from '../proto/token.ts';
import type { ExchangePrice } from '../settings/exchange.ts';
import { type ClearingPrice, readClearingPrice, readMinToWin } from './clearing-price.ts';
import { LOSS_CODE_UNKNOWN, NOTICE_AGE_MAX_MS, type NoticeRoute } from './event-kinds.ts';
import type { NoticeQuery } from './notice-query.ts';
import type { TrackerDeps } from './tracker-deps.ts';

/** Of an exchange that has been removed since it was bid to. */
const PLAIN: ExchangePrice = { macro: '${AUCTION_PRICE}', codec: { kind: 'plain' } };

/** A call whose signature was good. */
export interface Notice {
  readonly route: NoticeRoute;
  readonly payload: string;
  readonly token: TokenPayload;
  readonly query: NoticeQuery;
}

/** Null for a call that is not ours: forged, foreign, cut, of another audience. */
export function verifyNotice(
  { key }: Pick<TrackerDeps, 'key'>,
  route: NoticeRoute,
  query: NoticeQuery,
): Notice | null {
  const payload = verifyToken(key, route.audience, query.token);
  const token = payload === null ? null : decodePayload(payload);
  return payload === null || token === null ? null : { route, payload, token, query };
}

/**
 * What a notice is counted as once it is logged. `unknown` is of an exchange, shop or campaign that
 * settings do not have: what it owes is owed, if the store has its budget. `late` comes when nobody
 * remembers any more whether it came before: it is not logged and counts nowhere else.
 */
export function verdictOf(deps: TrackerDeps, { token }: Notice): 'logged' | 'unknown' | 'late' {
  if (deps.clock.nowMs() - token.bidAtS * 1000 > NOTICE_AGE_MAX_MS) return 'late';
  const { exchange, shop, campaign } = token;
  const known = deps.exchange(exchange) !== undefined && deps.hasCampaign(shop, campaign);
  return known ? 'logged' : 'unknown';
}

export function noticeEvent(deps: TrackerDeps, notice: Notice): EventRecord {
  const { route, token, query } = notice;
  const isClick = route.letter === 'c';
  const atMs = deps.clock.nowMs();
  const { price, minToWin } = readPrices(deps, notice, atMs);
  const slot = isClick ? slotOf(query) : 0;
  return {
    atMs,
    id: `${token.bidId}:${route.letter}${isClick ? `:${slot}` : ''}`,
    notice: {
      kind: route.kind,
      token: Buffer.from(notice.payload),
      priceCpmMicros: price.kind === 'known' ? price.cpmMicros : 0,
      priceKnown: price.kind === 'known',
      lossCode: route.letter === 'l' ? lossCodeOf(query) : 0,
      slot,
      minToWinCpmMicros: minToWin ?? 0,
      minToWinKnown: minToWin !== null,
    },
  };
}

interface ToldPrices {
  readonly price: ClearingPrice;
  /** CPM micros of the bid's currency. */
  readonly minToWin: number | null;
}

/** What a browser says of a price is not signed, and would be its user's choice. */
const NO_PRICES: ToldPrices = { price: { kind: 'unknown', form: 'empty' }, minToWin: null };

function readPrices(deps: TrackerDeps, notice: Notice, nowMs: number): ToldPrices {
  const { route, token, query } = notice;
  if (route.audience === 'browser') return NO_PRICES;
  const written = deps.exchange(token.exchange)?.price ?? PLAIN;
  const times = { bidAtMs: token.bidAtS * 1000, nowMs };
  const price = readClearingPrice(query.price, written, times);
  if (route.name === 'win' || route.name === 'billing')
    deps.metrics.priceRead(token.exchange, price);
  return { price, minToWin: readMinToWin(query.minToWin, written, times) };
}

/** Digits, or `${AUCTION_LOSS:B64}` of them: no base64 of digits is made of digits alone. */
function lossCodeOf({ lossCode }: NoticeQuery): number {
  const text = /^[A-Za-z0-9_-]{2,6}={0,2}$/.test(lossCode)
    ? Buffer.from(lossCode, 'base64').toString('latin1')
    : '';
  for (const code of [lossCode, text]) if (/^\d{1,4}$/.test(code)) return Number(code);
  return LOSS_CODE_UNKNOWN;
}

/** Which of the products was clicked; 0 is the banner itself, too. */
export function slotOf(query: NoticeQuery): number {
  return /^\d{1,2}$/.test(query.slot) ? Number(query.slot) : 0;
}
