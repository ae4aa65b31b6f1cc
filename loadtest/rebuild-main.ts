/**
 * How long a rebuild of the demo's 200,000 customers and 1,000,000 orders takes, against one plain
 * DuckDB aggregation over the same files in the same run, in turn.
 *
 *   node dist/loadtest/rebuild-main.js [rounds, default 3]
 *
 * The promise: at most three times the aggregation, plus what the store does: writing profiles and
 * links and, from the third build on, removing those of the oldest generation.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { systemClock } from '../platform/clock.ts';
import { machine } from './bench.ts';
import { median, threeDigits } from './latency.ts';
import { runBuilt } from './service-process.ts';

const SEED = 42;
const CUSTOMERS = 200_000;
const STORE_PHASES = ['writing profiles', 'writing links', 'sealing', 'removing the oldest'];

interface Rebuild {
  readonly unchanged: boolean;
  readonly timings: readonly { readonly phase: string; readonly ms: number }[];
}

const rounds = Number(process.argv[2] ?? 3);
const dir = mkdtempSync(join(tmpdir(), 'rekindle-rebuild-'));
const crm = join(dir, 'shops', 'demo', 'crm');
const env = { ...process.env, REKINDLE_DIR: dir };
try {
  await compare();
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function compare(): Promise<void> {
  const { cpu, cores, node } = machine();
  print(`${cores} × ${cpu} · node ${node} · seed ${SEED} · ${rounds} rounds`);
  print(
    runBuilt('segmenter/demo-main.js', [dir, String(CUSTOMERS), '6', String(SEED)], env).trim(),
  );
  const importing = await secondsOf(async () => {
    const files = ['customers', 'orders', 'devices'].flatMap((name) => [
      `--${name}`,
      join(crm, `${name}.csv`),
    ]);
    runBuilt('cli/main.js', ['import', 'demo', ...files, '--json'], env);
  });
  print(`import               ${threeDigits(importing.seconds)} s, once`);

  const aggregations: number[] = [];
  const rebuilds: number[] = [];
  const writings: number[] = [];
  for (let i = 0; i < rounds; i++) {
    aggregations.push((await secondsOf(aggregate)).seconds);
    // Another day each time: a build of the same moment would be there already.
    const { seconds, result } = await secondsOf(async () => rebuild(i));
    rebuilds.push(seconds);
    writings.push(secondsIn(result, STORE_PHASES));
    print(result.timings.map(({ phase, ms }) => `${phase} ${Math.round(ms)} ms`).join(' · '));
  }
  const without = rebuilds.map((seconds, i) => (seconds - writings[i]!) / aggregations[i]!);
  print(`plain aggregation    ${threeDigits(median(aggregations))} s`);
  print(`rebuild              ${threeDigits(median(rebuilds))} s, process start to end`);
  print(`  of it the store    ${threeDigits(median(writings))} s`);
  print(`ratio without it     ${threeDigits(median(without))} (median of pairs; promised: 3)`);
}

function rebuild(daysAgo: number): Rebuild {
  const asOf = new Date(systemClock.nowMs() - daysAgo * 86_400_000).toISOString();
  const output = runBuilt('cli/main.js', ['segment', 'demo', '--as-of', asOf, '--json'], env);
  const result = JSON.parse(output) as Rebuild;
  if (result.unchanged) throw new Error('the build was there already: nothing was measured');
  return result;
}

/** Orders, revenue, first and last order and refusals by customer, straight from the CRM's file. */
async function aggregate(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`
    CREATE TABLE facts AS
    SELECT customer_id, count(DISTINCT order_id) AS orders, sum(quantity * unit_price) AS revenue,
           min(ordered_at) AS first_at, max(ordered_at) AS last_at,
           count(DISTINCT order_id) FILTER (status IN ('cancelled', 'no-answer', 'refused-at-door')) AS refused
    FROM read_csv('${crm.replaceAll("'", "''")}/orders.csv') GROUP BY customer_id`);
  connection.closeSync();
  instance.closeSync();
}

function secondsIn({ timings }: Rebuild, phases: readonly string[]): number {
  const counted = timings.filter(({ phase }) => phases.includes(phase));
  return counted.reduce((sum, { ms }) => sum + ms, 0) / 1000;
}

async function secondsOf<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const startMs = performance.now();
  const result = await work();
  return { seconds: (performance.now() - startMs) / 1000, result };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
