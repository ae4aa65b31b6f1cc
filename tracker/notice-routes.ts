/**
 * Win, billing, loss, impression and click: verify the token, log durably, answer, and only then
 * let the event reach the store. A forged call counts nowhere. What was acknowledged is never lost;
 * when the log cannot take it, 503 makes the exchange come again.
 */
import type { HttpReply, HttpRequest, Route } from '../platform/http/http-port.ts';
import { NOTICE_ROUTES, type NoticeRoute } from './event-kinds.ts';
import { type Notice, noticeEvent, slotOf, verdictOf, verifyNotice } from './notice-event.ts';
import { parseNoticeQuery } from './notice-query.ts';
import { NO_STORE, sendPixel } from './pixel.ts';
import type { TrackerDeps } from './tracker-deps.ts';

/** A POST may carry a body, which says nothing to us. */
const BODY_BYTES_MAX = 4_096;
const PREVIEW_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;
const PREVIEW = /prefetch|prerender|preview/i;

export function noticeRoutes(deps: TrackerDeps): Route[] {
  return NOTICE_ROUTES.map((route) => ({
    method: 'ANY',
    pattern: `/${route.letter}`,
    bodyBytesMax: BODY_BYTES_MAX,
    headers: PREVIEW_HEADERS,
    handler: (request, reply) => handleNotice(deps, route, request, reply),
  }));
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
  const notice = verifyNotice(deps, route, parseNoticeQuery(request.query));
  if (notice === null) {
    deps.metrics.noticeReceived(route.name, 'forged');
    reply.empty(404);
    return;
  }
  const verdict = isPreview(route, request) ? 'preview' : verdictOf(deps, notice);
  if (verdict === 'preview' || verdict === 'late') {
    deps.metrics.noticeReceived(route.name, verdict);
    answer(deps, notice, reply);
    return;
  }
  logAndAnswer(deps, { notice, verdict }, reply);
}

/** Looked at by a machine, not by a person: answered, counted nowhere. */
function isPreview(route: NoticeRoute, request: HttpRequest): boolean {
  if (request.method === 'HEAD') return true;
  if (route.audience !== 'browser') return false;
  return PREVIEW_HEADERS.some((name) => PREVIEW.test(request.header(name)));
}

function logAndAnswer(
  deps: TrackerDeps,
  { notice, verdict }: { readonly notice: Notice; readonly verdict: 'logged' | 'unknown' },
  reply: HttpReply,
): void {
  deps.record(noticeEvent(deps, notice), (error) => {
    deps.metrics.noticeReceived(notice.route.name, error === null ? verdict : 'not_logged');
    // A person who clicked is never held up by our disk.
    if (error === null || notice.route.letter === 'c') answer(deps, notice, reply);
    else reply.sendWith(503, [NO_STORE, ['Retry-After', '10']], '');
  });
}

function answer(deps: TrackerDeps, notice: Notice, reply: HttpReply): void {
  const { letter } = notice.route;
  if (letter === 'c') redirect(deps, notice, reply);
  else if (letter === 'i') sendPixel(reply);
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
