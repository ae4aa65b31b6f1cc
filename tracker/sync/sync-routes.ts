/**
 * User sync: an exchange and we tell each other our ids of a browser, so that its bid requests name
 * people whom the CRM knows. `/sync/<exchange>` begins it from our side, with `uid` the exchange has
 * begun it from its own (docs/identity.md). Ids leave and stay as keyed hashes in the log; without
 * consent there is no cookie, no record and no redirect.
 */
import type { HttpReply, HttpRequest, Route } from '../../platform/http/http-port.ts';
import { identityKey } from '../../proto/ids.ts';
import type { EventRecord } from '../../proto/records.ts';
import type { ExchangeSync } from '../../settings/exchange-sync.ts';
import { NO_STORE, sendPixel } from '../pixel.ts';
import type { TrackerDeps } from '../tracker-deps.ts';
import { optInRoute, optOutRoute } from './opt-out-routes.ts';
import { shopsThatMaySync } from './sync-consent.ts';
import {
  hopCookie,
  idCookie,
  idCookieName,
  readSyncCookies,
  type SyncCookies,
} from './sync-cookie.ts';
import { HOPS_MAX, parseSyncQuery, type SyncQuery } from './sync-query.ts';
import { type Target, targetUrl, templateHosts } from './sync-target.ts';

type Headers = readonly (readonly [string, string])[];

export function syncRoutes(deps: TrackerDeps): Route[] {
  const idName = idCookieName(deps.publicUrl.startsWith('https:'));
  return [
    optOutRoute(deps, idName),
    optInRoute(idName),
    {
      method: 'GET',
      pattern: '/sync/:exchange',
      bodyBytesMax: 0,
      headers: ['cookie', 'sec-gpc', 'dnt'],
      handler: (request, reply) => handleSync({ deps, idName, reply }, request),
    },
  ];
}

/** Whom to answer, and with what. */
interface Call {
  readonly deps: TrackerDeps;
  readonly idName: string;
  readonly reply: HttpReply;
}

/** A call that may be answered with ids. */
interface Allowed extends Call {
  readonly exchange: string;
  readonly sync: ExchangeSync;
  readonly query: SyncQuery;
  /** Those that may know of it; at least one. */
  readonly shops: readonly string[];
  /** The browser's, or a new one. */
  readonly id: string;
  readonly hops: number;
}

function handleSync(call: Call, request: HttpRequest): void {
  const { deps, idName, reply } = call;
  const exchange = request.params[0] ?? '';
  const sync = deps.exchange(exchange)?.sync;
  const query = parseSyncQuery(request.query);
  if (sync === undefined || query === null) {
    deps.metrics.synced(sync === undefined ? 'other' : exchange, 'invalid');
    reply.empty(sync === undefined ? 404 : 400);
    return;
  }
  if (request.method === 'HEAD') {
    sendPixel(reply);
    return;
  }
  const cookies = readSyncCookies(request.header('cookie'), idName, exchange);
  const signals = { ...query, gpc: request.header('sec-gpc'), dnt: request.header('dnt') };
  const shops = cookies.optedOut ? [] : shopsThatMaySync(signals, deps.shops());
  if (shops.length === 0) {
    deps.metrics.synced(exchange, cookies.optedOut ? 'opted_out' : 'no_consent');
    reply.empty(204);
    return;
  }
  proceed({ ...call, exchange, sync, query, shops, ...browserOf(deps, cookies, query) });
}

function browserOf(
  deps: TrackerDeps,
  cookies: SyncCookies,
  query: SyncQuery,
): Pick<Allowed, 'id' | 'hops'> {
  return { id: cookies.id || deps.newBrowserId(), hops: Math.max(cookies.hops, query.hop) };
}

function proceed(call: Allowed): void {
  if (call.query.uid === '') begin(call);
  else answerExchange(call);
}

/** From our side: the exchange gets our id. Whoever comes back from there has been there already. */
function begin(call: Allowed): void {
  const { deps, exchange, sync, hops } = call;
  if (hops > 0) {
    deps.metrics.synced(exchange, 'returned');
    sendPixel(call.reply, withId(call));
    return;
  }
  const target = sync.url === '' ? null : targetOf(call, sync.url, templateHosts(sync));
  deps.metrics.synced(exchange, target === null ? 'invalid' : 'redirected');
  if (target === null) call.reply.empty(400);
  else sendOn(call, target);
}

/** From the exchange's side: what it told is logged durably, and then answered. */
function answerExchange(call: Allowed): void {
  const { deps, exchange, query, reply, sync } = call;
  const mayGoOn = query.redir !== '' && call.hops < HOPS_MAX;
  const target = mayGoOn ? targetOf(call, query.redir, sync.redirectHosts) : null;
  if (mayGoOn && target === null) {
    deps.metrics.synced(exchange, 'invalid');
    reply.empty(400);
    return;
  }
  deps.record(syncEvent(call), (error) => {
    deps.metrics.synced(exchange, error === null ? 'kept' : 'not_logged');
    if (error !== null) reply.sendWith(503, [NO_STORE, ['Retry-After', '10']], '');
    else if (target !== null) sendOn(call, target);
    else sendPixel(reply, withId(call));
  });
}

function targetOf(call: Allowed, template: string, hosts: readonly string[]): string | null {
  const { query, id, hops, deps } = call;
  const values = { ...query, uid: id, hop: String(hops + 1) };
  const target: Target = { hosts, ownHost: new URL(deps.publicUrl).host, values };
  return targetUrl(template, target);
}

function sendOn(call: Allowed, target: string): void {
  const { reply, exchange, hops } = call;
  const headers: Headers = [
    ['Location', target],
    ['Referrer-Policy', 'no-referrer'],
    ['Set-Cookie', hopCookie(exchange, hops + 1)],
    NO_STORE,
    ...withId(call),
  ];
  reply.sendWith(302, headers, '');
}

/** Each sync lengthens the cookie's life. */
function withId({ idName, id }: Allowed): Headers {
  return [['Set-Cookie', idCookie(idName, id)]];
}

function syncEvent({ deps, exchange, sync, query, shops, id }: Allowed): EventRecord {
  const atMs = deps.clock.nowMs();
  return {
    atMs,
    id: `sync:${deps.newEventId()}`,
    sync: {
      cookie: identityKey(deps.key, 'cookie', id),
      exchange,
      theirs: identityKey(deps.key, `exchange:${exchange}`, query.uid),
      shops: [...shops],
      endsAtMs: atMs + sync.ttlMs,
    },
  };
}
