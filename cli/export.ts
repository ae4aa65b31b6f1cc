/** `rekindle export <shop>`: a segment as a file that a platform takes. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { Failure } from '../platform/failure.ts';
import { HANDOVER_FILES, type HandoverFile } from '../segmenter/handover/handover-request.ts';
import type { WebhookReport } from '../segmenter/handover/webhook-request.ts';
import { handOverSegment, sendSegment } from '../service/handover-jobs.ts';
import { shopNamed } from '../service/shop-jobs.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import type { Terminal } from './terminal.ts';

interface Options extends CommonOptions {
  readonly segment: string;
  readonly to: HandoverFile | 'webhook';
  readonly out?: string;
  readonly url?: string;
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
        .choices([...HANDOVER_FILES, 'webhook'])
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'the CSV to write; one that is there is replaced')
    .option('--url <url>', 'of the webhook; its secret is in REKINDLE_WEBHOOK_SECRET')
    .action(exportSegment);
}

async function exportSegment(name: string, options: Options): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const shop = shopNamed(config, name);
  const { segment, to } = options;
  if (to === 'webhook') {
    showSent(await sendSegment(config, shop, { segment, ...webhookOf(options) }), terminal);
    return;
  }
  if (options.out === undefined) throw new Failure('usage', 'say where to: --out FILE');
  const out = resolve(options.out);
  const report = await handOverSegment(config, shop, { segment, to, out });
  terminal.data({ v: 1, ...report });
  const { rows, file, members, withoutConsent, gone, unaddressable, generation } = report;
  terminal.say(`${terminal.good('✓')} ${file}: ${rows} rows of ${members} members for ${to}`);
  terminal.say(
    `  left out: ${withoutConsent} without consent, ${unaddressable} without e-mail or phone, ${gone} gone from the CRM`,
  );
  terminal.say(terminal.dim(`  generation ${generation}`));
}

function webhookOf({ url }: Options): { url: string; secret: string } {
  const secret = process.env['REKINDLE_WEBHOOK_SECRET'] ?? '';
  if (url === undefined || secret === '') {
    throw new Failure(
      'usage',
      'a webhook needs --url URL and its secret in REKINDLE_WEBHOOK_SECRET',
    );
  }
  return { url, secret };
}

function showSent(report: WebhookReport, terminal: Terminal): void {
  terminal.data({ v: 1, ...report });
  const { people, members, pages, pagesSent, withoutConsent, generation } = report;
  terminal.say(
    `${terminal.good('✓')} ${people} people of ${members} members: ${pagesSent} of ${pages} pages sent now`,
  );
  terminal.say(`  left out: ${withoutConsent} without consent`);
  terminal.say(terminal.dim(`  generation ${generation}`));
}
