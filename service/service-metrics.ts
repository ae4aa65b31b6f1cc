/** The layout of the service's metrics: every room's specs and the supervisor's own. */
import { bidMetricSpecs } from '../bidder/bid-metrics.ts';
import { TURNED_AWAY } from '../platform/http/http-port.ts';
import { type MetricSpec, MetricsBlock, MetricsLayout } from '../platform/metrics.ts';
import { trackerMetricSpecs } from '../tracker/tracker-metrics.ts';

const OWN: readonly MetricSpec[] = [
  {
    kind: 'counter',
    name: 'rekindle_http_turned_away_total',
    help: 'Clients of the public port over the bound of connections, and whose body took too long.',
    labels: { reason: [...TURNED_AWAY, 'other'] },
  },
  {
    kind: 'counter',
    name: 'rekindle_worker_rest_seconds_total',
    help: 'Time in which workers had nothing to do: what is left of them, though they busy-poll.',
    labels: {},
  },
  {
    kind: 'counter',
    name: 'rekindle_process_restarts_total',
    help: 'Bidder processes that ended by themselves and were started again.',
    labels: {},
  },
  {
    kind: 'gauge',
    name: 'rekindle_config_last_reload_successful',
    help: '1 when the settings on disk are the ones served, 0 when they were refused.',
    labels: {},
  },
  {
    kind: 'gauge',
    name: 'rekindle_config_last_reload_success_timestamp_seconds',
    help: 'When settings were last taken over.',
    labels: {},
  },
  {
    kind: 'counter',
    name: 'rekindle_rebuilds_total',
    help: 'Segment rebuilds that the service ran by itself after a rule, an upload or an undo had changed something.',
    labels: { result: ['published', 'failed'] },
  },
  {
    kind: 'counter',
    name: 'rekindle_segment_drifts_total',
    help: 'Segments in which more people moved than their limit allows, in rebuilds by the service.',
    labels: {},
  },
  {
    kind: 'gauge',
    name: 'rekindle_segments_broken',
    help: 'Segments that serve as they were before their file or rule broke, and those left out.',
    labels: { state: ['stale', 'left_out'] },
  },
  {
    kind: 'counter',
    name: 'rekindle_counter_copies_total',
    help: 'Copies of the embedded store’s counters, from which it is rebuilt after a power cut.',
    labels: { result: ['kept', 'failed'] },
  },
  {
    kind: 'counter',
    name: 'rekindle_process_hangs_total',
    help: 'Bidder processes that were ended because they did not answer the supervisor.',
    labels: {},
  },
];

/** So many exchanges have labels of their own; those that come after them are counted as `other`. */
const EXCHANGES_MAX = 64;

/** The same size for every list, so that exchanges may be added while the service runs: see nameExchanges. */
export function serviceMetricsLayout(exchanges: readonly string[]): MetricsLayout {
  const places = Array.from({ length: EXCHANGES_MAX }, (_, i) => exchanges[i] ?? '');
  return new MetricsLayout([...bidMetricSpecs(places), ...trackerMetricSpecs(places), ...OWN]);
}

/** `exchanges` begins with those the layout has names of: the supervisor adds new ones at the end. */
export function nameExchanges(layout: MetricsLayout, exchanges: readonly string[]): void {
  for (const exchange of exchanges) layout.name('exchange', exchange);
}

export class SupervisorMetrics {
  readonly #block: MetricsBlock;
  readonly #restarts: number;
  readonly #reloaded: number;
  readonly #reloadedAt: number;
  readonly #published: number;
  readonly #failed: number;
  readonly #drifts: number;
  readonly #stale: number;
  readonly #leftOut: number;
  readonly #kept: number;
  readonly #notKept: number;
  readonly #hangs: number;

  constructor(layout: MetricsLayout) {
    this.#block = new MetricsBlock(layout, new ArrayBuffer(layout.byteLength));
    this.#restarts = this.#block.slot('rekindle_process_restarts_total');
    this.#reloaded = this.#block.slot('rekindle_config_last_reload_successful');
    this.#reloadedAt = this.#block.slot('rekindle_config_last_reload_success_timestamp_seconds');
    this.#published = this.#block.slot('rekindle_rebuilds_total', 'published');
    this.#failed = this.#block.slot('rekindle_rebuilds_total', 'failed');
    this.#drifts = this.#block.slot('rekindle_segment_drifts_total');
    this.#stale = this.#block.slot('rekindle_segments_broken', 'stale');
    this.#leftOut = this.#block.slot('rekindle_segments_broken', 'left_out');
    this.#kept = this.#block.slot('rekindle_counter_copies_total', 'kept');
    this.#notKept = this.#block.slot('rekindle_counter_copies_total', 'failed');
    this.#hangs = this.#block.slot('rekindle_process_hangs_total');
  }

  processRestarted(): void {
    this.#block.add(this.#restarts, 1);
  }

  settingsTaken(nowMs: number): void {
    this.#block.set(this.#reloaded, 1);
    this.#block.set(this.#reloadedAt, nowMs / 1000);
  }

  settingsRefused(): void {
    this.#block.set(this.#reloaded, 0);
  }

  rebuilt(published: boolean): void {
    this.#block.add(published ? this.#published : this.#failed, 1);
  }

  segmentDrifted(): void {
    this.#block.add(this.#drifts, 1);
  }

  segmentsBroken(stale: number, leftOut: number): void {
    this.#block.set(this.#stale, stale);
    this.#block.set(this.#leftOut, leftOut);
  }

  countersKept(succeeded: boolean): void {
    this.#block.add(succeeded ? this.#kept : this.#notKept, 1);
  }

  processHung(): void {
    this.#block.add(this.#hangs, 1);
  }

  snapshot(): Float64Array {
    return this.#block.snapshot();
  }
}
