/** `POST /e/<shop>`: views, carts and orders from the shop's pages and servers. */
import { parseShopUrl } from '../creative/shop-url.ts';
import type { HttpReply, HttpRequest, Route } from '../platform/http/http-port.ts';
import { orderKey } from '../proto/ids.ts';
import type { EventRecord } from '../proto/records.ts';
import { SHOP_EVENT_KINDS } from './event-kinds.ts';
import { type PostedBody, type PostedEvent, parseShopEvents } from './parse-shop-events.ts';
import { resolvePerson } from './resolve-person.ts';
import type { TrackerDeps } from './tracker-deps.ts';

const BODY_BYTES_MAX = 16_384;
const CONTENT_TYPES = ['', 'application/json', 'text/plain'];

type Shop = NonNullable<ReturnType<TrackerDeps['shop']>>;
type Headers = readonly (readonly [string, string])[];

export function shopEventRoutes(deps: TrackerDeps): Route[] {
  return [
    {
      method: 'ANY',
      pattern: '/e/:shop',
      bodyBytesMax: BODY_BYTES_MAX,
      headers: ['content-type', 'origin'],
      handler: (request, reply) => handlePost(deps, request, reply),
    },
  ];
}

function handlePost(deps: TrackerDeps, request: HttpRequest, reply: HttpReply): void {
  const shop = deps.shop(request.params[0] ?? '');
  const cors = shop === undefined ? [] : corsHeaders(shop, request.header('origin'));
  if (request.method === 'OPTIONS') {
    reply.sendWith(204, [...cors, ...PREFLIGHT], '');
    return;
  }
  const read = readPost(shop, request);
  if ('error' in read) {
    deps.metrics.shopEvent('other', 'invalid');
    replyJson(reply, cors, { status: read.status, body: { error: read.error } });
    return;
  }
  accept(deps, read.shop, read.body).then(
    (answer) => replyJson(reply, cors, answer),
    (error: unknown) => {
      deps.onError(error);
      replyJson(reply, cors, { status: 500, body: { error: 'the events could not be taken' } });
    },
  );
}

/** The body is the server's: all of it is read before the handler returns. */
function readPost(
  shop: Shop | undefined,
  request: HttpRequest,
): { shop: Shop; body: PostedBody } | { status: number; error: string } {
  if (shop === undefined) return { status: 404, error: 'there is no such shop' };
  if (request.method !== 'POST') return { status: 405, error: 'events are posted' };
  const type = request.header('content-type').split(';', 1)[0]!.trim().toLowerCase();
  if (!CONTENT_TYPES.includes(type)) {
    return { status: 415, error: 'the content type must be application/json or text/plain' };
  }
  const body = parseShopEvents(request.body, shop.settings);
  return typeof body === 'string' ? { status: 400, error: body } : { shop, body };
}

const PREFLIGHT: Headers = [
  ['Access-Control-Allow-Methods', 'POST'],
  ['Access-Control-Allow-Headers', 'content-type'],
  ['Access-Control-Max-Age', '86400'],
];

/** Pages of the shop may read the answer; others may post, as any program may, and learn nothing. */
function corsHeaders(shop: Shop, origin: string): Headers {
  if (origin === '') return [];
  const { allowedHosts, domains } = shop.settings;
  const hosts = [...allowedHosts, ...domains, ...domains.map((domain) => `*.${domain}`)];
  if (parseShopUrl(origin, hosts) === null) return [['Vary', 'Origin']];
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Vary', 'Origin'],
  ];
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function accept(deps: TrackerDeps, shop: Shop, body: PostedBody): Promise<Answer> {
  for (const _ of body.errors) deps.metrics.shopEvent('other', 'invalid');
  const consented = body.events.filter((event) => event.consent);
  const refused = body.events.filter((event) => !event.consent);
  for (const event of refused) deps.metrics.shopEvent(event.name, 'no_consent');
  const logged = await Promise.all(consented.map((event) => logEvent(deps, shop, event)));
  const { errors } = body;
  if (logged.includes(false)) {
    return { status: 503, body: { error: 'not all events could be kept: send them again' } };
  }
  const status = body.events.length === 0 && errors.length > 0 ? 400 : 200;
  return { status, body: { accepted: logged.length, withoutConsent: refused.length, errors } };
}

async function logEvent(deps: TrackerDeps, shop: Shop, event: PostedEvent): Promise<boolean> {
  const person = await personOf(deps, shop, event);
  const record = shopEvent(deps, { shop: shop.settings.shop, person, event });
  return new Promise((resolve) => {
    deps.record(record, (error) => {
      if (error !== null) deps.metrics.shopEvent(event.name, 'not_logged');
      resolve(error === null);
    });
  });
}

async function personOf(deps: TrackerDeps, shop: Shop, event: PostedEvent): Promise<string> {
  const { person, linked } = await resolvePerson(deps, {
    shop: shop.settings.shop,
    generation: shop.manifest.generation,
    identities: event.identities,
  });
  if (!linked) deps.metrics.shopEvent(event.name, 'unlinked');
  return person;
}

function shopEvent(
  deps: TrackerDeps,
  posted: { shop: string; person: string; event: PostedEvent },
): EventRecord {
  const { shop, person, event } = posted;
  const order = event.order;
  const orderId = order === null ? '' : orderKey(deps.key, shop, order.id);
  const fallback =
    order === null ? deps.newEventId() : `${orderId}:${order.status}:${order.revenueMicros}`;
  return {
    atMs: deps.clock.nowMs(),
    id: event.id === null ? `${shop}:${event.name}:${fallback}` : `${shop}:e:${event.id}`,
    shop: {
      kind: SHOP_EVENT_KINDS[event.name],
      shop,
      person,
      items: [...event.items],
      orderId,
      status: order?.status ?? 0,
      revenueMicros: order?.revenueMicros ?? 0,
    },
  };
}

function replyJson(reply: HttpReply, headers: Headers, answer: Answer): void {
  const type = ['Content-Type', 'application/json'] as const;
  reply.sendWith(answer.status, [...headers, type], JSON.stringify(answer.body));
}
