/** Takes bid requests from HTTP and answers each exactly once, in time, with bids or with 204. */

import { DeadlineSweep } from '../platform/deadline-sweep.ts';
import type { HttpReply, HttpRequest } from '../platform/http/http-port.ts';
import type { DecisionInput } from './auction/decision.ts';
import type { NoBidReason } from './auction/no-bid-reason.ts';
import type { BidDesk } from './bid-desk.ts';
import { bidEvent } from './bid-event.ts';
import { bidInput, encodingContext } from './bid-inputs.ts';
import { BidJob } from './bid-job.ts';
import type { RequestOutcome } from './bid-metrics.ts';
import type { BidderDeps } from './bidder-deps.ts';
import { sendAnswer, sendNoBid, setManner } from './http/dialect.ts';
import { type BodyRefusal, refuseBody, unpackedBody } from './http/request-body.ts';
import { InFlightLimit } from './in-flight-limit.ts';
import type { EncodingContext } from './openrtb/bid-fields.ts';
import { PersonCache } from './person-cache.ts';
import { mayBeSeated } from './seats.ts';
import { supplyRefusal } from './supply/supply-refusal.ts';
import { takeBackUngranted } from './take-back.ts';

/** What scheduling and the socket take of a request's time, ms. */
const REPLY_MARGIN_MS = 2;
/** Share of tmax that no learned allowance for the network may pass. */
const NETWORK_SHARE_MAX = 0.5;
/**
 * Share of the own deadline after which an unread request is not begun any more: under overload the
 * answers still in time are worth more than the ones already late.
 */
const READ_WAIT_SHARE_MAX = 0.5;
/** Share of the own deadline after which waiting for the store, and for our own work then, is slow. */
const SLOW_SHARE = 0.5;
/**
 * Shares of the own deadline that a job may wait for the store: one sweep each, so that each stays
 * in order. The longest leaves room for a short wait in the socket.
 */
const WAIT_SHARES = [0.9, 0.7, 0.5, 0.25, 0.125];

export class BidHandler implements BidDesk<BidJob> {
  readonly deps: BidderDeps;
  readonly cache: PersonCache;
  readonly #sweeps: readonly { waitMs: number; sweep: DeadlineSweep<BidJob> }[];
  readonly #pool: BidJob[] = [];
  readonly #inFlightLimit: InFlightLimit;
  #inFlight = 0;
  #bidCount = 0;
  #draining = false;

