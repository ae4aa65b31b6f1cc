/**
 * How long a rebuild of the demo's 200,000 customers and 1,000,000 orders takes, against one plain
 * DuckDB aggregation over the same files in the same run, in turn.
 *
 *   node dist/loadtest/rebuild-main.js [rounds, default 3]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { machine } from './bench.ts';
import { median, threeDigits } from './latency.ts';
import { runBuilt } from './service-process.ts';

const SEED = 42;
const CUSTOMERS = 200_000;
const rounds = Number(process.argv[2] ?? 3);
const dir = mkdtempSync(join(tmpdir(), 'rekindle-rebuild-'));
try {
  await compare();
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const { cpu, cores, node } = machine();
  print(
    `${cores} × ${cpu} · node ${node} · seed ${SEED} · ${CUSTOMERS} customers · ${rounds} rounds`,
  );
  const env = { ...process.env };
  const summary = runBuilt(
    'segmenter/demo-main.js',
    [dir, String(CUSTOMERS), '6', String(SEED)],
    env,
  );
  print(summary.trim());
  const aggregations: number[] = [];
  const rebuilds: number[] = [];
  for (let i = 0; i < rounds; i++) {
    aggregations.push(await secondsOf(() => aggregate(join(dir, 'shops', 'demo', 'crm'))));
    rebuilds.push(
      await secondsOf(async () => {
        print(
          runBuilt('cli/main.js', ['segment', 'demo', '--json'], {
            ...env,
            REKINDLE_DIR: dir,
          }).trim(),
        );
      }),
    );
  }
  const ratio = median(rebuilds.map((seconds, i) => seconds / aggregations[i]!));
  print(`plain aggregation  ${threeDigits(median(aggregations))} s`);
  print(
    `rebuild            ${threeDigits(median(rebuilds))} s, the first with the import of the files`,
  );
  print(
    `ratio              ${threeDigits(ratio)} (median of pairs; may be 3, plus writing the profiles)`,
  );
}

/** Orders, revenue, first and last order by customer, joined to the customers and their devices. */
async function aggregate(crm: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE facts AS
    SELECT customer_id, count(DISTINCT order_id) AS orders, sum(quantity * unit_price) AS revenue,
           min(ordered_at) AS first_at, max(ordered_at) AS last_at,
           count(DISTINCT order_id) FILTER (status IN ('cancelled', 'no-answer', 'refused-at-door')) AS refused
    FROM read_csv('${crm}/orders.csv') GROUP BY customer_id`);
  connection.closeSync();
  instance.closeSync();
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
