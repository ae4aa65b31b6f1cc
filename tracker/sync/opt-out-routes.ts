/** `/sync/optout` and `/sync/optin`: what a person says of being remembered holds before any consent. */
import type { HttpReply, Route } from '../../platform/http/http-port.ts';
import { identityKey } from '../../proto/ids.ts';
import type { EventRecord } from '../../proto/records.ts';
import { NO_STORE } from '../pixel.ts';
import type { TrackerDeps } from '../tracker-deps.ts';
import { noCookie, optOutCookie, readSyncCookies } from './sync-cookie.ts';

const OPTED_OUT = 'You are opted out: this browser is not remembered.';
const OPTED_IN = 'You are opted in: this browser may be remembered.';

/** Whatever was remembered of the browser is forgotten, and nothing is from then on. */
export function optOutRoute(deps: TrackerDeps, idName: string): Route {
  return {
    method: 'GET',
    pattern: '/sync/optout',
    bodyBytesMax: 0,
    headers: ['cookie'],
    handler: (request, reply) => {
      const { id } = readSyncCookies(request.header('cookie'), idName, '');
      const done = (error: Error | null): void => {
        if (error === null) say(reply, OPTED_OUT, optOutCookie(idName));
        // The browser keeps its id, so that what was kept of it can be forgotten when it comes again.
        else reply.sendWith(503, [NO_STORE, ['Retry-After', '10']], '');
      };
      if (id === '') done(null);
      else deps.record(forgetEvent(deps, id), done);
    },
  };
}

/**
 * Only by going there: a picture on a foreign page must not undo what a person wants. Browsers too old
 * to say what they fetch for are believed.
 */
export function optInRoute(idName: string): Route {
  return {
    method: 'GET',
    pattern: '/sync/optin',
    bodyBytesMax: 0,
    headers: ['sec-fetch-dest'],
    handler: (request, reply) => {
      if (!['', 'document'].includes(request.header('sec-fetch-dest'))) reply.empty(403);
      else say(reply, OPTED_IN, noCookie(idName));
    },
  };
}

function say(reply: HttpReply, text: string, cookie: string): void {
  const headers = [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Set-Cookie', cookie],
    NO_STORE,
  ] as const;
  reply.sendWith(200, headers, `${text}\n`);
}

function forgetEvent(deps: TrackerDeps, id: string): EventRecord {
  return {
    atMs: deps.clock.nowMs(),
    id: `sync:${deps.newEventId()}`,
    sync: {
      cookie: identityKey(deps.key, 'cookie', id),
      shops: [...deps.shops()].map(({ shop }) => shop),
    },
  };
}
