/**
 * How a build of fifty segments grows: from 1 to 10 million orders of 0.2 to 2 million customers, beside
 * DuckDB reading and aggregating the same Parquet once, and beside the bare write rate of the same store.
 *
 *   node dist/loadtest/build-main.js [millions of orders, default "1 10"]
 *
 * The promises: memory of the whole process tree under 2 GB, growth close to linear.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { bareLmdbRate, bareRedisRate } from './bare-writes.ts';
import { machine } from './bench.ts';
import { threeDigits } from './latency.ts';
import { plainAggregation, type Time } from './plain-aggregation.ts';
import { type Environment, runBuilt, startRedis } from './service-process.ts';
import { type TreeUsage, TreeUsageWatch } from './tree-usage.ts';

const MILLION = 1_000_000;
const ORDERS_OF_A_CUSTOMER = 5;
const REDIS_MILLIONS_MAX = 1;
const CLI = fileURLToPath(new URL('../cli/main.js', import.meta.url));

interface Built {
  readonly unchanged: boolean;
  readonly profiles: number;
  /** How many an incremental build computed. */
  readonly mode: { readonly touched?: number } | null;
  readonly timings: readonly { readonly phase: string; readonly ms: number }[];
}

interface Measured {
  readonly seconds: number;
  readonly built: Built;
  readonly usage: TreeUsage;
}

const asked = process.argv.slice(2).map(Number);
const sizes = asked.length > 0 ? asked : [1, 10];
const { cpu, cores, node } = machine();
print(`${cores} × ${cpu} · node ${node} · 50 segments`);
const times: Time[] = [];
for (const millions of sizes) times.push(await measure(millions));
for (let i = 1; i < sizes.length; i++) {
  const growth = threeDigits(times[i]!.seconds / times[0]!.seconds);
  const ofCpu = threeDigits(times[i]!.cpuSeconds / times[0]!.cpuSeconds);
  const larger = sizes[i]! / sizes[0]!;
  print(`growth               ${growth} times, of CPU ${ofCpu}, for ${larger} times the orders`);
}

/** Returns the time of the build. */
async function measure(millions: number): Promise<Time> {
  const dir = mkdtempSync(join(tmpdir(), 'rekindle-build-'));
  try {
    const orders = millions * MILLION;
    const customers = orders / ORDERS_OF_A_CUSTOMER;
    runBuilt('segmenter/sized-base-main.js', [dir, String(customers), String(orders)], process.env);
    print(`\n${orders} orders of ${customers} customers`);
    const plain = await plainAggregation(join(dir, 'data', 'demo'));
    print(
      `plain aggregation    ${threeDigits(plain.seconds)} s; CPU ${threeDigits(plain.cpuSeconds)} s`,
    );
    const embedded = await build(dir, {});
    show(embedded, plain, await bareLmdbRate(dir));
    await touchSome(join(dir, 'data', 'demo'));
    showIncremental(await build(dir, {}), embedded);
    if (millions <= REDIS_MILLIONS_MAX) await measureRedis(dir, plain);
    return { seconds: embedded.seconds, cpuSeconds: embedded.usage.cpuSeconds };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measureRedis(dir: string, plain: Time): Promise<void> {
  const redis = await startRedis(dir, []);
  if (redis === null) return print('Redis: skipped, redis-server is not on PATH');
  try {
    print('over Redis behind a unix socket');
    show(
      await build(dir, { REKINDLE_STORE_URL: redis.url }),
      plain,
      await bareRedisRate(dir, redis.socket),
    );
  } finally {
    await redis.stop();
  }
}

/** A first build of the shop, and the most memory that its processes had. */
async function build(dir: string, env: Environment): Promise<Measured> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [CLI, 'segment', 'demo', '--json'], {
    env: { ...process.env, ...env, REKINDLE_DIR: dir },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const watch = new TreeUsageWatch(child.pid!);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  const usage = watch.done();
  if (code !== 0) throw new Error(`the build ended with ${code}`);
  return { seconds: (performance.now() - startMs) / 1000, built: JSON.parse(output), usage };
}

function show({ seconds, built, usage }: Measured, plain: Time, bareRate: number): void {
  const writing = built.timings.find(({ phase }) => phase === 'writing profiles')!.ms / 1000;
  const rate = built.profiles / writing;
  const mb = (bytes: number) => `${Math.round(bytes / MILLION)} MB`;
  print(built.timings.map(({ phase, ms }) => `${phase} ${ms} ms`).join(' · '));
  const { cpuSeconds } = usage;
  print(
    `build                ${threeDigits(seconds)} s, process start to end; CPU ${threeDigits(cpuSeconds)} s`,
  );
  print(
    `ratio to plain       ${threeDigits(seconds / plain.seconds)}; of CPU ${threeDigits(cpuSeconds / plain.cpuSeconds)}`,
  );
  print(
    `most memory          ${mb(usage.residentBytes)} resident, ${mb(usage.anonymousBytes)} of it anonymous`,
  );
  print(
    `publishing           ${Math.round(rate)} profiles/s, ${threeDigits(rate / bareRate)} of the bare ${Math.round(bareRate)}/s`,
  );
}

/** Orders of one customer in a hundred are worth a little more than they were. */
async function touchSome(folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
  const connection = await instance.connect();
  const file = join(folder, 'orders.parquet').replaceAll("'", "''");
  await connection.run(`COPY (
    SELECT * REPLACE (CAST(revenue_micros + CASE WHEN hash(person) % 100 = 0 THEN 10000 ELSE 0 END
      AS BIGINT) AS revenue_micros) FROM read_parquet('${file}') ORDER BY order_no
  ) TO '${file}.touched' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  renameSync(`${file}.touched`, file);
}

function showIncremental({ seconds, built, usage }: Measured, full: Measured): void {
  const ofFull = threeDigits(seconds / full.seconds);
  const ofCpu = threeDigits(usage.cpuSeconds / full.usage.cpuSeconds);
  print(
    `incremental          ${ofFull} of the full build, of CPU ${ofCpu}; ${built.mode?.touched} of ${built.profiles} touched`,
  );
  print(built.timings.map(({ phase, ms }) => `${phase} ${ms} ms`).join(' · '));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
