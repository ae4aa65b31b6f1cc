/**
 * What a shop posts to /e/<shop>, checked field by field. A bad event is reported with its index
 * and the good ones are kept; a body that is no event at all is refused whole.
 */

import { isEmailHash, namesNobody } from '../proto/identity-value.ts';
import type { IdentitySpace } from '../proto/ids.ts';
import { parseMicros } from '../proto/micros.ts';
import { STATUS_GROUPS, type StatusGroup } from '../rules/customer.ts';
import type { ShopSettings } from '../settings/workspace.ts';
import { SHOP_EVENT_NAMES, type ShopEventName } from './event-kinds.ts';

const SHOP_EVENTS_MAX = 50;
const ITEMS_MAX = 50;
const TEXT_LENGTH_MAX = 256;
const FLOAT_DIGITS = 15;
const EVENT_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** Most trusted first: the first that is linked names the person. */
const ID_SPACES = ['customer', 'email_sha256', 'cookie', 'ifa'] as const;

interface PostedOrder {
  readonly id: string;
  /** Ordinal in STATUS_GROUPS. */
  readonly status: number;
  readonly revenueMicros: number;
}

export interface PostedEvent {
  readonly name: ShopEventName;
  /** Null when the shop gave none. */
  readonly id: string | null;
  readonly consent: boolean;
  /** At least one, most trusted first. */
  readonly identities: readonly { readonly space: IdentitySpace; readonly value: string }[];
  readonly items: readonly string[];
  readonly order: PostedOrder | null;
}

interface EventError {
  readonly index: number;
  readonly error: string;
}

export interface PostedBody {
  readonly events: readonly PostedEvent[];
  readonly errors: readonly EventError[];
}

type Json = Readonly<Record<string, unknown>>;
type ShopReading = Pick<ShopSettings, 'statuses' | 'currency'>;

/** What is wrong with an event or a body, in words for the shop's developer. */
class Problem extends Error {}

/** A string says why the whole body was refused. Never throws. */
export function parseShopEvents(body: Uint8Array, shop: ShopReading): PostedBody | string {
  const root = parseJson(body);
  if (!isObject(root)) return 'the body must be a JSON object: {"events":[…]} or one event';
  const list = Object.hasOwn(root, 'events') ? root['events'] : [root];
  if (!Array.isArray(list)) return '"events" must be a list';
  if (list.length > SHOP_EVENTS_MAX) {
    return `at most ${SHOP_EVENTS_MAX} events at once, there are ${list.length}`;
  }
  const events: PostedEvent[] = [];
  const errors: EventError[] = [];
  for (const [index, posted] of list.entries()) {
    try {
      events.push(readEvent(posted, shop, root['consent'] !== false));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      errors.push({ index, error: error.message });
    }
  }
  return { events, errors };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}

function readEvent(posted: unknown, shop: ShopReading, consent: boolean): PostedEvent {
  if (!isObject(posted)) throw new Problem('an event must be an object');
  const name = SHOP_EVENT_NAMES.find((known) => known === posted['event']);
  if (name === undefined)
    throw new Problem(`"event" must be one of ${SHOP_EVENT_NAMES.join(', ')}`);
  const items = readItems(posted);
  if (items.length === 0 && name !== 'order') throw new Problem(`"item" is missing in a ${name}`);
  return {
    name,
    id: readEventId(posted['id']),
    consent: consent && posted['consent'] !== false,
    identities: readIdentities(posted['ids']),
    items,
    order: name === 'order' ? readOrder(posted['order'], shop) : null,
  };
}

function readEventId(id: unknown): string | null {
  if (id === undefined) return null;
  if (typeof id === 'string' && EVENT_ID.test(id)) return id;
  throw new Problem('"id" must be 1 to 64 of A-Z a-z 0-9 _ -');
}

function readIdentities(ids: unknown): PostedEvent['identities'] {
  const given = isObject(ids) ? ids : {};
  const found: { space: IdentitySpace; value: string }[] = [];
  for (const space of ID_SPACES) {
    if (!Object.hasOwn(given, space)) continue;
    const value = normalised(space, readText(given[space], `ids.${space}`));
    if (space === 'customer' || !namesNobody(value)) found.push({ space, value });
  }
  if (found.length === 0) throw new Problem(`"ids" must hold one of ${ID_SPACES.join(', ')}`);
  return found;
}

function normalised(space: (typeof ID_SPACES)[number], value: string): string {
  if (space === 'ifa') return value.toLowerCase();
  if (space !== 'email_sha256') return value;
  const hash = value.toLowerCase();
  if (!isEmailHash(hash)) throw new Problem('"ids.email_sha256" must be 64 hexadecimal digits');
  return hash;
}

function readItems(posted: Json): readonly string[] {
  const many = posted['items'] ?? [];
  if (!Array.isArray(many)) throw new Problem('"items" must be a list of item ids');
  const list = posted['item'] === undefined ? many : [posted['item'], ...many];
  if (list.length > ITEMS_MAX)
    throw new Problem(`at most ${ITEMS_MAX} items, there are ${list.length}`);
  return list.map((item) => readText(item, 'item'));
}

function readOrder(order: unknown, shop: ShopReading): PostedOrder {
  if (!isObject(order)) throw new Problem('"order" is missing');
  const { currency } = order;
  if (currency !== undefined && currency !== shop.currency) {
    throw new Problem(`"order.currency" must be ${shop.currency}, the shop's currency`);
  }
  return {
    id: readText(order['id'], 'order.id'),
    status: readStatus(order['status'], shop),
    revenueMicros: readRevenue(order['revenue']),
  };
}

function readStatus(status: unknown, shop: ShopReading): number {
  const text = readText(status, 'order.status');
  const group = Object.hasOwn(shop.statuses, text) ? shop.statuses[text]! : text;
  const ordinal = STATUS_GROUPS.indexOf(group as StatusGroup);
  if (ordinal >= 0) return ordinal;
  const known = [...new Set([...Object.keys(shop.statuses), ...STATUS_GROUPS])];
  throw new Problem(`"order.status" must be one of ${known.slice(0, 30).join(', ')}`);
}

/**
 * Decimal text is exact. A JSON number has been through a float before we see it, so it is taken
 * only with at most 15 digits, six of them decimals: then its shortest text is what was written.
 */
function readRevenue(revenue: unknown): number {
  const text = typeof revenue === 'number' ? numberText(revenue) : revenue;
  const micros = typeof text === 'string' ? parseMicros(text) : null;
  if (micros !== null && micros >= 0) return micros;
  throw new Problem(
    '"order.revenue" must be a decimal like "12.50", at most 6 decimals, not negative',
  );
}

function numberText(number: number): string | null {
  const text = String(number);
  return text.replace('.', '').length <= FLOAT_DIGITS ? text : null;
}

function readText(value: unknown, name: string): string {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text === 'string' && text.length > 0 && text.length <= TEXT_LENGTH_MAX) return text;
  throw new Problem(`"${name}" must be text of 1 to ${TEXT_LENGTH_MAX} characters`);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
