/**
 * One request on its way: read, decide, reserve, answer. Jobs are pooled and receive the store's
 * answers themselves, so a bid on the embedded store makes no promise, timer or closure. A job is
 * answered once; it returns to its pool when the store, too, has nothing more to say to it.
 */
import type { HttpReply } from '../platform/http/http-port.ts';
import { decodeLiveFacts, decodeProfile } from '../proto/records.ts';
import { bidKeyOf } from '../proto/token.ts';
import {
  type CapReservation,
  emptyRead,
  type PersonRead,
  type PersonReceiver,
  type ReservationReceiver,
} from '../store/ports.ts';
import type { BidRequest } from './auction/bid-request.ts';
import { capRules } from './auction/cap-rules.ts';
import { decide } from './auction/decide.ts';
import { emptyDecision } from './auction/decision.ts';
import { nobody, type PersonView, resetPerson, viewPerson } from './auction/person-view.ts';
import type { ShopSnapshot, Snapshot } from './auction/snapshot.ts';
import type { BidDesk } from './bid-desk.ts';
import { expS } from './bid-expiry.ts';
import { countLinked } from './count-linked.ts';
import { aimRead, hashIdentities } from './hash-identities.ts';
import type { Dialect, Manner } from './http/dialect.ts';
import { KeptBytes } from './kept-bytes.ts';
import type { LeaseBook, Placed } from './lease-book.ts';
import { mayRecognise } from './may-recognise.ts';
import { RequestBlanks, takeBlanks } from './request-blanks.ts';

export class BidJob implements PersonReceiver, ReservationReceiver, Manner {
  readonly #desk: BidDesk<BidJob>;
  readonly decision = emptyDecision();
  readonly views: PersonView[] = [];
  readonly placed: Placed[] = [];
  readonly #reads: PersonRead[] = [];
  readonly #cached: (Uint8Array | null | undefined)[] = [];
  identities: readonly string[] = [];
  readonly #exposures = new KeptBytes();
  request!: BidRequest;
  snapshot!: Snapshot;
  book!: LeaseBook;
  reply!: HttpReply;
  dialect!: Dialect;
  version = 0;
  packs = false;
  /** '' until the request has been read. */
  requestId = '';
  nowMs = 0;
  startedMs = 0;
  deadlineMs = 0;
  /** When the wait for the store ends. */
  expiresMs = 0;
  /** Answered: whatever the store says from now on is too late. */
  done = true;
  /** Counted as in flight. */
  counted = false;
  /** In the pool. */
  idle = true;
  /** So many of `placed` are this request's. */
  promised = 0;
  /** The event log refused a bid. */
  logFull = false;
  /** The exchange takes no bid of that size. */
  tooLarge = false;
  /** The store did not answer a reservation. */
  countsFailed = false;
  readonly #blanks: RequestBlanks;
  /** Counted once a request, however many shops know the person. */
  #isLinked = false;
  #waiting = 0;
  #starting = false;
  #askedMs = 0;
  #reservingShop = 0;
  /** The reservation is waited for: its blanks were not held by the read. */
  #isJourney = true;
  /** Indexes into the decision's bids. */
  #reserving: number[] = [];

  constructor(desk: BidDesk<BidJob>) {
    this.#desk = desk;
    this.#blanks = new RequestBlanks(desk.deps, () => desk.nextBidId());
  }

  /** Answers that the store owes. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Reads the person in every shop, then decides; may end before it returns. */
  start(): void {
    const { snapshot, request } = this;
    this.promised = 0;
    this.countsFailed = false;
    this.#blanks.forget();
    const { deps } = this.#desk;
    for (let s = 0; s < snapshot.shops.length; s++) {
      this.views[s] ??= nobody();
      this.#reads[s] ??= emptyRead();
      resetPerson(this.views[s]!);
    }
    if (request.identities.length === 0 || !deps.store.available()) {
      this.#decide();
      return;
    }
    this.identities = hashIdentities(deps.identityKey, request.identities, snapshot.linkedSpaces);
    deps.metrics.identifiers.seen(this.dialect.exchange.exchange, request.identities);
    this.#isLinked = false;
    this.#askedMs = deps.clock.monotonicMs();
    this.#starting = true;
    for (let s = 0; s < snapshot.shops.length; s++) {
      if (mayRecognise(request, snapshot.shops[s]!)) this.#readPerson(s, snapshot.shops[s]!);
    }
    this.#starting = false;
    this.#continue();
  }

