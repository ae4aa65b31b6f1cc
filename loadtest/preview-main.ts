/**
 * What a preview of a rule takes, kind of rule by kind, from the start of the command to its end: over 200,000
 * customers, a million orders and two million events, beside DuckDB reading and aggregating the same Parquet once.
 *
 *   node dist/loadtest/preview-main.js [--kind TEXT] [folder]
 *
 * With a folder the base is made there once and left; with a kind only those of that name are measured. The
 * build has kept neither ranks nor affinities, so that previews work them out themselves. The promise: under
 * a second each.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine } from './bench.ts';
import { childrenCpuMs } from './cpu-usage.ts';
import { threeDigits } from './latency.ts';
import { plainAggregation, type Time } from './plain-aggregation.ts';
import { PREVIEW_KINDS } from './preview-kinds.ts';
import { runBuilt } from './service-process.ts';

const CUSTOMERS = 200_000;
const ORDERS = 1_000_000;
const EVENTS = 2_000_000;
const ROUNDS = 5;
const PROMISED_SECONDS = 1;
const CLI = fileURLToPath(new URL('../cli/main.js', import.meta.url));

const { values, positionals } = parseArgs({
  options: { kind: { type: 'string', default: '' } },
  allowPositionals: true,
});
const dir = positionals[0] ?? mkdtempSync(join(tmpdir(), 'rekindle-preview-'));
try {
  const kinds = Object.entries(PREVIEW_KINDS).filter(([kind]) => kind.includes(values.kind));
  if (kinds.length === 0) throw new Error(`no kind of rule is named like ${values.kind}`);
  await measureAll(kinds);
} finally {
  if (positionals[0] === undefined) rmSync(dir, { recursive: true, force: true });
}

async function measureAll(kinds: readonly (readonly [string, string])[]): Promise<void> {
  if (!existsSync(join(dir, 'shops'))) makeBase();
  const { cpu, cores, node } = machine();
  print(`${cores} × ${cpu} · node ${node} · best of ${ROUNDS} rounds over all`);
  print(`${CUSTOMERS} customers, ${ORDERS} orders, ${EVENTS} events`);
  const plain = await plainAggregation(join(dir, 'data', 'demo'));
  const { seconds, cpuSeconds } = plain;
  print(`plain aggregation: ${threeDigits(seconds)} s; CPU ${threeDigits(cpuSeconds)} s\n`);
  const best = new Map<string, Previewed>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [kind, conditions] of kinds) {
      best.set(kind, better(await preview(conditions), best.get(kind)));
    }
  }
  print('| rule | members | wall, s | CPU, s | CPU to plain |');
  print('| --- | --- | --- | --- | --- |');
  for (const [kind, { members, time }] of best) {
    const ratio = threeDigits(time.cpuSeconds / cpuSeconds);
    const [wall, used] = [threeDigits(time.seconds), threeDigits(time.cpuSeconds)];
    print(`| ${kind} | ${members} | ${wall} | ${used} | ${ratio} |`);
  }
  const late = [...best].filter(([, { time }]) => time.seconds >= PROMISED_SECONDS);
  const names = late.map(([kind]) => kind).join(', ');
  print(late.length === 0 ? '\nall under a second' : `\na second or more: ${names}`);
  if (late.length > 0) process.exitCode = 1;
}

interface Previewed {
  readonly members: number;
  readonly time: Time;
}

/** Of wall and of CPU the less: the rest is what others on the machine did. */
function better(one: Previewed, other: Previewed = one): Previewed {
  return {
    members: one.members,
    time: {
      seconds: Math.min(one.time.seconds, other.time.seconds),
      cpuSeconds: Math.min(one.time.cpuSeconds, other.time.cpuSeconds),
    },
  };
}

function makeBase(): void {
  const sizes = [CUSTOMERS, ORDERS, EVENTS].map(String);
  runBuilt('segmenter/sized-base-main.js', [dir, ...sizes], process.env);
  // Only builds fit.
  appendFileSync(join(dir, 'shops/demo/shop.yaml'), '\nclv: {}\n');
  runBuilt('cli/main.js', ['segment', 'demo', '--quiet'], { ...process.env, REKINDLE_DIR: dir });
}

async function preview(conditions: string): Promise<Previewed> {
  const file = join(dir, 'tried.yaml');
  writeFileSync(file, `segment: tried\ntitle: Tried\n${conditions}`);
  const startMs = performance.now();
  const startCpuMs = childrenCpuMs();
  const child = spawn(process.execPath, [CLI, 'segment', 'demo', '--preview', file, '--json'], {
    env: { ...process.env, REKINDLE_DIR: dir },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the preview of ${file} ended with ${code}`);
  const seconds = (performance.now() - startMs) / 1000;
  const cpuSeconds = (childrenCpuMs() - startCpuMs) / 1000;
  const { members } = JSON.parse(output) as { readonly members: number };
  return { members, time: { seconds, cpuSeconds } };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
