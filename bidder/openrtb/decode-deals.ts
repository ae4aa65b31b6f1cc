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
  sharesId,
  text,
  texts,
  trimmed,
  whole,
} from './read-values.ts';

const ID_LENGTH_MAX = 256;
const SEAT_LENGTH_MAX = 256;
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
    if (deal !== null && !sharesId(offered, i, deal.id)) deals.push(deal);
  }
  return deals;
}

function decodeDeal(wire: JsonObject, auctionType: number): Deal | null {
  const id = text(wire['id'], ID_LENGTH_MAX);
  const floor = floorCpmMicros(wire['bidfloor']);
  const floorCurrency = present(wire['bidfloorcur']) ? currency(wire['bidfloorcur']) : 'USD';
  const floors = decodeDurationFloors(wire);
  if (id === '' || floor < 0 || floorCurrency === '' || typeof floors === 'string') return null;
  const seats = admitted(wire['wseat'], SEATS_MAX, SEAT_LENGTH_MAX);
  const domains = admitted(wire['wadomain'], DEAL_DOMAINS_MAX, DOMAIN_LENGTH_MAX);
  if (seats === null || domains === null) return null;
  return {
    id,
    floorCpmMicros: floor,
    floorCurrency,
    floors,
    fixed: whole(wire['at'], 1_000_000, auctionType) === FIXED_PRICE,
    guaranteed: finite(wire['guar']) === 1,
    allowedSeats: mapped(seats, trimmed),
    allowedDomains: mapped(domains, domain),
  };
}

/** Empty admits all, so a list that is cut, or of which an entry cannot be read, is none: null. */
function admitted(value: unknown, countMax: number, lengthMax: number): readonly string[] | null {
  if (!present(value)) return ALL;
  const read = texts(value, countMax, lengthMax);
  const sent = Array.isArray(value) ? value.length : 1;
  return read.length === sent ? read : null;
}
const ALL: readonly string[] = Object.freeze([]);
