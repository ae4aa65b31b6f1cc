/** `rekindle decode`: a bid request as the auction sees it, with every tolerance applied named. */
import { existsSync, readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { BidRequest, Imp } from '../bidder/auction/bid-request.ts';
import { unpackedBody } from '../bidder/http/request-body.ts';
import {
  type Asking,
  type ExplainedDecoding,
  explainDecoding,
} from '../bidder/openrtb/explain-decoding.ts';
import { shown } from '../bidder/openrtb/tolerance-notes.ts';
import { Failure } from '../platform/failure.ts';
import { NAME_PATTERN } from '../proto/ids.ts';
import { formatMicros } from '../proto/micros.ts';
import { consentVendorsOf } from '../service/serving-state.ts';
import { WIRE_FORMATS } from '../settings/exchange.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import { DEVICE_KINDS } from '../settings/workspace.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import type { Terminal } from './terminal.ts';

const LABEL_LENGTH = 20;

interface DecodeOptions extends CommonOptions {
  readonly format?: Asking['format'];
  readonly exchange?: string;
}

export function addDecode(program: Command): void {
  withCommon(
    program
      .command('decode')
      .description('print a bid request as the auction sees it, with every tolerance named')
      .argument('<file>', 'a bid request, packed or not; - reads standard input'),
    'rekindle decode request.json\n  rekindle decode request.bin --format protobuf --json',
  )
    .addOption(
      new Option(
        '--format <format>',
        'what the file is in; that of the exchange without it, else json',
      ).choices(WIRE_FORMATS),
    )
    .option(
      '--exchange <exchange>',
      'whose ids user.id is of (generic without it); in a workspace also its format and the consent vendors of the shops',
    )
    .action(decode);
}

function decode(file: string, options: DecodeOptions): void {
  const terminal = terminalOf(options);
  const asking = askingOf(options);
  const sent = readRequest(file);
  const body = unpackedBody(sent, '');
  if (!(body instanceof Uint8Array)) {
    throw rejected(terminal, { ...body, tolerances: [], more: 0 });
  }
  const { decoded, more, tolerances: named } = explainDecoding(body, asking);
  const packed = { path: 'body', what: 'gzip, unpacked whatever Content-Encoding says' };
  const tolerances = body === sent ? named : [packed, ...named];
  if (decoded.kind === 'rejected') throw rejected(terminal, { ...decoded, tolerances, more });
  const { request } = decoded;
  terminal.data({ v: 1, request, tolerances, tolerancesNotListed: more });
  const vendors = listed(asking.vendors);
  terminal.say(
    `${terminal.bold(`request ${shown(request.id)}`)}, ${asking.format} of ${asking.exchange}, consent vendors: ${vendors}`,
  );
  showRequest(request, terminal);
  showTolerances({ tolerances, more }, terminal);
}

/** A workspace is asked only for what an exchange in it says. */
function askingOf({ format, exchange }: DecodeOptions): Asking {
  const alone = {
    format: format ?? 'json',
    exchange: exchange ?? 'generic',
    vendors: [],
    readsSupply: true,
  };
  if (exchange === undefined) return alone;
  if (!NAME_PATTERN.test(exchange)) {
    throw new Failure(
      'usage',
      `an exchange has a name of a-z, 0-9, _ and -, got ${shown(exchange)}`,
    );
  }
  const { dir } = serviceConfig();
  if (!existsSync(dir)) return alone;
  const { exchanges, shops } = loadWorkspace(dir);
  const known = exchanges.find((each) => each.exchange === exchange);
  if (known === undefined) {
    const names = exchanges.map((each) => each.exchange).join(', ');
    throw new Failure('usage', `there is no exchange "${exchange}"; expected one of: ${names}`);
  }
  return {
    format: format ?? known.format,
    exchange,
    vendors: consentVendorsOf(shops),
    readsSupply: known.supply !== undefined,
  };
}

function readRequest(file: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    const { message } = error as Error;
    throw new Failure('usage', `${file} cannot be read: ${message}; say a file, or - for stdin`, {
      cause: error,
    });
  }
}

type Tolerances = Pick<ExplainedDecoding, 'tolerances' | 'more'>;

/** Prints what is known, and is the end to throw. */
function rejected(
  terminal: Terminal,
  { status, reason, ...found }: { status: number; reason: string } & Tolerances,
): Failure {
  const { tolerances, more } = found;
  terminal.data({ v: 1, rejected: { status, reason }, tolerances, tolerancesNotListed: more });
  showTolerances(found, terminal);
  return new Failure('failed-check', `rejected: ${reason}, answered ${status}`);
}

function showRequest(request: BidRequest, terminal: Terminal): void {
  const { id: _, imps, dropped, identities, consented, ...flat } = request;
  const line = (name: string, value: string) =>
    terminal.say(`  ${name.padEnd(LABEL_LENGTH)} ${value}`);
  for (const [name, value] of Object.entries({ ...flat, device: DEVICE_KINDS[flat.device] })) {
    line(name, listed(value));
  }
  line('consented', consented === null ? 'not asked for' : listed(consented));
  for (const { space, value } of identities) line('identity', `${space} ${shown(value)}`);
  if (identities.length === 0) {
    const { privacy } = request;
    line('identity', privacy === 'allowed' ? 'none' : `none: not read, privacy: ${privacy}`);
  }
  for (const imp of imps) showImp(imp, terminal);
  for (const { id, reason } of dropped) line(`imp ${shown(id)}`, `dropped, ${reason}`);
}

function showImp(imp: Imp, terminal: Terminal): void {
  const line = (name: string, value: string) =>
    terminal.say(`    ${name.padEnd(LABEL_LENGTH - 2)} ${value}`);
  terminal.say(`  imp ${shown(imp.id)}`);
  line('floor', `${formatMicros(imp.floorCpmMicros)} ${imp.floorCurrency} CPM`);
  line('secure', String(imp.secure));
  line('expS', String(imp.expS));
  line('dealsOnly', String(imp.dealsOnly));
  for (const { id, ...terms } of imp.deals) line(`deal ${shown(id)}`, JSON.stringify(terms));
  for (const { kind, ...terms } of imp.placements) line(kind, JSON.stringify(terms));
  line('impressions', String(imp.impressions));
}

/** Longer lists than people read are cut; --json has them whole. */
function listed(value: unknown): string {
  if (!Array.isArray(value)) return shown(value);
  return value.length === 0 ? 'none' : shown(value);
}

function showTolerances({ tolerances, more }: Tolerances, terminal: Terminal): void {
  if (tolerances.length === 0) return;
  terminal.say(terminal.bold('tolerances'));
  for (const { path, what } of tolerances) terminal.say(`  ${path}: ${what}`);
  if (more > 0) terminal.say(terminal.dim(`  and ${more} more`));
}
