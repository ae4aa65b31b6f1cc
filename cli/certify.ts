/** `rekindle certify`: any OpenRTB bidder, asked over HTTP as an exchange asks, and a row for each rule. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ALL_CHECKS } from '../certify/all-checks.ts';
import type { Json } from '../certify/answers/wire-json.ts';
import { baseRequest, builtInRequest } from '../certify/base-requests.ts';
import { junitXml } from '../certify/junit.ts';
import { PROFILES, type Profile } from '../certify/profiles.ts';
import { formatReport, reportOf } from '../certify/report.ts';
import { runChecks } from '../certify/run-checks.ts';
import { saveFailures } from '../certify/save-failures.ts';
import type { Check } from '../certify/verdict.ts';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { type CommonOptions, terminalOf, withCommon } from './command.ts';

interface CertifyOptions extends CommonOptions {
  readonly profile: string;
  readonly format?: Profile['format'];
  readonly gzip?: boolean;
  readonly request: readonly string[];
  readonly only: readonly string[];
  readonly quick?: boolean;
  readonly live?: boolean;
  readonly sockets: number;
  readonly health?: string;
  readonly sync?: URL;
  readonly timeout: number;
  readonly save: string;
  readonly junit?: string;
}

/** Longer than the pause of any exchange that documents one is worth waiting for. */
const IDLE_MS = 95_000;
const TIMED = { requests: 500, tmaxMs: [80, 120, 200, 1000] };

export function addCertify(program: Command): void {
  withCommon(
    program
      .command('certify')
      .description('ask any OpenRTB bidder as an exchange asks, and judge its answers')
      .argument('<url>', 'its bid URL', httpUrl),
    'rekindle sample --json > request.json && rekindle certify http://127.0.0.1:8080/bid/generic --request request.json',
  )
    .addOption(
      new Option('--profile <exchange>', 'as which exchange')
        .choices(PROFILES.map(({ name }) => name))
        .default('generic'),
    )
    .addOption(
      new Option('--format <format>', 'another than the profile’s').choices(['json', 'protobuf']),
    )
    .option('--gzip', 'packed bodies are agreed on; --no-gzip, that they are not')
    .addOption(new Option('--no-gzip').hideHelp())
    .option('--request <file>', 'a request, in JSON, that gets a bid; may be repeated', and, [])
    .option('--only <check>', 'this check alone; may be repeated', and, [])
    .option('--quick', 'leave out what takes minutes, the idle connection; it is then N/A')
    .option('--live', 'without test: 1 in requests: bids are real, and their notices')
    .option('--sockets <n>', 'connections to be held at once', count, 1000)
    .option('--health <path>', 'of its health check; the usual ones are tried without it')
    .option('--sync <url>', 'where it matches users', httpUrl)
    .option('--timeout <ms>', 'of each exchange', count, 3000)
    .option('--save <folder>', 'for requests and answers of failures', 'certify-failures')
    .option('--junit <file>', 'the report as JUnit XML')
    .action(certify);
}

async function certify(url: URL, options: CertifyOptions): Promise<void> {
  const terminal = terminalOf(options);
  const profile = profileOf(options);
  const nowMs = systemClock.nowMs();
  const progress = terminal.progress();
  const run = await runChecks({
    checks: checksOf(options.only),
    onProgress: progress.update,
    probe: {
      url,
      profile,
      requests: requestsOf(options.request, profile),
      run: nowMs.toString(36),
      live: options.live ?? false,
      health: options.health ?? null,
      sync: options.sync ?? null,
      sockets: options.sockets,
      idleMs: options.quick === true ? 0 : IDLE_MS,
      timeoutMs: options.timeout,
      timed: TIMED,
    },
  }).finally(() => progress.end());
  const heading = { at: new Date(nowMs).toISOString(), url: url.href, profile: profile.name };
  const report = reportOf(heading, run, saveFailures(options.save, profile, run.results));
  terminal.data(report);
  terminal.say(formatReport(report, terminal));
  if (options.junit !== undefined) {
    mkdirSync(dirname(options.junit), { recursive: true });
    writeFileSync(options.junit, junitXml(report));
  }
  const failed = report.counts.FAIL;
  if (failed > 0) throw new Failure('failed-check', `failed: ${failed} of ${run.results.length}`);
}

function profileOf({ profile: name, format, gzip }: CertifyOptions): Profile {
  const profile = PROFILES.find((known) => known.name === name)!;
  const types = PROFILES.find((known) => known.format === format)?.contentTypes;
  return {
    ...profile,
    ...(format !== undefined && format !== profile.format && { format, contentTypes: types! }),
    ...(gzip !== undefined && { gzip }),
  };
}

function checksOf(only: readonly string[]): readonly Check[] {
  const unknown = only.find((id) => !ALL_CHECKS.some((check) => check.id === id));
  if (unknown !== undefined) {
    const ids = ALL_CHECKS.map(({ id }) => id).join(', ');
    throw new Failure('usage', `there is no check "${unknown}"; expected one of: ${ids}`);
  }
  return only.length === 0 ? ALL_CHECKS : ALL_CHECKS.filter(({ id }) => only.includes(id));
}

function requestsOf(files: readonly string[], profile: Profile): readonly Json[] {
  return files.length === 0
    ? [builtInRequest(profile)]
    : files.map((file) => readRequest(file, profile));
}

function readRequest(file: string, profile: Profile): Json {
  const value = parsed(file);
  const request = baseRequest(value, profile);
  if (request === null) throw new Failure('usage', `${file}: a bid request has an id and an imp`);
  return request;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('usage', `${file}: ${reason}`, { cause: error });
  }
}

const and = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function httpUrl(text: string): URL {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text);
  throw new InvalidArgumentError('expected a URL like http://127.0.0.1:8080/bid/generic');
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('expected a whole number from 1');
  return number;
}
