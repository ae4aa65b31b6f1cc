/** `rekindle bench`: load on the running service, a verdict, and its cost beside a bare echo. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { runBench } from '../loadtest/bench.ts';
import { formatReport } from '../loadtest/bench-report.ts';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';

interface BenchCommandOptions extends CommonOptions {
  readonly exchange: string;
  readonly shop: string;
  readonly for: number;
  readonly rate?: number;
  readonly connections: number;
  readonly seed: number;
  readonly slo: string;
}

export function addBench(program: Command): void {
  withCommon(
    program.command('bench').description('load the running service and judge it'),
    'rekindle bench --for 30 --slo p99=20ms,errors=0.1%,ratio=12',
  )
    .option('--exchange <exchange>', 'the exchange that asks', 'generic')
    .option('--shop <shop>', 'whose people are known', 'demo')
    .option('--for <seconds>', 'how long, about', Number, 30)
    .option(
      '--rate <n>',
      'requests per second of the open loop; half of the maximum without it',
      Number,
    )
    .option('--connections <n>', 'keep-alive connections', Number, 32)
    .option('--seed <n>', 'of the request mix', Number, 7)
    .option('--slo <thresholds>', 'p99=20ms,errors=0.1%,ratio=12; exit 5 when breached', '')
    .action(bench);
}

async function bench(options: BenchCommandOptions): Promise<void> {
  const terminal = terminalOf(options);
  const { dir, port, adminPort } = serviceConfig();
  const serverPids = await pidsOf(adminPort);
  const report = await runBench({
    url: `http://127.0.0.1:${port}/bid/${options.exchange}`,
    exchange: options.exchange,
    seconds: options.for,
    ...(options.rate === undefined ? {} : { rate: options.rate }),
    connections: options.connections,
    seed: options.seed,
    serverPids,
    samplesFile: join(dir, 'data', options.shop, 'samples.json'),
    thresholds: options.slo,
    onProgress: (step) => terminal.warn(`  ${step}`),
  });
  const folder = join(dir, 'bench');
  mkdirSync(folder, { recursive: true });
  const file = join(
    folder,
    `${new Date(systemClock.nowMs()).toISOString().replaceAll(':', '-')}.json`,
  );
  writeFileSync(file, JSON.stringify(report, null, 2));
  terminal.data(report);
  terminal.say(formatReport(report));
  terminal.say(terminal.dim(`written to ${file}`));
  if (report.breached.length > 0) {
    throw new Failure('threshold-breached', `breached: ${report.breached.join('; ')}`);
  }
}

async function pidsOf(adminPort: number): Promise<number[]> {
  try {
    const answer = await fetch(`http://127.0.0.1:${adminPort}/version`);
    return ((await answer.json()) as { pids: number[] }).pids;
  } catch (error) {
    const message = `no service answers on admin port ${adminPort}; start it with "rekindle start"`;
    throw new Failure('dependency-unreachable', message, { cause: error });
  }
}
