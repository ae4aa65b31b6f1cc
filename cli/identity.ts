/** `rekindle identity <shop> <customer or value>`: which identifiers lead to whom, and why others do not. */
import type { Command } from 'commander';
import type { IdentityView, ShownLink } from '../segmenter/identity/identity-view.ts';
import { identityInShop } from '../service/identity-jobs.ts';
import { shopNamed } from '../service/shop-jobs.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import type { Terminal } from './terminal.ts';

export function addIdentity(program: Command): void {
  withCommon(
    program
      .command('identity')
      .argument('<shop>', 'folder name below shops/')
      .argument('<who>', 'a customer id, or an e-mail, phone, cookie or device id')
      .description(
        'which identifiers were seen with a customer, what says so, and which lead to them',
      ),
    'rekindle identity demo anna@example.com',
  ).action(identity);
}

async function identity(name: string, asked: string, options: CommonOptions): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const view = await identityInShop(config, shopNamed(config, name), asked);
  terminal.data(view);
  show(view, terminal);
}

function show(view: IdentityView, terminal: Terminal): void {
  if (view.persons.length + view.links.length === 0) {
    terminal.warn(`${view.shop} knows no customer and no identifier ${view.asked}`);
  }
  for (const { person, customers } of view.persons) {
    const many = customers.length > 1 ? 'customers who are one person' : 'customer';
    terminal.say(`${many} ${customers.join(', ')} ${terminal.dim(person)}`);
  }
  for (const link of view.links) showLink(link, terminal);
  if (view.customersMore > 0) terminal.say(`  and ${view.customersMore} customers more`);
}

function showLink(link: ShownLink, terminal: Terminal): void {
  const { customer, space, value, source, evidence, firstSeenMs, lastSeenMs, reason } = link;
  const mark = link.counts ? terminal.good('✓') : terminal.bad('✗');
  const seen =
    lastSeenMs === null ? '' : `${dayOf(firstSeenMs ?? lastSeenMs)}..${dayOf(lastSeenMs)}`;
  const what = `${customer} ${space} ${value}`;
  terminal.say(`${mark} ${what.padEnd(48)} ${reason}`);
  terminal.say(terminal.dim(`    ${[`${source}, ${evidence}`, seen].filter(Boolean).join('  ')}`));
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
