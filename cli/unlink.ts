/** `rekindle unlink <shop>`: takes back that an identifier is a customer's, for good. */
import type { Command } from 'commander';
import { Failure } from '../platform/failure.ts';
import { importShop, shopNamed } from '../service/shop-jobs.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { type PersonOptions, personQuery, withPerson } from './person-options.ts';

interface Options extends CommonOptions, PersonOptions {
  readonly undo?: boolean;
}

export function addUnlink(program: Command): void {
  const command = program
    .command('unlink')
    .argument('<shop>', 'folder name below shops/')
    .description('take back that an identifier is a customer’s, whatever files say of it later');
  withCommon(withPerson(command), 'rekindle unlink demo --customer 1042 --cookie 7f3a')
    .option('--undo', 'let the link count again')
    .action(unlink);
}

async function unlink(name: string, options: Options): Promise<void> {
  const { customers, emails, phones, devices } = personQuery(options);
  const [customer] = customers;
  const identifiers = [
    ...emails.map((value) => ({ space: 'email', value })),
    ...phones.map((value) => ({ space: 'phone', value })),
    ...devices,
  ];
  if (customer === undefined || customers.length > 1 || identifiers.length === 0) {
    throw new Failure(
      'usage',
      'say one --customer, and what is not theirs: --email, --phone, --cookie or --ifa',
    );
  }
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const shop = shopNamed(config, name);
  const undo = options.undo ?? false;
  const links = identifiers.map((identifier) => ({ customer, ...identifier, undo }));
  const { joined } = await importShop(config, shop, { files: {}, unlink: links });
  terminal.data({ v: 1, shop: name, unlinked: links, joined });
  for (const { space, value } of links) {
    terminal.say(
      `${terminal.good('✓')} ${customer} ${space} ${value}: ${undo ? 'counts again' : 'taken back'}`,
    );
  }
  terminal.say(terminal.dim(`  serves with the next build: rekindle segment ${name}`));
}
