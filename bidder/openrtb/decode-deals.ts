import type { Deal } from '../auction/bid-request.ts';
import { domain } from './domain.ts';
import { DEAL_DOMAINS_MAX, DEALS_MAX, SEATS_MAX } from './list-bounds.ts';
import { decodeDurationFloors } from './media-placement.ts';
import {
  currency,
  finite,
  floorCpmMicros,
  type JsonObject,
  list,
  mapped,
  object,
  present,
  text,
  texts,
  trimmed,
  whole,
} from './read-values.ts';

const ID_LENGTH_MAX = 256;
const DOMAIN_LENGTH_MAX = 253;
/** Auction type of a deal: its floor is the agreed price. */
const FIXED_PRICE = 3;
const NO_DEALS: readonly Deal[] = Object.freeze([]);

/** `pmp.deals`; one that cannot be read whole is left out. `auctionType` is what the request says. */
export function decodeDeals(wire: unknown, auctionType: number): readonly Deal[] {
  const offered = list(wire, DEALS_MAX);
  if (offered.length === 0) return NO_DEALS;
  const deals: Deal[] = [];
  for (let i = 0; i < offered.length; i++) {
    const deal = decodeDeal(object(offered[i]), auctionType);
    if (deal !== null && !sharesName(offered, i, deal.id)) deals.push(deal);
  }
  return deals;
}

/** Deals of one name: a bid could not say whose terms it keeps, so it is for none of them. */
function sharesName(offered: readonly unknown[], own: number, id: string): boolean {
  for (let i = 0; i < offered.length; i++) {
    if (i !== own && text(object(offered[i])['id'], ID_LENGTH_MAX) === id) return true;
  }
  return false;
}

function decodeDeal(wire: JsonObject, auctionType: number): Deal | null {
  const id = text(wire['id'], ID_LENGTH_MAX);
  const floor = floorCpmMicros(wire['bidfloor']);
  const floorCurrency = present(wire['bidfloorcur']) ? currency(wire['bidfloorcur']) : 'USD';
  const floors = decodeDurationFloors(wire);
  if (id === '' || floor < 0 || floorCurrency === '' || typeof floors === 'string') return null;
  // A list of who is admitted that would be cut, or read as empty, admits too many.
  if (unreadable(wire['wseat'], SEATS_MAX) || unreadable(wire['wadomain'], DEAL_DOMAINS_MAX))
    return null;
  return {
    id,
    floorCpmMicros: floor,
    floorCurrency,
    floors,
    fixed: whole(wire['at'], 1_000_000, auctionType) === FIXED_PRICE,
    guaranteed: finite(wire['guar']) === 1,
    allowedSeats: mapped(texts(wire['wseat'], SEATS_MAX, 256), trimmed),
    allowedDomains: mapped(texts(wire['wadomain'], DEAL_DOMAINS_MAX, DOMAIN_LENGTH_MAX), domain),
  };
}

function unreadable(value: unknown, most: number): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.length > most || texts(value, most, 256).length < value.length;
}
