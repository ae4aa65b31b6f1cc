/**
 * `POST /l/batch`: loss notices of an exchange that collects them. Each is verified, judged and logged
 * as one that comes alone, and has its own id: to send a batch again counts nothing twice.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HttpReply, HttpRequest, Route } from '../platform/http/http-port.ts';
import { unpackBody } from '../platform/http/unpack-body.ts';
import { NOTICE_ROUTES } from './event-kinds.ts';
import { BATCH_ITEMS_MAX, parseLossBatch } from './loss-batch.ts';
import { noticeEvent, verdictOf, verifyNotice } from './notice-event.ts';
import type { NoticeQuery } from './notice-query.ts';
import type { TrackerDeps } from './tracker-deps.ts';

/** Packed and unpacked. */
const BATCH_BYTES_MAX = 256 * 1024;
/** Verified in one go, some hundred microseconds: bids do not wait for a batch. */
const ITEMS_AT_ONCE = 32;
const LOSS = NOTICE_ROUTES.find(({ name }) => name === 'loss')!;

export function lossBatchRoute(deps: TrackerDeps): Route {
  return {
    method: 'POST',
    pattern: '/l/batch',
    bodyBytesMax: BATCH_BYTES_MAX,
    headers: ['content-encoding'],
    handler: (request, reply) => handleBatch(deps, request, reply),
  };
}

function handleBatch(deps: TrackerDeps, request: HttpRequest, reply: HttpReply): void {
  const items = readItems(request);
  if ('error' in items) {
    deps.metrics.noticeReceived('loss', 'unreadable');
    replyJson(reply, items.status, { error: items.error });
    return;
  }
  takeAll(deps, items).then(
    (counts) => {
      if (counts.not_logged === 0) replyJson(reply, 200, answerOf(counts));
      else replyJson(reply, 503, { error: 'not all notices could be kept: send the batch again' });
    },
    (error: unknown) => {
      deps.onError(error);
      replyJson(reply, 500, { error: 'the batch could not be taken' });
    },
  );
}

type Items = readonly (NoticeQuery | null)[];

/** The body is the server's: all of it is read before the handler returns. */
function readItems(request: HttpRequest): Items | { status: number; error: string } {
  const body = unpackBody(request.body, request.header('content-encoding'), BATCH_BYTES_MAX);
  if (body === 'other-coding') return { status: 415, error: 'the content encoding must be gzip' };
  if (body === 'not-gzip') return { status: 400, error: 'the body is not gzip' };
  if (body === 'too-large') return { status: 413, error: `over ${BATCH_BYTES_MAX} bytes unpacked` };
  const items = parseLossBatch(body);
  if (items === 'too-many') return { status: 413, error: `over ${BATCH_ITEMS_MAX} notices` };
  if (items === 'unreadable') return { status: 400, error: 'expected a JSON array or NDJSON' };
  return items;
}

const OUTCOMES = ['logged', 'unknown', 'late', 'forged', 'unreadable', 'not_logged'] as const;
type Outcome = (typeof OUTCOMES)[number];
type Counts = Record<Outcome, number>;

/** Resolves when every notice that is one is on the disk, or was refused by it. */
async function takeAll(deps: TrackerDeps, items: Items): Promise<Counts> {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Counts;
  for (let i = 0; i < items.length; i += ITEMS_AT_ONCE) {
    const taken = items.slice(i, i + ITEMS_AT_ONCE).map((item) => takeOne(deps, item));
    for (const outcome of await Promise.all(taken)) {
      counts[outcome]++;
      deps.metrics.noticeReceived('loss', outcome);
    }
    await nextTurn();
  }
  return counts;
}

async function takeOne(deps: TrackerDeps, item: NoticeQuery | null): Promise<Outcome> {
  if (item === null) return 'unreadable';
  const notice = verifyNotice(deps, LOSS, item);
  if (notice === null) return 'forged';
  const verdict = verdictOf(deps, notice);
  if (verdict === 'late') return verdict;
  return new Promise((resolve) => {
    deps.record(noticeEvent(deps, notice), (error) =>
      resolve(error === null ? verdict : 'not_logged'),
    );
  });
}

function answerOf({ logged, unknown, late, forged, unreadable }: Counts) {
  return { accepted: logged + unknown, late, forged, unreadable };
}

function replyJson(reply: HttpReply, status: number, body: unknown): void {
  reply.send(status, 'application/json', JSON.stringify(body));
}