  #readPerson(s: number, shop: ShopSnapshot): void {
    const read = this.#reads[s]!;
    aimRead(read, shop, this.identities);
    const { hot } = this.#desk.deps.store;
    if (read.person !== '') this.#cached[s] = null;
    else this.#cached[s] = hot.worthRemembering ? this.#desk.cache.prepare(read) : undefined;
    this.#blanks.want(read, shop, this.request, this.nowMs);
    this.#waiting++;
    hot.readPerson(read, this);
  }

  personRead(read: PersonRead): void {
    this.#waiting--;
    try {
      if (this.done) this.#blanks.return(read);
      else this.#takePerson(read);
    } catch (error) {
      this.#desk.bug(this, error);
    }
    this.#continue();
    // Behind the bid, which does not wait for it; the bytes are ours until this returns.
    try {
      this.#remember(read);
    } catch (error) {
      this.#desk.bug(this, error);
    }
  }

  #takePerson(read: PersonRead): void {
    const { deps } = this.#desk;
    deps.metrics.storeAnswered(
      'read-person',
      deps.clock.monotonicMs() - this.#askedMs,
      read.failed,
    );
    // Unanswered is unknown: the bid is contextual, and capped campaigns stay silent.
    if (read.failed) return;
    this.#isLinked ||= countLinked(deps.metrics.identifiers, this, read);
    const s = this.#reads.indexOf(read);
    const cached = this.#cached[s];
    const bytes = cached === undefined ? read.profile : cached;
    const { person } = read;
    const view = this.views[s]!;
    const profile = bytes === null ? null : decodeProfile(bytes, person);
    const live = read.live === null ? null : decodeLiveFacts(read.live, person);
    viewPerson(view, this.snapshot.shops[s]!, { person, profile, live }, this.nowMs);
    view.countsKnown = true;
    view.exposures = read.exposures === null ? null : this.#exposures.keep(s, read.exposures);
  }

  /**
   * Where it saves a journey. Anywhere else it costs more to remember people, of whom most are never
   * seen again, than to ask for them again.
   */
  #remember(read: PersonRead): void {
    const { hot } = this.#desk.deps.store;
    if (!hot.worthRemembering || read.failed || read.identities.length === 0) return;
    this.#desk.deps.metrics.profileCache(this.#cached[this.#reads.indexOf(read)] !== undefined);
    this.#desk.cache.remember(read);
  }

  #continue(): void {
    if (this.#starting || this.#waiting > 0) return;
    if (this.done) this.#desk.recycle(this);
    else this.#decide();
  }

  #decide(): void {
    try {
      decide(this.snapshot, this.#desk.inputOf(this), this.decision);
      if (this.decision.bidCount === 0) {
        this.#desk.answerNoBid(this, this.decision.reason ?? 'technical-error');
      } else this.#reserve();
    } catch (error) {
      this.#desk.bug(this, error);
    }
  }

  /** Money first, it is at hand; then one atomic reservation for each shop's capped bids. */
  #reserve(): void {
    for (let i = 0; i < this.decision.bidCount; i++) this.#promise(i);
    this.promised = this.decision.bidCount;
    this.#askedMs = this.#desk.deps.clock.monotonicMs();
    this.#reserveFrom(this.request.test ? this.snapshot.shops.length : 0);
  }

  #promise(i: number): void {
    const bid = this.decision.bids[i]!;
    const { leases } = this.#desk.deps;
    this.placed[i] ??= { bidId: '', leaseId: '', period: '', granted: false, capped: false };
    const placed = this.placed[i]!;
    placed.bidId = this.#blanks.bidId(i);
    placed.leaseId = '';
    placed.period = '';
    placed.capped = false;
    placed.granted = this.request.test || leases.promise(this.book, bid, this.nowMs, placed);
  }

  /** Asks for the caps of the shops from `s` on, one after the other, then answers. */
  #reserveFrom(s: number): void {
    for (let shop = s; shop < this.snapshot.shops.length; shop++) {
      const reservations = this.#reservationsOf(shop);
      if (reservations.length === 0) continue;
      this.#reservingShop = shop;
      this.#waiting = 1;
      const { caps } = this.#desk.deps.store;
      const name = this.snapshot.shops[shop]!.settings.shop;
      const { person, countsKnown, exposures } = this.views[shop]!;
      const seen = countsKnown ? exposures : undefined;
      const blanks = takeBlanks(this.#reads[shop]!);
      this.#isJourney = blanks === null;
      caps.reserve({ shop: name, person, nowMs: this.nowMs, seen, blanks }, reservations, this);
      return;
    }
    this.#desk.answerBids(this);
  }

  #reservationsOf(s: number): CapReservation[] {
    const reservations: CapReservation[] = [];
    this.#reserving = [];
    for (let i = 0; i < this.decision.bidCount; i++) {
      const bid = this.decision.bids[i]!;
      const placed = this.placed[i]!;
      if (bid.shop !== s || !placed.granted) continue;
      const rules = capRules(this.snapshot.shops[s]!.campaigns[bid.campaign]!, this.views[s]!);
      if (rules.length === 0) continue;
      // Not granted until the store says so.
      placed.granted = false;
      this.#reserving.push(i);
      reservations.push({
        campaignKey: this.snapshot.shops[s]!.campaigns[bid.campaign]!.key,
        bidKey: bidKeyOf(placed.bidId),
        rules,
        expiresAtMs: this.nowMs + expS(this.request.imps[bid.imp]!) * 1000,
      });
    }
    return reservations;
  }

  reserved(granted: readonly boolean[], failed: boolean): void {
    this.#waiting = 0;
    try {
      this.#takeReserved(granted, failed);
    } catch (error) {
      this.#desk.bug(this, error);
    }
  }

  #takeReserved(granted: readonly boolean[], failed: boolean): void {
    if (failed) this.countsFailed = true;
    const { deps } = this.#desk;
    const tookMs = deps.clock.monotonicMs() - this.#askedMs;
    if (this.#isJourney) deps.metrics.storeAnswered('reserve-caps', tookMs, failed);
    for (let k = 0; k < this.#reserving.length; k++) {
      const at = this.#reserving[k]!;
      this.placed[at]!.granted = !failed && granted[k] === true;
      if (this.placed[at]!.granted) this.placed[at]!.capped = true;
    }
    if (!this.done) {
      this.#reserveFrom(this.#reservingShop + 1);
      return;
    }
    // Too late: the answer left without these bids.
    this.#desk.takeBack(this);
    this.#desk.recycle(this);
  }

  blanksLapse(): void {
    this.#blanks.blanksLapse();
  }

  /** Of an answered request: what no reservation has taken. */
  returnBlanks(): void {
    for (let s = 0; s < this.#reads.length; s++) this.#blanks.return(this.#reads[s]!);
  }
}
