/** `rekindle access <shop>`: everything that is held of a person, in a file for them. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Failure } from '../platform/failure.ts';
import { heldInShop } from '../service/forget-jobs.ts';
import { shopNamed } from '../service/shop-jobs.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { type PersonOptions, personQuery, withPerson } from './person-options.ts';

const WHY_SHOWN =
  'the file is of them too, who share an e-mail or phone with whom you named, or are one person with them';

interface Options extends CommonOptions, PersonOptions {
  readonly out: string;
}

export function addAccess(program: Command): void {
  const command = program
    .command('access')
    .argument('<shop>', 'folder name below shops/')
    .description('everything that is held of a person, as JSON, each place by its name');
  withCommon(withPerson(command), 'rekindle access demo --customer 1042 --out anna.json')
    .requiredOption('--out <file>', 'where to write it; a file that is not there yet')
    .action(access);
}

async function access(name: string, options: Options): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const shop = shopNamed(config, name);
  const held = await heldInShop(config, shop, personQuery(options));
  writeNew(options.out, `${JSON.stringify(held, null, 2)}\n`);
  const counts = Object.entries(held.places).map(([place, { length }]) => [place, length] as const);
  const { customers, unnamed } = held;
  const records = Object.fromEntries(counts);
  terminal.data({ v: 1, shop: name, file: options.out, customers, unnamed, records });
  terminal.say(`of ${customers.length === 0 ? 'no customer' : customers.join(', ')}`);
  if (unnamed.length > 0) terminal.alert('not named', `${unnamed.join(', ')}: ${WHY_SHOWN}`);
  for (const [place, count] of counts) {
    terminal.say(`  ${place.padEnd(22)} ${String(count).padStart(6)}`);
  }
  terminal.say(`${terminal.good('✓')} ${options.out}`);
}

/** For its owner's eyes alone. Throws Failure for a file that is there already. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    throw new Failure('usage', `${file} cannot be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
