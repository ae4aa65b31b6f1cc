/** `rekindle learned`: what exchanges have taught by their notices: creatives they refuse, prices that win. */
import type { Command } from 'commander';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { formatMicros } from '../proto/micros.ts';
import { type ExchangeLesson, readLessons } from '../service/read-lessons.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import type { Terminal } from './terminal.ts';
import { openWorkspaceStore } from './workspace-store.ts';

export function addLearned(program: Command): void {
  withCommon(
    program
      .command('learned')
      .argument('[exchange]', 'one exchange; all without it')
      .description('what exchanges have taught by their notices'),
    'rekindle learned generic --json',
  ).action(learned);
}

async function learned(name: string | undefined, options: CommonOptions): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const names = loadWorkspace(config.dir).exchanges.map(({ exchange }) => exchange);
  if (name !== undefined && !names.includes(name)) {
    const known = names.join(', ');
    throw new Failure('usage', `there is no exchange "${name}"; expected one of: ${known}`);
  }
  await using store = await openWorkspaceStore(config);
  const wanted = name === undefined ? names : [name];
  const exchanges = await readLessons(store, wanted, systemClock.nowMs());
  terminal.data({ v: 1, exchanges });
  for (const lesson of exchanges) showLesson(lesson, terminal);
}

function showLesson({ exchange, creatives, winPrices }: ExchangeLesson, terminal: Terminal): void {
  terminal.say(terminal.bold(exchange));
  if (creatives.length + winPrices.length === 0) terminal.say('  has told nothing yet');
  for (const { creative, state, code, count, pausedUntilMs } of creatives) {
    const verdict = state === 'ok' ? terminal.good(state) : terminal.bad(state);
    const until = pausedUntilMs === 0 ? '' : `, paused until ${isoTime(pausedUntilMs)}`;
    const why =
      count === 0 ? '' : terminal.dim(`  ${count} losses, the last by code ${code}${until}`);
    terminal.say(`  creative  ${creative.padEnd(32)} ${verdict}${why}`);
  }
  for (const { currency, buckets } of winPrices) {
    terminal.say(`  up to ${currency}    won  outbid  below floor  win rate  would have won`);
    for (const bucket of buckets) showBucket(bucket, terminal);
  }
}

type Bucket = ExchangeLesson['winPrices'][number]['buckets'][number];

function showBucket(bucket: Bucket, terminal: Terminal): void {
  const { upToCpmMicros, won, outbid, below_floor: low, winRate } = bucket;
  const price = upToCpmMicros === null ? 'more' : formatMicros(upToCpmMicros);
  const rate = winRate === null ? '–' : `${Math.round(100 * winRate)} %`;
  const told = bucket.min_to_win_won + bucket.min_to_win_lost;
  const cells = [String(won), String(outbid), String(low), rate, String(told)];
  const widths = [7, 7, 12, 9, 15];
  const row = cells.map((cell, i) => cell.padStart(widths[i]!)).join(' ');
  terminal.say(`  ${price.padEnd(10)}${row}`);
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
