/** `rekindle link`: the records of a file as persons, by keys that are exactly the same. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CountryCode } from 'libphonenumber-js/max';
import { Failure } from '../platform/failure.ts';
import {
  type LinkedFile,
  type LinkFileRequest,
  linkFile,
} from '../segmenter/identity/link-file.ts';
import type { LinkQuality } from '../segmenter/identity/link-quality.ts';
import { isPhoneRegion } from '../segmenter/identity/normalise-phone.ts';
import { type RecordKey, recordKey } from '../segmenter/identity/record-keys.ts';
import { ImportError } from '../segmenter/import/import-error.ts';
import { type CommonOptions, terminalOf, withCommon } from './command.ts';
import type { Terminal } from './terminal.ts';

interface LinkCommandOptions extends CommonOptions {
  readonly keys: readonly RecordKey[];
  readonly id?: string;
  readonly region?: CountryCode;
  readonly sharedMax: number;
  readonly personMax: number;
  readonly labels?: string;
  readonly cluster: string;
  readonly labelPairs?: readonly [string, string, string];
}

export function addLink(program: Command): void {
  withCommon(
    program
      .command('link')
      .description('find which records of a file are one person’s, by keys that are the same')
      .argument('<records>', 'CSV, JSON, NDJSON or Parquet; .gz too')
      .requiredOption(
        '--keys <columns>',
        'columns, by commas; a+b is both together; e-mails and phones are known by their names',
        keyList,
      )
      .option('--id <column>', 'that names a record; its line without it')
      .option('--region <country>', 'ISO code of where phones without one are dialled', region)
      .option('--shared-max <n>', 'a value of more records joins none', count, 20)
      .option('--person-max <n>', 'most records and values of one person', count, 1000)
      .option('--labels <file>', 'with the truth: prints precision and recall; needs --id')
      .option('--cluster <column>', 'of the labels, the same for records of one person', 'cluster')
      .option(
        '--label-pairs <columns>',
        'of labels that are pairs instead: one id, the other, and a score of 0 to 1',
        three,
      ),
    'rekindle link customers.csv --keys email,phone --region RU --json',
  ).action(link);
}

async function link(file: string, options: LinkCommandOptions): Promise<void> {
  const terminal = terminalOf(options);
  const linked = await linkFile(file, requestOf(options)).catch((error: unknown) => {
    throw error instanceof ImportError ? new Failure('failed-check', error.message) : error;
  });
  terminal.data({ v: 1, ...linked });
  show(linked, terminal);
}

function requestOf(options: LinkCommandOptions): LinkFileRequest {
  const { keys, id = null, sharedMax, personMax, labels: file, cluster, labelPairs } = options;
  if (file !== undefined && id === null) {
    throw new Failure('usage', '--labels says which records are one person’s by their --id');
  }
  if (file === undefined && labelPairs !== undefined) {
    throw new Failure('usage', '--label-pairs names columns of --labels, which is not given');
  }
  const { region = null } = options;
  const labels = file === undefined ? null : { file, cluster, pairs: labelPairs ?? null };
  return { id, keys, region, sharedMax, personMax, labels };
}

const WORST_SHOWN = 10;

function show({ rejected, quality, ...linked }: LinkedFile, terminal: Terminal): void {
  const { clusters, records } = linked;
  terminal.say(terminal.bold(`${records} records, ${clusters.length} persons`));
  for (const { key, valued, empty, unreadable, placeholder } of linked.keys) {
    const without = `${empty} empty, ${unreadable} unreadable, ${placeholder} placeholders`;
    terminal.say(`  key ${key}: ${valued} values, ${without}`);
  }
  for (const { size, persons } of linked.sizes) {
    terminal.say(`  ${size === 1 ? '1 record' : `${size} records`}: ${persons} persons`);
  }
  const worst = [...linked.quarantined].sort((a, b) => b.records - a.records);
  for (const { key, value, records: sharers } of worst.slice(0, WORST_SHOWN)) {
    terminal.say(`  quarantined: ${key} ${JSON.stringify(value)}, of ${sharers} records`);
  }
  if (worst.length > WORST_SHOWN) terminal.say(`  and ${worst.length - WORST_SHOWN} more`);
  if (linked.refused.length > 0) {
    terminal.say(`  ${linked.refused.length} links refused: a person would be too large`);
  }
  if (quality !== null) showQuality(quality, terminal);
  const [first] = rejected.first;
  if (first === undefined) return;
  terminal.alert('not read', `${rejected.count} rows; line ${first.line}: ${first.reason}`);
}

function showQuality(quality: LinkQuality, terminal: Terminal): void {
  const { truePairs, linkedPairs, correctPairs, precision, recall, falseMerges } = quality;
  const share = (value: number | null) => (value === null ? '–' : value.toFixed(4));
  terminal.say(
    `  precision ${share(precision)} (${correctPairs} of ${linkedPairs} linked pairs), ` +
      `recall ${share(recall)} (of ${truePairs} true pairs)`,
  );
  for (const records of falseMerges) terminal.say(`  falsely one: ${records.join(', ')}`);
}

function keyList(text: string): readonly RecordKey[] {
  const keys = text.split(',').map(recordKey);
  if (keys.some(({ columns }) => columns.includes(''))) {
    throw new InvalidArgumentError('expected columns, as in email,surname+date_of_birth');
  }
  return keys;
}

function region(text: string): CountryCode {
  const code = text.toUpperCase();
  if (isPhoneRegion(code)) return code;
  throw new InvalidArgumentError('expected an ISO 3166 code of a country, as RU');
}

function three(text: string): readonly [string, string, string] {
  const [a, b, score, ...more] = text.split(',').map((column) => column.trim());
  if (a && b && score && more.length === 0) return [a, b, score];
  throw new InvalidArgumentError('expected three columns, as in id_l,id_r,score');
}

const COUNT_MAX = 1_000_000;

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= COUNT_MAX) return value;
  throw new InvalidArgumentError(`expected a whole number of 1 to ${COUNT_MAX}`);
}
