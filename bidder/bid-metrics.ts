/** What the bidder counts: the specs for the admin side, and one method for each measured event. */
import type { MetricSpec, MetricsBlock } from '../platform/metrics.ts';
import { NO_BID_REASONS, type NoBidReason } from './auction/no-bid-reason.ts';
import { IdentifierMetrics, identifierMetricSpec } from './identifier-metrics.ts';

export type RequestOutcome = 'bid' | 'no-bid' | 'bad-request' | 'error';
export type StoreOp = 'read-person' | 'reserve-caps';

const OUTCOMES: readonly RequestOutcome[] = ['bid', 'no-bid', 'bad-request', 'error'];
const STORE_OPS: readonly StoreOp[] = ['read-person', 'reserve-caps'];
const SECONDS = [
  0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
];
const MARGIN_SECONDS = [0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1];

type Labels = Readonly<Record<string, readonly string[]>>;

const counter = (name: string, help: string, labels: Labels = {}): MetricSpec => ({
  kind: 'counter',
  name,
  help,
  labels,
});

const gauge = (name: string, help: string, labels: Labels = {}): MetricSpec => ({
  kind: 'gauge',
  name,
  help,
  labels,
});

const histogram = (
  name: string,
  help: string,
  bounds: readonly number[],
  labels: Labels = {},
): MetricSpec => ({ kind: 'histogram', name, help, labels, bounds });

/**
 * Exchanges are few and named in settings; one that is not known is counted as `other`. '' keeps a
 * place for one that is named later.
 */
export function bidMetricSpecs(exchanges: readonly string[]): MetricSpec[] {
  const exchange = [...exchanges, 'other'];
  const op = STORE_OPS;
  return [
    counter('rekindle_requests_total', 'Bid requests answered.', { exchange, outcome: OUTCOMES }),
    histogram(
      'rekindle_request_duration_seconds',
      'From the request handed to us to its answer.',
      SECONDS,
      { exchange },
    ),
    histogram(
      'rekindle_read_wait_seconds',
      'The longest a request may have waited in its socket before it was read.',
      SECONDS,
    ),
    histogram(
      'rekindle_deadline_margin_seconds',
      'What was left of our share of tmax when the answer left.',
      MARGIN_SECONDS,
    ),
    counter('rekindle_nobid_total', 'Requests without a bid by their one reason.', {
      reason: [...NO_BID_REASONS, 'other'],
    }),
    counter('rekindle_bids_total', 'Bids that left, one for each imp bid on.', { exchange }),
    counter('rekindle_test_bids_total', 'Bids on requests with test=1: they reserve nothing.'),
    counter(
      'rekindle_profile_cache_hits_total',
      'Profiles looked up in the process; known absence counts as a hit.',
      { result: ['hit', 'miss'] },
    ),
    counter(
      'rekindle_personal_data_denied_total',
      'Requests whose privacy signals forbade reading an identifier.',
    ),
    histogram('rekindle_store_op_duration_seconds', 'Time the store took.', SECONDS, { op }),
    counter('rekindle_store_op_failures_total', 'Operations not answered in time.', { op }),
    counter('rekindle_bid_errors_total', 'Our own bugs, caught at the edge of a request.'),
    gauge('rekindle_bids_in_flight', 'Requests that wait for the store.'),
    gauge(
      'rekindle_answer_margin_ms',
      'What is taken off tmax for the network, as set and learned: mean over the workers.',
      { exchange },
    ),
    gauge('rekindle_creatives_paused', 'Creatives that the exchange has refused of late.', {
      exchange,
    }),
    counter('rekindle_bid_events_dropped_total', 'Bids whose record the event log refused.'),
    counter(
      'rekindle_blanks_lapsed_total',
      'Requests whose blank reservations may count until they expire: the store did not answer.',
    ),
    counter('rekindle_lesson_failures_total', 'Readings of lessons that the store did not answer.'),
    counter('rekindle_lease_failures_total', 'Budget leases the store did not answer.'),
    identifierMetricSpec(exchange),
  ];
}

/** Resolves every slot once; the methods add numbers and nothing else. */
export class BidMetrics {
  readonly identifiers: IdentifierMetrics;
  readonly #block: MetricsBlock;
  readonly #exchanges = new Map<string, ExchangeSlots>();
  readonly #reasons = new Map<NoBidReason, number>();
  readonly #readSeconds: number;
  readonly #reserveSeconds: number;
  readonly #readFailures: number;
  readonly #reserveFailures: number;
  readonly #margin: number;
  readonly #readWait: number;
  readonly #testBids: number;
  readonly #hits: number;
  readonly #misses: number;
  readonly #denied: number;
  readonly #errors: number;
  readonly #inFlight: number;
  readonly #dropped: number;
  readonly #lapsed: number;
  readonly #leaseFailures: number;

