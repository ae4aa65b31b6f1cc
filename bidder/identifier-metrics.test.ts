import { expect, it } from 'vitest';
import { MetricsBlock, MetricsLayout } from '../platform/metrics.ts';
import { renderMetrics } from '../platform/metrics-exposition.ts';
import type { IdentitySpace } from '../proto/ids.ts';
import type { Store } from '../store/ports.ts';
import { campaign, snapshotOf } from './auction/shop.contract.ts';
import { bidRequest, openBench, settled } from './bidder.contract.ts';
import { IdentifierMetrics, identifierMetricSpec } from './identifier-metrics.ts';

async function counted(record: (metrics: IdentifierMetrics) => void): Promise<string[]> {
  const layout = new MetricsLayout([identifierMetricSpec(['demo', 'other'])]);
  const buffer = new ArrayBuffer(layout.byteLength);
  record(new IdentifierMetrics(new MetricsBlock(layout, buffer)));
  const text = await renderMetrics(layout, [new Float64Array(buffer)]);
  return text
    .split('\n')
    .filter((line) => /^rekindle_identifiers_total.* [1-9]/.test(line))
    .map((line) => line.replace(/^.*\{exchange="(.*)",kind="(.*)",outcome="(.*)"\}/, '$1 $2 $3'));
}

const of = (...spaces: IdentitySpace[]) => spaces.map((space) => ({ space, value: 'v' }));

it('counts each kind once a request, and what no kind is named for together', async () => {
  const spaces = of('cookie', 'eid:a.example', 'eid:uidapi.com', 'eid:b.example', 'exchange:demo');
  expect(await counted((metrics) => metrics.seen('demo', spaces))).toEqual([
    'demo cookie seen 1',
    'demo exchange seen 1',
    'demo eid:uidapi.com seen 1',
    'demo other seen 1',
  ]);
});

it('counts what led to a customer beside it, and exchanges apart', async () => {
  const lines = await counted((metrics) => {
    metrics.seen('demo', of('ifa', 'email_sha256'));
    metrics.linked('demo', 'email_sha256');
    metrics.seen('removed', of('exchange:removed'));
    metrics.linked('removed', 'exchange:removed');
  });
  expect(lines).toEqual([
    'demo ifa seen 1',
    'demo email_sha256 seen 1',
    'demo email_sha256 linked 1',
    'other exchange seen 1',
    'other exchange linked 1',
  ]);
});

it('has room for as many exchanges as a service names', () => {
  const exchanges = Array.from({ length: 65 }, (_, i) => `e${i}`);
  expect(() => new MetricsLayout([identifierMetricSpec(exchanges)])).not.toThrow();
});

it('counts the kind that led a bid to its person, also when it is remembered', async () => {
  const distant = (real: Store): Store => ({
    ...real,
    hot: {
      worthRemembering: true,
      holdsBlanks: false,
      readPerson: (read, receiver) => real.hot.readPerson(read, receiver),
    },
  });
  for (const store of [(real: Store) => real, distant]) {
    await using bench = await openBench(snapshotOf([campaign('open')]), { store });
    const { metrics } = bench;
    const count = (kind: string, outcome: string) =>
      metrics.snapshot()[metrics.slot('rekindle_identifiers_total', 'demo', kind, outcome)];
    for (const name of ['anna', 'anna', 'nobody-knows'])
      await settled(bench.post(bidRequest(name)));
    expect([count('cookie', 'seen'), count('cookie', 'linked')]).toEqual([3, 2]);
    expect(count('ifa', 'seen')).toBe(0);
  }
});
