/**
 * Win, billing, loss, impression and click: verify the token, log durably, answer, and only then
 * let the event reach the store. A forged call counts nowhere. What was acknowledged is never lost;
 * when the log cannot take it, 503 makes the exchange come again.
 */
import type { HttpReply, HttpRequest, Route } from '../platform/http/http-port.ts';
import type { EventRecord } from '../proto/records.ts';
import { decodePayload, type TokenPayload, verifyToken } from '../proto/token.ts';
import type { ExchangePrice } from '../settings/workspace.ts';
import { type ClearingPrice, readClearingPrice } from './clearing-price.ts';
import { LOSS_CODE_UNKNOWN, NOTICE_ROUTES, type NoticeRoute } from './event-kinds.ts';
import { type NoticeQuery, parseNoticeQuery } from './notice-query.ts';
import type { TrackerDeps } from './tracker-deps.ts';

/** A POST may carry a body, which says nothing to us. */
const BODY_BYTES_MAX = 4_096;
const PREVIEW_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;
const PREVIEW = /prefetch|prerender|preview/i;
/** One transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
/** Of an exchange that has been removed since it was bid to. */
const PLAIN: ExchangePrice = { macro: '${AUCTION_PRICE}', codec: { kind: 'plain' } };
const NO_STORE = ['Cache-Control', 'no-store'] as const;

export function noticeRoutes(deps: TrackerDeps): Route[] {
  return NOTICE_ROUTES.map((route) => ({
    method: 'ANY',
    pattern: `/${route.letter}`,
    bodyBytesMax: BODY_BYTES_MAX,
    headers: PREVIEW_HEADERS,
    handler: (request, reply) => handleNotice(deps, route, request, reply),
  }));
}

/** A call whose signature was good. */
interface Notice {
  readonly route: NoticeRoute;
  readonly payload: string;
  readonly token: TokenPayload;
  readonly query: NoticeQuery;
}

function handleNotice(
  deps: TrackerDeps,
  route: NoticeRoute,
  request: HttpRequest,
  reply: HttpReply,
): void {
  if (!['GET', 'POST', 'HEAD'].includes(request.method)) {
    reply.sendWith(405, [['Allow', 'GET, POST, HEAD']], '');
    return;
  }
  const query = parseNoticeQuery(request.query);
  const payload = verifyToken(deps.key, route.audience, query.token);
  const token = payload === null ? null : decodePayload(payload);
  if (payload === null || token === null) {
    deps.metrics.noticeReceived(route.name, 'forged');
    reply.empty(404);
    return;
  }
  const notice = { route, payload, token, query };
  if (isPreview(route, request)) {
    deps.metrics.noticeReceived(route.name, 'preview');
    answer(deps, notice, reply);
    return;
  }
  logAndAnswer(deps, notice, reply);
}

/** Looked at by a machine, not by a person: answered, counted nowhere. */
function isPreview(route: NoticeRoute, request: HttpRequest): boolean {
  if (request.method === 'HEAD') return true;
  if (route.audience !== 'browser') return false;
  return PREVIEW_HEADERS.some((name) => PREVIEW.test(request.header(name)));
}

function logAndAnswer(deps: TrackerDeps, notice: Notice, reply: HttpReply): void {
  deps.record(noticeEvent(deps, notice), (error) => {
    deps.metrics.noticeReceived(notice.route.name, error === null ? 'logged' : 'not_logged');
    // A person who clicked is never held up by our disk.
    if (error === null || notice.route.letter === 'c') answer(deps, notice, reply);
    else reply.sendWith(503, [NO_STORE, ['Retry-After', '10']], '');
  });
}

function answer(deps: TrackerDeps, notice: Notice, reply: HttpReply): void {
  const { letter } = notice.route;
  if (letter === 'c') redirect(deps, notice, reply);
  else if (letter === 'i') reply.sendWith(200, [['Content-Type', 'image/gif'], NO_STORE], PIXEL);
  else reply.empty(204);
}

function redirect(deps: TrackerDeps, notice: Notice, reply: HttpReply): void {
  const { shop, campaign, bidId, items, offer } = notice.token;
  const item = items[slotOf(notice.query)] ?? '';
  const location = deps.landing({ shop, campaign, item, offer, bidId });
  if (location === null || !isPlainUrl(location)) {
    reply.empty(404);
    return;
  }
  reply.sendWith(302, [['Location', location], NO_STORE, ['Referrer-Policy', 'origin']], '');
}

/** Nothing that could end a header or leave http. */
function isPlainUrl(location: string): boolean {
  return /^https?:\/\/[\x21-\x7e]+$/.test(location);
}

function noticeEvent(deps: TrackerDeps, notice: Notice): EventRecord {
  const { route, token, query } = notice;
  const isClick = route.letter === 'c';
  const atMs = deps.clock.nowMs();
  const price = readPrice(deps, notice, atMs);
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
    },
  };
}

/** What a browser says of a price is not signed, and would be its user's choice. */
const NO_PRICE: ClearingPrice = Object.freeze({ kind: 'unknown', form: 'empty' });

function readPrice(deps: TrackerDeps, notice: Notice, nowMs: number): ClearingPrice {
  const { route, token, query } = notice;
  if (route.audience === 'browser') return NO_PRICE;
  const written = deps.exchange(token.exchange)?.price ?? PLAIN;
  const times = { bidAtMs: token.bidAtS * 1000, nowMs };
  const price = readClearingPrice(query.price, written, times);
  if (route.name === 'win' || route.name === 'billing')
    deps.metrics.priceRead(token.exchange, price);
  return price;
}

function lossCodeOf(query: NoticeQuery): number {
  return /^\d{1,4}$/.test(query.lossCode) ? Number(query.lossCode) : LOSS_CODE_UNKNOWN;
}

function slotOf(query: NoticeQuery): number {
  return /^\d{1,2}$/.test(query.slot) ? Number(query.slot) : 0;
}
