/** `rekindle export <shop>`: a segment as a file that a platform takes. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { HANDOVER_FILES, type HandoverFile } from '../segmenter/handover/handover-request.ts';
import { handOverSegment } from '../service/handover-jobs.ts';
import { shopNamed } from '../service/shop-jobs.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';

interface Options extends CommonOptions {
  readonly segment: string;
  readonly to: HandoverFile;
  readonly out: string;
}

export function addExport(program: Command): void {
  withCommon(
    program
      .command('export')
      .argument('<shop>', 'folder name below shops/')
      .description('hand a segment over to a platform, hashed as it wants it'),
    'rekindle export demo --segment lapsed_loyal --to google --out lapsed.csv',
  )
    .requiredOption('--segment <segment>', 'a segment of the serving generation')
    .addOption(
      new Option('--to <platform>', 'whose columns and hashes')
        .choices(HANDOVER_FILES)
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'the CSV to write; one that is there is replaced')
    .action(exportSegment);
}

async function exportSegment(name: string, options: Options): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const { segment, to } = options;
  const out = resolve(options.out);
  const report = await handOverSegment(config, shopNamed(config, name), { segment, to, out });
  terminal.data({ v: 1, ...report });
  const { rows, file, members, withoutConsent, gone, unaddressable, generation } = report;
  terminal.say(`${terminal.good('✓')} ${file}: ${rows} rows of ${members} members for ${to}`);
  terminal.say(
    `  left out: ${withoutConsent} without consent, ${unaddressable} without e-mail or phone, ${gone} gone from the CRM`,
  );
  terminal.say(terminal.dim(`  generation ${generation}`));
}