  /** The layout of `block` must hold bidMetricSpecs. */
  constructor(block: MetricsBlock) {
    this.#block = block;
    this.identifiers = new IdentifierMetrics(block);
    for (const reason of NO_BID_REASONS) {
      this.#reasons.set(reason, block.slot('rekindle_nobid_total', reason));
    }
    this.#readSeconds = block.slot('rekindle_store_op_duration_seconds', 'read-person');
    this.#reserveSeconds = block.slot('rekindle_store_op_duration_seconds', 'reserve-caps');
    this.#readFailures = block.slot('rekindle_store_op_failures_total', 'read-person');
    this.#reserveFailures = block.slot('rekindle_store_op_failures_total', 'reserve-caps');
    this.#margin = block.slot('rekindle_deadline_margin_seconds');
    this.#readWait = block.slot('rekindle_read_wait_seconds');
    this.#testBids = block.slot('rekindle_test_bids_total');
    this.#hits = block.slot('rekindle_profile_cache_hits_total', 'hit');
    this.#misses = block.slot('rekindle_profile_cache_hits_total', 'miss');
    this.#denied = block.slot('rekindle_personal_data_denied_total');
    this.#errors = block.slot('rekindle_bid_errors_total');
    this.#inFlight = block.slot('rekindle_bids_in_flight');
    this.#dropped = block.slot('rekindle_bid_events_dropped_total');
    this.#lapsed = block.slot('rekindle_blanks_lapsed_total');
    this.#leaseFailures = block.slot('rekindle_lease_failures_total');
  }

  /** Durations in ms. */
  answered(exchange: string, outcome: RequestOutcome, durationMs: number): void {
    const slots = this.#of(exchange);
    this.#block.add(outcomeSlot(slots, outcome), 1);
    this.#block.observe(slots.duration, durationMs / 1000);
  }

  deadlineMargin(marginMs: number): void {
    this.#block.observe(this.#margin, marginMs / 1000);
  }

  readWaited(waitedMs: number): void {
    this.#block.observe(this.#readWait, waitedMs / 1000);
  }

  noBid(reason: NoBidReason): void {
    this.#block.add(this.#reasons.get(reason)!, 1);
  }

  bids(exchange: string, count: number, test: boolean): void {
    this.#block.add(this.#of(exchange).bids, count);
    if (test) this.#block.add(this.#testBids, count);
  }

  profileCache(hit: boolean): void {
    this.#block.add(hit ? this.#hits : this.#misses, 1);
  }

  personalDataDenied(): void {
    this.#block.add(this.#denied, 1);
  }

  storeAnswered(op: StoreOp, durationMs: number, failed: boolean): void {
    const isRead = op === 'read-person';
    this.#block.observe(isRead ? this.#readSeconds : this.#reserveSeconds, durationMs / 1000);
    if (failed) this.#block.add(isRead ? this.#readFailures : this.#reserveFailures, 1);
  }

  bug(): void {
    this.#block.add(this.#errors, 1);
  }

  inFlight(count: number): void {
    this.#block.set(this.#inFlight, count);
  }

  eventDropped(): void {
    this.#block.add(this.#dropped, 1);
  }

  blanksLapsed(): void {
    this.#block.add(this.#lapsed, 1);
  }

  leaseFailed(): void {
    this.#block.add(this.#leaseFailures, 1);
  }

  /** Of this worker, divided by all of them: gauges are summed. */
  answerMargin(exchange: string, ms: number): void {
    this.#block.set(this.#block.slot('rekindle_answer_margin_ms', exchange), ms);
  }

  creativesPaused(exchange: string, count: number): void {
    this.#block.set(this.#block.slot('rekindle_creatives_paused', exchange), count);
  }

  lessonsFailed(): void {
    this.#block.add(this.#block.slot('rekindle_lesson_failures_total'), 1);
  }

  /** To be called when exchanges got places of their own in the layout. */
  exchangesNamed(): void {
    this.#exchanges.clear();
    this.identifiers.exchangesNamed();
  }

  /** Exchanges come from settings, so they are few. */
  #of(exchange: string): ExchangeSlots {
    let slots = this.#exchanges.get(exchange);
    if (slots === undefined) {
      slots = exchangeSlots(this.#block, exchange);
      this.#exchanges.set(exchange, slots);
    }
    return slots;
  }
}

interface ExchangeSlots {
  readonly bid: number;
  readonly noBid: number;
  readonly badRequest: number;
  readonly error: number;
  readonly duration: number;
  readonly bids: number;
}

function exchangeSlots(block: MetricsBlock, exchange: string): ExchangeSlots {
  const answered = (outcome: RequestOutcome): number =>
    block.slot('rekindle_requests_total', exchange, outcome);
  return {
    bid: answered('bid'),
    noBid: answered('no-bid'),
    badRequest: answered('bad-request'),
    error: answered('error'),
    duration: block.slot('rekindle_request_duration_seconds', exchange),
    bids: block.slot('rekindle_bids_total', exchange),
  };
}

/** Comparing names that the compiler knows costs less than looking one up in an object. */
function outcomeSlot(slots: ExchangeSlots, outcome: RequestOutcome): number {
  if (outcome === 'bid') return slots.bid;
  if (outcome === 'no-bid') return slots.noBid;
  return outcome === 'bad-request' ? slots.badRequest : slots.error;
}