  constructor(deps: BidderDeps) {
    this.deps = deps;
    const { cacheBytesMax, cacheLifeMs } = deps;
    this.#inFlightLimit = new InFlightLimit(deps.inFlightMax);
    this.cache = new PersonCache({ bytesMax: cacheBytesMax, lifeMs: cacheLifeMs });
    this.#sweeps = WAIT_SHARES.map((share) => ({
      waitMs: deps.deadlineMs * share,
      sweep: new DeadlineSweep(deps.clock, (job) => this.#expire(job)),
    }));
  }

  /** From now on every request is answered 204; those that wait are still answered. */
  drain(): void {
    this.#draining = true;
  }

  /** Never throws: our bugs are counted here and answered 204. */
  handle(request: HttpRequest, reply: HttpReply): void {
    const serving = this.deps.serving.current;
    const dialect = serving.dialects.get(request.params[0] ?? '');
    if (dialect === undefined) {
      this.deps.metrics.answered('other', 'bad-request', 0);
      reply.empty(404);
      return;
    }
    const job = this.#pool.pop() ?? new BidJob(this);
    job.idle = false;
    job.promised = 0;
    job.logFull = false;
    job.tooLarge = false;
    job.snapshot = serving.snapshot;
    job.book = serving.book;
    job.reply = reply;
    job.done = false;
    job.requestId = '';
    setManner(job, dialect, request);
    job.startedMs = this.deps.clock.monotonicMs();
    this.deps.busyPoll.came(job.startedMs);
    const cameMs = this.deps.readWait.earliestMs(job.startedMs);
    job.deadlineMs = cameMs + this.deps.deadlineMs;
    this.deps.metrics.readWaited(job.startedMs - cameMs);
    try {
      this.#admit(job, request);
    } catch (error) {
      this.bug(job, error);
    }
  }

  #admit(job: BidJob, request: HttpRequest): void {
    const refusal = this.#refusal(job);
    if (refusal !== null) {
      this.answerNoBid(job, refusal);
      return;
    }
    const body = unpackedBody(request.body, request.header('content-encoding'));
    if (!(body instanceof Uint8Array)) {
      this.#answerBad(job, body);
      return;
    }
    const { format, exchange, supply } = job.dialect;
    const { consentVendors } = job.snapshot;
    const decoded = format.decode(body, exchange.exchange, consentVendors, supply !== null);
    if (decoded.kind === 'rejected') {
      const { status, reason } = decoded;
      job.requestId = decoded.id;
      if (status === 400) this.#answerBad(job, { status, reason });
      else this.answerNoBid(job, reason);
      return;
    }
    job.request = decoded.request;
    job.requestId = decoded.request.id;
    if (decoded.request.privacy !== 'allowed') this.deps.metrics.personalDataDenied();
    const reason = this.#schedule(job);
    if (reason !== null) this.answerNoBid(job, reason);
    else this.#run(job);
  }

  /** What can be told before the request is read. */
  #refusal(job: BidJob): NoBidReason | null {
    if (this.#draining) return 'draining';
    const { quota } = job.dialect;
    if (quota !== null && !quota.take(job.startedMs)) return 'over-qps';
    const leastMs = this.deps.deadlineMs * (1 - READ_WAIT_SHARE_MAX);
    if (job.deadlineMs - job.startedMs < leastMs) return 'overloaded';
    if (!this.#inFlightLimit.allows(this.#inFlight)) return 'overloaded';
    // No log, no bid: what left the house must be on record.
    return this.deps.eventLog.state() === 'ok' ? null : 'event-log-full';
  }

  /** Sets the job's deadline from tmax, or says why there is no point in starting. */
  #schedule(job: BidJob): NoBidReason | null {
    const { request } = job;
    const { exchange, supply, lessons } = job.dialect;
    if (!mayBeSeated(exchange.seat, request)) return 'seat-not-allowed';
    const refusal = supply === null ? null : supplyRefusal(supply, request);
    if (refusal !== null) return refusal;
    // tmax includes the network (OpenRTB 2.6, 3.2.1), so our share began before the first byte came.
    const tmaxMs = request.tmaxMs > 0 ? request.tmaxMs : exchange.tmaxDefaultMs;
    const learnedMs = exchange.networkMs + lessons.margin.extraMs;
    const networkMs = Math.min(learnedMs, Math.max(exchange.networkMs, tmaxMs * NETWORK_SHARE_MAX));
    const shareMs = tmaxMs - networkMs - REPLY_MARGIN_MS;
    job.deadlineMs -= Math.max(0, this.deps.deadlineMs - shareMs);
    const least = this.#sweeps.at(-1)!.waitMs;
    return job.deadlineMs - job.startedMs < least ? 'too-late' : null;
  }

  #run(job: BidJob): void {
    job.nowMs = this.deps.clock.nowMs();
    job.start();
    if (job.done) return;
    this.deps.metrics.inFlight(++this.#inFlight);
    this.#inFlightLimit.began(this.#inFlight, job.startedMs);
    job.counted = true;
    const waitMs = job.deadlineMs - job.startedMs;
    const slot = this.#sweeps.find((sweep) => sweep.waitMs <= waitMs) ?? this.#sweeps.at(-1)!;
    job.expiresMs = job.startedMs + slot.waitMs;
    slot.sweep.add(job, job.expiresMs);
  }

  #expire(job: BidJob): void {
    // Jobs are pooled: the entry may be of a request that this job answered before.
    if (this.deps.clock.monotonicMs() < job.expiresMs) return;
    this.answerNoBid(job, 'store-late');
  }

  inputOf(job: BidJob): DecisionInput {
    return {
      request: job.request,
      exchange: job.dialect.exchange.exchange,
      terms: job.dialect.exchange,
      currencies: job.dialect.exchange.currencies,
      persons: job.views,
      money: job.book.money,
      pausedCreatives: job.dialect.lessons.paused,
      nowMs: job.nowMs,
    };
  }

  nextBidId(): string {
    return `${this.deps.instance}-${(this.#bidCount++).toString(36)}`;
  }

  answerNoBid(job: BidJob, reason: NoBidReason): void {
    job.done = true;
    sendNoBid(job.reply, job, job.requestId, reason);
    this.deps.metrics.noBid(reason);
    this.#finish(job, 'no-bid');
    this.#close(job);
  }

  #answerBad(job: BidJob, refusal: BodyRefusal): void {
    job.done = true;
    refuseBody(job.reply, refusal);
    this.deps.metrics.noBid(refusal.reason);
    this.#finish(job, 'bad-request');
    this.#close(job);
  }

  /** Sends the granted bids; what cannot be put on record does not leave. */
  answerBids(job: BidJob): void {
    const context = encodingContext(this.deps, job);
    const { format } = job.dialect;
    let bids = '';
    let count = 0;
    for (let i = 0; i < job.promised; i++) {
      const markup = job.placed[i]!.granted ? this.#record(job, i, context) : '';
      if (markup === '') continue;
      bids += count === 0 ? markup : format.separator + markup;
      count++;
    }
    if (count === 0) {
      this.answerNoBid(job, this.#whyNone(job));
      return;
    }
    const answer = format.encodeResponse(context, bids, job.placed[0]!.bidId);
    job.done = true;
    sendAnswer(job.reply, job, answer);
    // What the exchange does not wait for comes behind.
    takeBackUngranted(this.deps, job);
    this.deps.metrics.bids(job.dialect.exchange.exchange, count, job.request.test);
    this.#finish(job, 'bid');
    this.#close(job);
  }

  /** Encodes a bid and puts it on record; '' when it is too large, or the log does not take it. */
  #record(job: BidJob, i: number, context: EncodingContext): string {
    const input = bidInput(job, i);
    const markup = job.dialect.format.encodeBid(context, input);
    if (markup === '') {
      job.placed[i]!.granted = false;
      job.tooLarge = true;
      return '';
    }
    if (this.deps.eventLog.append(bidEvent(context, input))) return markup;
    this.deps.metrics.eventDropped();
    job.placed[i]!.granted = false;
    job.logFull = true;
    return '';
  }

  /** Why none of the decided bids leaves; their money and impressions go back. */
  #whyNone(job: BidJob): NoBidReason {
    const promised = job.placed.some((placed, i) => i < job.promised && placed.leaseId !== '');
    takeBackUngranted(this.deps, job);
    if (job.logFull) return 'event-log-full';
    if (job.tooLarge) return 'markup-too-large';
    if (job.countsFailed) return 'counts-unknown';
    return promised ? 'user-cap-met' : 'budget';
  }

  /** None of the job's bids left: money and impressions go back. */
  takeBack(job: BidJob): void {
    for (let i = 0; i < job.promised; i++) job.placed[i]!.granted = false;
    takeBackUngranted(this.deps, job);
  }

  /** Our mistake, whatever it was: counted, answered, and the worker lives on. */
  bug(job: BidJob, error: unknown): void {
    this.deps.metrics.bug();
    this.deps.onBug(error);
    if (job.done) return;
    this.takeBack(job);
    this.answerNoBid(job, 'technical-error');
  }

  #finish(job: BidJob, outcome: RequestOutcome): void {
    const { clock, metrics } = this.deps;
    const nowMs = clock.monotonicMs();
    if (job.counted) this.#learn(job, nowMs);
    metrics.answered(job.dialect.exchange.exchange, outcome, nowMs - job.startedMs);
    if (outcome !== 'bid') return;
    metrics.deadlineMargin(job.deadlineMs - nowMs);
    job.dialect.lessons.margin.bidLeft(nowMs > job.deadlineMs, nowMs);
  }

  #learn(job: BidJob, nowMs: number): void {
    const slowMs = this.deps.deadlineMs * SLOW_SHARE;
    if (nowMs >= job.expiresMs || nowMs - job.startedMs > slowMs)
      this.#inFlightLimit.slow(job.startedMs, nowMs);
    else this.#inFlightLimit.quick(job.startedMs);
  }

  #close(job: BidJob): void {
    job.returnBlanks();
    if (job.counted) {
      job.counted = false;
      this.deps.metrics.inFlight(--this.#inFlight);
    }
    if (job.waiting === 0) this.recycle(job);
  }

  /** For jobs that are answered and that the store owes nothing. */
  recycle(job: BidJob): void {
    if (job.idle || this.#pool.length >= this.deps.inFlightMax) return;
    job.idle = true;
    this.#pool.push(job);
  }
}
