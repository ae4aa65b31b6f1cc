import type { CounterSpec, HistogramSpec, MetricSpec, MetricsBlock } from '../platform/metrics.ts';
import { type ClearingPrice, UNKNOWN_PRICE_FORMS } from './clearing-price.ts';
import { LOSS_REASONS, type LossReason } from './loss-reasons.ts';

const NOTICE_NAMES = ['win', 'billing', 'loss', 'impression', 'click', 'other'] as const;
type NoticeName = (typeof NOTICE_NAMES)[number];

/**
 * What became of a call at the door. `unknown` is logged too, but of an exchange or campaign that
 * settings do not have; `late`, and `preview` (HEAD, prefetch, prerender), are answered only;
 * `unreadable` are items of batches.
 */
const RECEIVED = [
  'logged',
  'unknown',
  'late',
  'forged',
  'unreadable',
  'preview',
  'not_logged',
  'other',
] as const;
type NoticeReceived = (typeof RECEIVED)[number];

/** What the store made of a logged notice. `counted` once an id; `test` bids count nowhere. */
const APPLIED = ['counted', 'duplicate', 'test', 'unreadable', 'other'] as const;
type NoticeApplied = (typeof APPLIED)[number];

const SETTLED = ['counted', 'late', 'duplicate', 'unknown-budget', 'other'] as const;
type Settled = (typeof SETTLED)[number];

/** `changed`: the same notice came before with another price. `above_bid` books the bid. */
const PRICES = ['known', 'unknown', 'above_bid', 'changed', 'other'] as const;
type PriceSeen = (typeof PRICES)[number];

const PRICE_FORMS = ['known', ...UNKNOWN_PRICE_FORMS, 'other'] as const;

const SHOP_EVENTS = ['view', 'cart', 'order', 'other'] as const;
const SHOP_RESULTS = [
  'counted',
  'duplicate',
  'invalid',
  'no_consent',
  'not_logged',
  'unlinked',
  'other',
] as const;
type ShopEventResult = (typeof SHOP_RESULTS)[number];

/** Calls of `/sync/`. `returned` began with us and came back; `invalid` is of no exchange or no sense. */
const SYNC_RESULTS = [
  'kept',
  'redirected',
  'returned',
  'no_consent',
  'opted_out',
  'invalid',
  'not_logged',
  'other',
] as const;
type SyncResult = (typeof SYNC_RESULTS)[number];

const APPLY_FAULTS = ['store_away', 'failed', 'deferred', 'other'] as const;
type ApplyFault = (typeof APPLY_FAULTS)[number];

/** Codes of OpenRTB 2.6, "Loss Reason Codes"; 500 and over are an exchange's own. */
const LOSS_CODES = [
  ...range(0, 10),
  ...range(100, 104),
  ...range(200, 215),
  'exchange',
  'unknown',
  'other',
];

const AUCTION_ENDS = ['won', 'lost'] as const;
const CPM_BOUNDS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
const MICROS = 1_000_000;

/** One method an event that is measured; labels are bounded. */
export interface TrackerMetrics {
  noticeReceived(kind: NoticeName, result: NoticeReceived): void;
  /** Of a win or billing notice, as it came. */
  priceRead(exchange: string, price: ClearingPrice): void;
  noticeApplied(kind: NoticeName, result: NoticeApplied): void;
  settled(result: Settled): void;
  priceSeen(seen: PriceSeen): void;
  /** In nanos of the shop's currency; exported in micros. */
  spent(exchange: string, nanos: number): void;
  /** Null is a code that could not be read. */
  lost(exchange: string, code: number | null, reason: LossReason): void;
  minToWin(exchange: string, outcome: (typeof AUCTION_ENDS)[number], cpmMicros: number): void;
  shopEvent(kind: string, result: ShopEventResult): void;
  synced(exchange: string, result: SyncResult): void;
  /** From arrival to the store. */
  eventApplied(lagMs: number): void;
  applyFault(fault: ApplyFault): void;
  logDropped(records: number): void;
  /** To be called when exchanges got places of their own in the layout. */
  exchangesNamed(): void;
}

