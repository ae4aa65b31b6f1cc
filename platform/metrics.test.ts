import { expect, it } from 'vitest';
import { type MetricSpec, MetricsBlock, MetricsLayout } from './metrics.ts';
import { renderMetrics } from './metrics-exposition.ts';

const SPECS: readonly MetricSpec[] = [
  {
    kind: 'counter',
    name: 'rekindle_bids_total',
    help: 'Bids.',
    labels: { exchange: ['acme', 'other'], result: ['bid', 'no-bid', 'other'] },
  },
  { kind: 'gauge', name: 'rekindle_cached_persons', help: 'Persons.', labels: {} },
  {
    kind: 'histogram',
    name: 'rekindle_answer_seconds',
    help: 'Time to answer.',
    labels: { result: ['bid', 'other'] },
    bounds: [0.001, 0.005],
  },
];

const layout = new MetricsLayout(SPECS);

function block(): MetricsBlock {
  return new MetricsBlock(layout, new SharedArrayBuffer(layout.byteLength));
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

it('sums the blocks of all workers', async () => {
  const [a, b] = [block(), block()];
  const bid = a.slot('rekindle_bids_total', 'acme', 'bid');
  a.add(bid, 1);
  b.add(bid, 2);
  a.set(a.slot('rekindle_cached_persons'), 10);
  b.set(b.slot('rekindle_cached_persons'), 5);
  const lines = linesOf(await renderMetrics(layout, [a.snapshot(), b.snapshot()]));
  expect(lines).toContain('rekindle_bids_total{exchange="acme",result="bid"} 3');
  expect(lines).toContain('rekindle_bids_total{exchange="other",result="no-bid"} 0');
  expect(lines).toContain('rekindle_cached_persons 15');
});

it('gives histograms cumulative buckets, a sum and a count', async () => {
  const a = block();
  const slot = a.slot('rekindle_answer_seconds', 'other');
  for (const seconds of [0.0005, 0.001, 0.003, 0.25]) a.observe(slot, seconds);
  const lines = linesOf(await renderMetrics(layout, [a.snapshot()]));
  expect(
    lines.filter((line) => line.includes('result="other"') && line.includes('answer')),
  ).toEqual([
    'rekindle_answer_seconds_bucket{le="0.001",result="other"} 2',
    'rekindle_answer_seconds_bucket{le="0.005",result="other"} 3',
    'rekindle_answer_seconds_bucket{le="+Inf",result="other"} 4',
    'rekindle_answer_seconds_sum{result="other"} 0.2545',
    'rekindle_answer_seconds_count{result="other"} 4',
  ]);
});

it('says type and help of every metric before anything counted', async () => {
  const text = await renderMetrics(layout, []);
  expect(text).toContain('# HELP rekindle_bids_total Bids.\n# TYPE rekindle_bids_total counter\n');
  expect(text).toContain('# TYPE rekindle_cached_persons gauge\n');
  expect(text).toContain('# TYPE rekindle_answer_seconds histogram\n');
  expect(text.endsWith('\n')).toBe(true);
});

it('counts an unknown label value as other', () => {
  const a = block();
  expect(a.slot('rekindle_bids_total', 'evil"\n', 'bid')).toBe(
    a.slot('rekindle_bids_total', 'other', 'bid'),
  );
});

it('gives every label combination its own slot', () => {
  const a = block();
  const slots = ['acme', 'other'].flatMap((exchange) =>
    ['bid', 'no-bid', 'other'].map((result) => a.slot('rekindle_bids_total', exchange, result)),
  );
  expect(new Set(slots).size).toBe(6);
});

it('lets another thread read what one wrote', () => {
  const buffer = new SharedArrayBuffer(layout.byteLength);
  const writer = new MetricsBlock(layout, buffer);
  writer.add(writer.slot('rekindle_bids_total', 'acme', 'bid'), 7);
  expect(new MetricsBlock(new MetricsLayout(SPECS), buffer).snapshot()[0]).toBe(7);
});

const refused: readonly [string, () => unknown, RegExp][] = [
  ['a name twice', () => new MetricsLayout([SPECS[0]!, SPECS[0]!]), /given twice/],
  ['a foreign name', () => new MetricsLayout([{ ...SPECS[0]!, name: 'x' }]), /rekindle_/],
  ['a label without values', () => spec({ labels: { a: [] } }), /label a .* has no values/],
  ['too many combinations', () => spec({ labels: { a: ids(50), b: ids(50) } }), /2500 label/],
  [
    'bounds out of order',
    () => new MetricsLayout([{ ...SPECS[2]!, bounds: [2, 1] } as MetricSpec]),
    /ascend/,
  ],
  [
    'a buffer of another layout',
    () => new MetricsBlock(layout, new ArrayBuffer(8)),
    /bytes, not 8/,
  ],
  ['an unknown metric', () => block().slot('rekindle_nothing'), /not in the layout/],
  [
    'missing label values',
    () => block().slot('rekindle_bids_total', 'acme'),
    /\[exchange, result\], got 1/,
  ],
];

it.each(refused)('refuses %s', (_title, attempt, message) => {
  expect(attempt).toThrow(message);
});

function spec(change: Partial<MetricSpec>): MetricsLayout {
  return new MetricsLayout([{ ...SPECS[0]!, ...change } as MetricSpec]);
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `v${i}`);
}

it('gives a later value the place that was kept for it, the same one everywhere', async () => {
  const specs: readonly MetricSpec[] = [
    {
      kind: 'counter',
      name: 'rekindle_bids_total',
      help: 'Bids.',
      labels: { exchange: ['acme', '', '', 'other'], result: ['bid', 'no-bid'] },
    },
    {
      kind: 'histogram',
      name: 'rekindle_answer_seconds',
      help: 'Time to answer.',
      labels: { exchange: ['', 'other'] },
      bounds: [1],
    },
  ];
  const [shown, counting] = [new MetricsLayout(specs), new MetricsLayout(specs)];
  const a = new MetricsBlock(counting, new SharedArrayBuffer(counting.byteLength));
  const count = (exchange: string) => a.add(a.slot('rekindle_bids_total', exchange, 'bid'), 1);
  const lines = async () => linesOf(await renderMetrics(shown, [a.snapshot()]));
  const bids = async () => (await lines()).filter((line) => line.includes('result="bid"'));

  count('nova');
  count('');
  expect(await bids()).toEqual([
    'rekindle_bids_total{exchange="acme",result="bid"} 0',
    'rekindle_bids_total{exchange="other",result="bid"} 2',
  ]);
  expect((await lines()).join()).toContain('rekindle_answer_seconds_count{exchange="other"} 0');

  for (const layout of [shown, counting]) expect(layout.name('exchange', 'nova')).toBe(true);
  count('nova');
  count('acme');
  expect(await bids()).toEqual([
    'rekindle_bids_total{exchange="acme",result="bid"} 1',
    'rekindle_bids_total{exchange="nova",result="bid"} 1',
    'rekindle_bids_total{exchange="other",result="bid"} 2',
  ]);
});

it('says when a label has no place left, and knows a name it has given', () => {
  const layout = new MetricsLayout([
    { kind: 'counter', name: 'rekindle_x_total', help: 'X.', labels: { e: ['', 'other'] } },
  ]);
  expect([layout.name('e', 'a'), layout.name('e', 'a'), layout.name('e', 'b')]).toEqual([
    true,
    true,
    false,
  ]);
});
