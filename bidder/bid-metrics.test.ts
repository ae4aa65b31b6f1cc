import { expect, it } from 'vitest';
import { MetricsBlock, MetricsLayout } from '../platform/metrics.ts';
import { renderMetrics } from '../platform/metrics-exposition.ts';
import { BidMetrics, bidMetricSpecs } from './bid-metrics.ts';

async function counted(record: (metrics: BidMetrics) => void): Promise<string[]> {
  const layout = new MetricsLayout(bidMetricSpecs(['demo']));
  const buffer = new ArrayBuffer(layout.byteLength);
  record(new BidMetrics(new MetricsBlock(layout, buffer)));
  const text = await renderMetrics(layout, [new Float64Array(buffer)]);
  return text
    .split('\n')
    .filter((line) => /^rekindle_(requests|store_op_failures|blanks_lapsed)_total.* 1$/.test(line));
}

it.each(['bid', 'no-bid', 'bad-request', 'error'] as const)(
  'counts %s as that',
  async (outcome) => {
    expect(await counted((metrics) => metrics.answered('demo', outcome, 1))).toEqual([
      `rekindle_requests_total{exchange="demo",outcome="${outcome}"} 1`,
    ]);
  },
);

it.each(['read-person', 'reserve-caps'] as const)('counts a failed %s as that', async (op) => {
  expect(await counted((metrics) => metrics.storeAnswered(op, 1, true))).toEqual([
    `rekindle_store_op_failures_total{op="${op}"} 1`,
  ]);
});

it('counts blanks that lapse', async () => {
  expect(await counted((metrics) => metrics.blanksLapsed())).toEqual([
    'rekindle_blanks_lapsed_total 1',
  ]);
});
