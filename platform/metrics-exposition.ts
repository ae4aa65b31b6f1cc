import {
  type Metric,
  type MetricObjectWithValues,
  type MetricValueWithName,
  Registry,
} from 'prom-client';
import type { MetricPlace, MetricsLayout } from './metrics.ts';

type Values = Partial<MetricValueWithName<string>>[];
type Labels = Record<string, string | number>;

/** The Content-Type of what renderMetrics gives. */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * The sum of all blocks (MetricsBlock.snapshot, or any copy of its numbers) as Prometheus text. For
 * the admin side only: a registry of prom-client is filled afresh for each scrape. Histograms of
 * label combinations that never counted are left out, but for the first of each metric, and so are
 * places that are kept for values without a name yet.
 */
export function renderMetrics(
  layout: MetricsLayout,
  blocks: readonly Float64Array[],
): Promise<string> {
  const sums = new Float64Array(layout.byteLength / Float64Array.BYTES_PER_ELEMENT);
  for (const block of blocks) for (let i = 0; i < sums.length; i++) sums[i]! += block[i] ?? 0;
  const registry = new Registry();
  for (const place of layout.places) registry.registerMetric(filledMetric(place, sums));
  return registry.metrics();
}

/** prom-client asks a registered metric only for its name and `get`, and counts nothing itself. */
function filledMetric(place: MetricPlace, sums: Float64Array): Metric {
  const { name, help, kind: type } = place.spec;
  const values = place.spec.kind === 'histogram' ? histogramValues(place, sums) : [];
  if (place.spec.kind !== 'histogram')
    for (const { child, labels } of namedChildren(place))
      values.push({ value: sums[place.offset + child]!, labels });
  const filled = { name, help, type, values, aggregator: 'sum' };
  const metric = { name, get: async () => filled as unknown as MetricObjectWithValues<never> };
  return metric as unknown as Metric;
}

function histogramValues(place: MetricPlace, sums: Float64Array): Values {
  const values: Values = [];
  for (const { child, labels } of namedChildren(place)) {
    const start = place.offset + child * place.stride;
    const numbers = sums.subarray(start, start + place.stride);
    if (values.length === 0 || numbers.some((number) => number !== 0))
      pushHistogram(values, place, labels, numbers);
  }
  return values;
}

/** `numbers` are the buckets, each for itself, then the sum. */
function pushHistogram(
  values: Values,
  { spec }: MetricPlace,
  labels: Labels,
  numbers: Float64Array,
): void {
  const bounds = spec.kind === 'histogram' ? spec.bounds : [];
  let count = 0;
  for (let i = 0; i <= bounds.length; i++) {
    count += numbers[i]!;
    const le = bounds[i] ?? '+Inf';
    values.push({ metricName: `${spec.name}_bucket`, value: count, labels: { le, ...labels } });
  }
  const sum = numbers[bounds.length + 1]!;
  values.push({ metricName: `${spec.name}_sum`, value: sum, labels });
  values.push({ metricName: `${spec.name}_count`, value: count, labels });
}

function namedChildren(place: MetricPlace): { child: number; labels: Labels }[] {
  return Array.from({ length: place.children }, (_, child) => ({
    child,
    labels: labelsOf(place, child),
  })).filter(({ labels }) => !Object.values(labels).includes(''));
}

/** The last label turns fastest, see MetricsBlock.slot. */
function labelsOf(place: MetricPlace, child: number): Labels {
  const pairs: [string, string][] = [];
  let rest = child;
  for (const name of place.labelNames.toReversed()) {
    const values = place.values[name]!;
    pairs.unshift([name, values[rest % values.length]!]);
    rest = Math.floor(rest / values.length);
  }
  return Object.fromEntries(pairs);
}
