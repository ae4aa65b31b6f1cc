/** `rekindle supply refresh`: fetches ads.txt, app-ads.txt and sellers.json for the exchanges that ask for them. */
import type { Command } from 'commander';
import { systemClock } from '../platform/clock.ts';
import { FETCH_RULES } from '../service/supply/fetch-text.ts';
import { asksForFiles } from '../service/supply/load-supply-index.ts';
import { refreshSupply } from '../service/supply/refresh-supply.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { count } from './count.ts';

const UNREACHABLE_SHOWN = 10;

interface RefreshCommandOptions extends CommonOptions {
  readonly force?: boolean;
  readonly allowPrivate?: boolean;
}

export function addSupply(program: Command): void {
  const supply = program
    .command('supply')
    .description('files that say who may sell whose inventory: ads.txt, sellers.json');
  withCommon(
    supply
      .command('refresh')
      .description('fetch the files that are due, for the exchanges that ask'),
    'rekindle supply refresh',
  )
    .option('--force', 'fetch files that are not due yet too')
    .option('--allow-private', 'take private addresses too, as of a test server')
    .action(refresh);
}

async function refresh(options: RefreshCommandOptions): Promise<void> {
  const terminal = terminalOf(options);
  const { dir } = serviceConfig();
  const { exchanges } = loadWorkspace(dir);
  if (!asksForFiles(exchanges)) {
    terminal.say('no exchange asks for ads_txt or sellers_json in its supply: nothing is fetched');
    return;
  }
  const progress = terminal.progress();
  const report = await refreshSupply({
    workspaceDir: dir,
    exchanges,
    nowMs: systemClock.nowMs(),
    rules: { ...FETCH_RULES, allowPrivate: options.allowPrivate ?? false },
    force: options.force ?? false,
    signal: new AbortController().signal,
    onProblem: (place, problem) => terminal.warn(`${place}  ${problem}`),
    onProgress: (done, total) => progress.update('fetch', done, total),
  }).finally(() => progress.end());
  terminal.data({ v: 1, ...report });
  const { fetched, absent, fresh, unreachable } = report;
  terminal.say(
    `${terminal.good('✓')} ${count(fetched)} fetched, ${count(absent)} absent, ${count(fresh)} not due, ${count(unreachable.length)} unreachable`,
  );
  for (const { file, why, goodMs } of unreachable.slice(0, UNREACHABLE_SHOWN)) {
    const kept = goodMs === 0 ? 'no copy' : `the copy of ${new Date(goodMs).toISOString()} stays`;
    terminal.warn(`  ${file}: ${why}; ${kept}`);
  }
}