/** What the tracker exports. `exchanges` are names of the workspace; '' keeps a place for a later one. */
export function trackerMetricSpecs(exchanges: readonly string[]): readonly MetricSpec[] {
  return [
    counter('rekindle_notices_total', 'Notices and browser events by what became of the call.', {
      kind: NOTICE_NAMES,
      result: RECEIVED,
    }),
    counter('rekindle_notice_prices_total', 'Prices of win and billing notices by form.', {
      exchange: [...exchanges, 'other'],
      form: PRICE_FORMS,
    }),
    counter('rekindle_notices_applied_total', 'Logged notices by what the store made of them.', {
      kind: NOTICE_NAMES,
      result: APPLIED,
    }),
    counter('rekindle_settlements_total', 'Charges to budgets by the store’s answer.', {
      result: SETTLED,
    }),
    counter('rekindle_clearing_prices_total', 'Prices in the notices that book spend.', {
      seen: PRICES,
    }),
    counter('rekindle_spend_micros_total', 'Spend booked, micros of the shop’s currency.', {
      exchange: [...exchanges, 'other'],
    }),
    counter('rekindle_loss_total', 'Loss notices by OpenRTB loss code.', { code: LOSS_CODES }),
    counter('rekindle_loss_reasons_total', 'Loss notices by what they ask of us.', {
      exchange: [...exchanges, 'other'],
      reason: LOSS_REASONS,
    }),
    {
      kind: 'histogram',
      name: 'rekindle_min_to_win_cpm',
      help: 'What would have won, CPM in the currency of the bid.',
      labels: { exchange: [...exchanges, 'other'], outcome: [...AUCTION_ENDS, 'other'] },
      bounds: CPM_BOUNDS,
    },
    counter('rekindle_shop_events_total', 'Events posted by shops.', {
      kind: SHOP_EVENTS,
      result: SHOP_RESULTS,
    }),
    counter('rekindle_syncs_total', 'Calls of user sync by what became of them.', {
      exchange: [...exchanges, 'other'],
      result: SYNC_RESULTS,
    }),
    lagHistogram,
    counter(
      'rekindle_event_apply_faults_total',
      'Logged events the store could not take at once.',
      {
        fault: APPLY_FAULTS,
      },
    ),
    counter('rekindle_log_dropped_total', 'Bid records that the event log could not keep.', {}),
  ];
}

const lagHistogram: HistogramSpec = {
  kind: 'histogram',
  name: 'rekindle_event_lag_seconds',
  help: 'From an event’s arrival to its being in the store.',
  labels: {},
  bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
};

/** The layout of `block` must hold trackerMetricSpecs. */
export function createTrackerMetrics(block: MetricsBlock): TrackerMetrics {
  const slots = new Map<string, number>();
  const slot = (name: string, ...labels: readonly string[]): number => {
    const key = `${name} ${labels.join(' ')}`;
    const found = slots.get(key) ?? block.slot(name, ...labels);
    slots.set(key, found);
    return found;
  };
  const count = (name: string, ...labels: readonly string[]): void =>
    block.add(slot(name, ...labels), 1);
  return {
    noticeReceived: (kind, result) => count('rekindle_notices_total', kind, result),
    priceRead: (exchange, price) =>
      count(
        'rekindle_notice_prices_total',
        exchange,
        price.kind === 'known' ? 'known' : price.form,
      ),
    noticeApplied: (kind, result) => count('rekindle_notices_applied_total', kind, result),
    settled: (result) => count('rekindle_settlements_total', result),
    priceSeen: (seen) => count('rekindle_clearing_prices_total', seen),
    spent: (exchange, nanos) =>
      block.add(slot('rekindle_spend_micros_total', exchange), nanos / 1000),
    lost: (exchange, code, reason) => {
      count('rekindle_loss_total', lossLabel(code));
      count('rekindle_loss_reasons_total', exchange, reason);
    },
    minToWin: (exchange, outcome, cpmMicros) =>
      block.observe(slot('rekindle_min_to_win_cpm', exchange, outcome), cpmMicros / MICROS),
    shopEvent: (kind, result) => count('rekindle_shop_events_total', kind, result),
    synced: (exchange, result) => count('rekindle_syncs_total', exchange, result),
    eventApplied: (lagMs) =>
      block.observe(slot('rekindle_event_lag_seconds'), Math.max(0, lagMs) / 1000),
    applyFault: (fault) => count('rekindle_event_apply_faults_total', fault),
    logDropped: (records) => block.add(slot('rekindle_log_dropped_total'), records),
    exchangesNamed: () => slots.clear(),
  };
}

function lossLabel(code: number | null): string {
  if (code === null) return 'unknown';
  if (code >= 500) return 'exchange';
  return LOSS_CODES.includes(String(code)) ? String(code) : 'other';
}

function counter(
  name: string,
  help: string,
  labels: Readonly<Record<string, readonly string[]>>,
): CounterSpec {
  return { kind: 'counter', name, help, labels };
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}
