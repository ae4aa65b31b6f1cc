/** `rekindle forget <shop>`: takes a person out of everything, and keeps them out. */
import type { Command } from 'commander';
import type { ErasureRecord, PlaceStatus } from '../segmenter/forget/forget-request.ts';
import { forgetInShop, forgottenInShop } from '../service/forget-jobs.ts';
import { shopNamed } from '../service/shop-jobs.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { type PersonOptions, personQuery, withPerson } from './person-options.ts';
import type { Terminal } from './terminal.ts';

interface Options extends CommonOptions, PersonOptions {
  readonly lift?: boolean;
  readonly all?: boolean;
  readonly status?: boolean;
}

export function addForget(program: Command): void {
  const command = program
    .command('forget')
    .argument('<shop>', 'folder name below shops/')
    .description('take a person out of everything that is held of them, and keep them out');
  withCommon(withPerson(command), 'rekindle forget demo --email anna@example.com')
    .option(
      '--all',
      'also customers who share an e-mail or phone with whom you name, or are one person',
    )
    .option('--lift', 'let somebody who was forgotten come back with the next import')
    .option('--status', 'every request so far, and what is pending')
    .action(forget);
}

async function forget(name: string, options: Options): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const shop = shopNamed(config, name);
  if (options.status === true) {
    const requests = await forgottenInShop(config, shop);
    terminal.data({ v: 1, shop: name, requests });
    if (requests.length === 0) terminal.say(`nobody was forgotten in ${name}`);
    for (const request of requests) show(request, terminal);
    return;
  }
  const query = personQuery(options);
  const progress = terminal.progress();
  const record = await forgetInShop(config, shop, {
    query,
    lift: options.lift ?? false,
    all: options.all ?? false,
    onProgress: ({ phase, done, total }) => progress.update(phase, done, total),
  }).finally(() => progress.end());
  terminal.data(record);
  show(record, terminal);
}

function show(record: ErasureRecord, terminal: Terminal): void {
  const { id, requestedAtMs, erasedAtMs, liftedAtMs, customers, sharedIdentifiers } = record;
  const asked = `request ${id} of ${time(requestedAtMs)}`;
  if (liftedAtMs !== null) {
    terminal.say(`${asked}: lifted ${time(liftedAtMs)}; imports take this person again`);
    return;
  }
  const mark = erasedAtMs === null ? terminal.bad('!') : terminal.good('✓');
  terminal.say(`${mark} ${asked}: ${customers} customers`);
  if (erasedAtMs === null) terminal.warn('  not finished: run the same command again');
  for (const status of record.places) showPlace(status, terminal);
  if (sharedIdentifiers > 0) {
    terminal.say(
      terminal.dim(
        `  ${sharedIdentifiers} identifiers that others have too lead to nobody, and stay`,
      ),
    );
  }
}

function showPlace(
  { place, state, records, reason, untilMs }: PlaceStatus,
  terminal: Terminal,
): void {
  const until = untilMs === undefined ? '' : ` until ${time(untilMs)}`;
  const count = records === 0 ? '' : String(records);
  const line = `  ${place.padEnd(22)} ${count.padStart(6)}  ${`${state}${until}`.padEnd(14)}`;
  terminal.say(`${line} ${terminal.dim(reason)}`.trimEnd());
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
