/** `rekindle clv`: customer lifetime value from a file of orders, by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Failure } from '../platform/failure.ts';
import type { ClvRequest } from '../segmenter/clv/clv-request.ts';
import { WHITESPACE } from '../segmenter/clv/plain-rows.ts';
import { type TimeUnit, UNIT_DAYS } from '../segmenter/models/clv.ts';
import { MODELS, type PurchaseModelName } from '../segmenter/models/lifetime-fit.ts';
import { jobResources, runClvJob } from '../segmenter/run-job.ts';
import { finished } from '../service/shop-jobs.ts';
import { timePatternParts } from '../settings/time-pattern.ts';
import { showReport } from './clv-report.ts';
import { writeScores } from './clv-scores.ts';
import { type CommonOptions, terminalOf, withCommon } from './command.ts';

const DAY_MS = 86_400_000;

interface ClvOptions extends CommonOptions {
  readonly customer: string;
  readonly date: string;
  readonly value: string;
  readonly until: number;
  readonly unit: TimeUnit;
  readonly header: boolean;
  readonly delimiter?: string;
  readonly dateFormat?: string;
  readonly decimal: '.' | ',';
  readonly zone: string;
  readonly calibrationUntil?: number;
  readonly horizon: number;
  readonly discount: number;
  readonly score?: boolean;
  readonly model: PurchaseModelName;
}

export function addClv(program: Command): void {
  const command = program
    .command('clv')
    .argument('<orders>', 'CSV, JSON, NDJSON or Parquet; .gz too')
    .description('fit customer lifetime value models to orders, and score customers')
    .requiredOption('--customer <column>', 'whose order it is')
    .requiredOption('--date <column>', 'when it was made')
    .requiredOption('--value <column>', 'what it was worth')
    .requiredOption('--until <date>', 'as if this day had just ended (2026-11-30)', dayNumber)
    .addOption(
      new Option('--unit <unit>', 'unit of the models’ time')
        .choices(Object.keys(UNIT_DAYS))
        .default('week'),
    )
    .option(
      '--calibration-until <date>',
      'also fit up to here, and compare with the rest',
      dayNumber,
    )
    .option('--horizon <months>', 'of the expected orders and of the CLV', months, 12)
    .option('--discount <rate>', 'a month: 0.01 is 1 %', rate, 0.01)
    .option('--score', 'one row a customer')
    .addOption(
      new Option('--model <model>', 'of the scores and the holdout')
        .choices(MODELS)
        .default('bg-nbd'),
    )
    .option('--no-header', 'the first line is an order; columns are numbers from 1')
    .option('--delimiter <delimiter>', 'comma, semicolon, tab, pipe or whitespace', delimiterNamed)
    .option('--date-format <format>', 'iso, unix_s, unix_ms or like dd/MM/yyyy', dateFormat)
    .addOption(
      new Option('--decimal <sign>', 'what stands before the cents')
        .choices(['.', ','])
        .default('.'),
    )
    .option('--zone <zone>', 'IANA zone whose days are meant', timeZone, 'UTC');
  withCommon(
    command,
    'rekindle clv orders.csv --customer user_id --date created_at --value total --until 2026-11-30\n' +
      '  rekindle clv CDNOW_sample.txt --no-header --customer 2 --date 3 --value 5 --until 1998-06-30 --calibration-until 1997-09-30',
  ).action(clv);
}

async function clv(file: string, options: ClvOptions): Promise<void> {
  const { calibrationUntil = null, until, unit, score = false, model } = options;
  if (calibrationUntil !== null && calibrationUntil >= until) {
    throw new Failure('usage', '--calibration-until: expected a day before --until');
  }
  const terminal = terminalOf(options);
  const tempDir = mkdtempSync(join(tmpdir(), 'rekindle-clv-'));
  const progress = terminal.progress();
  const request: ClvRequest = {
    source: {
      file,
      customer: options.customer,
      date: options.date,
      value: options.value,
      header: options.header,
      delimiter: options.delimiter,
      dateFormat: options.dateFormat,
      decimal: options.decimal,
      timeZone: options.zone,
    },
    untilDay: until,
    calibrationUntilDay: calibrationUntil,
    horizon: { months: options.horizon, monthlyDiscount: options.discount, unit },
    score,
    model,
    ...jobResources({ jobMemoryMb: null }),
    tempDir,
  };
  try {
    const { report, scored } = await finished(
      runClvJob(request, {
        progress: ({ phase, done, total }) => progress.update(phase, done, total),
      }),
    ).finally(() => progress.end());
    const data = {
      v: 1,
      file: basename(file),
      until: dateOf(until),
      ...request.horizon,
      ...report,
    };
    if (scored === null) terminal.data(data);
    showReport(report, { unit, model }, terminal);
    if (scored !== null) await writeScores(scored, { data, unit, json: terminal.json });
  } finally {
    rmSync(tempDir, { recursive: true, force: true });
  }
}

const DATE = /^\d{4}-\d\d-\d\d$/;

function dayNumber(text: string): number {
  const ms = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || ms < 0 || dateOf(ms / DAY_MS) !== text) {
    throw new InvalidArgumentError('expected a day like 2026-11-30');
  }
  return ms / DAY_MS;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

const MONTHS_MAX = 120;

function months(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MONTHS_MAX) return count;
  throw new InvalidArgumentError(`expected whole months, 1 to ${MONTHS_MAX}`);
}

function rate(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('expected a rate from 0 to 1, like 0.01');
}

const DELIMITERS: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
  whitespace: WHITESPACE,
};

function delimiterNamed(text: string): string {
  if (Object.hasOwn(DELIMITERS, text)) return DELIMITERS[text]!;
  if (Object.values(DELIMITERS).includes(text)) return text;
  throw new InvalidArgumentError(`expected one of: ${Object.keys(DELIMITERS).join(', ')}`);
}

function dateFormat(text: string): string {
  if (['iso', 'unix_s', 'unix_ms'].includes(text) || timePatternParts(text) !== null) return text;
  throw new InvalidArgumentError('expected iso, unix_s, unix_ms or a pattern like dd/MM/yyyy');
}

function timeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('expected an IANA zone like Europe/Berlin');
  }
}
