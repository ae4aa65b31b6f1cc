import { bidKeyOf } from '../proto/token.ts';
import {
  BLANKS_MAX,
  type Blanks,
  type CapReservation,
  type PersonRead,
  type ReservationReceiver,
} from '../store/ports.ts';
import type { BidRequest } from './auction/bid-request.ts';
import type { ShopSnapshot } from './auction/snapshot.ts';
import { expS } from './bid-expiry.ts';
import type { BidderDeps } from './bidder-deps.ts';

const NO_RESERVATIONS: readonly CapReservation[] = Object.freeze([]);

/** The blanks that a request's reads hold for its bids, and the names that the bids get with them. */
export class RequestBlanks implements ReservationReceiver {
  readonly #deps: BidderDeps;
  readonly #nextBidId: () => string;
  #blanks: Blanks | null = null;
  #bidIds: readonly string[] = [];

  constructor(deps: BidderDeps, nextBidId: () => string) {
    this.#deps = deps;
    this.#nextBidId = nextBidId;
  }

  /** For the next request: none are held. */
  forget(): void {
    this.#blanks = null;
  }

  /** Sets what the read, which is aimed at somebody, is to hold. */
  want(read: PersonRead, shop: ShopSnapshot, request: BidRequest, nowMs: number): void {
    const isWanted = this.#deps.store.hot.holdsBlanks && shop.hasCaps && mayHold(request);
    read.blanks = isWanted && mayBeKnown(read) ? this.#of(request, nowMs) : null;
  }

  /** One for each imp; shops share them, since each keeps the person's impressions apart. */
  #of({ imps }: BidRequest, nowMs: number): Blanks {
    if (this.#blanks !== null) return this.#blanks;
    let longestS = 0;
    for (let i = 0; i < imps.length; i++) longestS = Math.max(longestS, expS(imps[i]!));
    this.#bidIds = imps.map(this.#nextBidId);
    const bidKeys = this.#bidIds.map(bidKeyOf);
    this.#blanks = { bidKeys, nowMs, expiresAtMs: nowMs + longestS * 1000 };
    return this.#blanks;
  }

  /** The name of the request's i-th bid. */
  bidId(i: number): string {
    return this.#blanks === null ? this.#nextBidId() : this.#bidIds[i]!;
  }

  /** Gives back what the read holds and no reservation has taken. */
  return(read: PersonRead): void {
    const blanks = takeBlanks(read);
    if (blanks === null) return;
    const { shop, person } = read;
    const subject = { shop, person, nowMs: blanks.nowMs, blanks };
    this.#deps.store.caps.reserve(subject, NO_RESERVATIONS, this);
  }

  /** Of blanks that are given back: nobody waits. */
  reserved(): void {}

  blanksLapse(): void {
    this.#deps.metrics.blanksLapsed();
  }
}

/** What the read holds, once: null from then on. */
export function takeBlanks(read: PersonRead): Blanks | null {
  if (!read.held) return null;
  read.held = false;
  return read.blanks;
}

/** Requests for more imps wait for their reservations; those of a test reserve nothing. */
function mayHold({ imps, test }: BidRequest): boolean {
  return imps.length <= BLANKS_MAX && !test;
}

/** Visitors of whom nobody knows anything are rarely bid for: blanks for each would be for nothing. */
function mayBeKnown(read: PersonRead): boolean {
  return read.identities.length > 0 && (read.person === '' || read.matchedIdentity >= 0);
}
