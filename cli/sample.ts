/** `rekindle sample`: a bid request for a person whom the running store knows, and who gets a bid. */
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readSamples, type SamplePerson } from '../loadtest/read-samples.ts';
import { sampleRequest } from '../loadtest/sample-request.ts';
import { Failure } from '../platform/failure.ts';
import { bidExplainer, type ExplainBid } from '../service/explain-bid.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { openWorkspaceStore } from './workspace-store.ts';

interface SampleChoice {
  readonly shop?: string;
  readonly segment?: string;
  readonly size: string;
  readonly exchange: string;
  readonly seed: number;
}

export interface Sample {
  readonly person: SamplePerson;
  readonly request: object;
  /** False when no campaign bids for anybody who could be chosen. */
  readonly getsBid: boolean;
}

export function addSample(program: Command): void {
  withCommon(
    program
      .command('sample')
      .description('print a bid request for a person whom the store knows and who gets a bid'),
    `rekindle sample --segment lapsed_loyal --json | curl -s -d @- http://127.0.0.1:8080/bid/generic`,
  )
    .option('--shop <shop>', 'the shop; the first one without it')
    .option('--segment <segment>', 'a person in this segment')
    .option('--size <WxH>', 'size of the imp', size, '300x250')
    .option('--exchange <exchange>', 'the exchange that asks', 'generic')
    .option('--seed <n>', 'another number, another person', seed, 1)
    .action(sample);
}

async function sample(options: SampleChoice & CommonOptions): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  await using store = await openWorkspaceStore(config);
  const { person, request, getsBid } = await sampleFor(options, { config, store });
  terminal.data(request);
  const segments = person.segments.join(', ') || 'no segment';
  terminal.say(`# customer ${person.customer}, person ${person.person}, in ${segments}`);
  if (!getsBid)
    terminal.warn('no campaign bids for anybody of the kind now; "rekindle explain" says why');
  if (!terminal.json) terminal.say(JSON.stringify(request, null, 2));
}

/**
 * A known person and a request that names their identifiers, which gets a bid if anybody's does.
 * Throws Failure when nobody fits.
 */
export async function sampleFor(
  choice: SampleChoice,
  { config, store }: { readonly config: ServiceConfig; readonly store: Store },
): Promise<Sample> {
  const shop = shopOf(config, choice.shop);
  const persons = personsOf(config, shop, choice.segment);
  const explainBid = await bidExplainer({ config, store }, choice.exchange);
  const requestOf = ({ identities }: SamplePerson): object =>
    sampleRequest({ ...choice, identities, currency: shop.currency });
  // The seed counts people who get a bid, from one, and begins anew behind the last.
  const wanted: SamplePerson[] = [];
  for (const person of persons) {
    if (!(await isBidOn(requestOf(person), explainBid))) continue;
    if (wanted.push(person) === choice.seed) break;
  }
  const getsBid = wanted.length > 0;
  const chosen = getsBid ? wanted : persons;
  const person = chosen[(choice.seed - 1) % chosen.length]!;
  return { person, request: requestOf(person), getsBid };
}

async function isBidOn(request: object, explainBid: ExplainBid): Promise<boolean> {
  const { decision, recognisedBy } = await explainBid(Buffer.from(JSON.stringify(request)), 'json');
  return decision.kind === 'bid' && recognisedBy.some(({ space }) => space !== null);
}

function shopOf(config: ServiceConfig, name: string | undefined): ShopSettings {
  const { shops } = loadWorkspace(config.dir);
  const shop = name === undefined ? shops[0] : shops.find((known) => known.shop === name);
  if (shop !== undefined) return shop;
  const names = shops.map((known) => known.shop).join(', ');
  throw new Failure('usage', `there is no shop "${name}"; expected one of: ${names}`);
}

/** At least one: those of the build's sample who have a device. */
function personsOf(
  config: ServiceConfig,
  { shop }: ShopSettings,
  segment: string | undefined,
): readonly SamplePerson[] {
  const persons = readSamples(join(config.dir, 'data', shop, 'samples.json')).filter(
    ({ segments, identities }) =>
      identities.length > 0 && (segment === undefined || segments.includes(segment)),
  );
  if (persons.length > 0) return persons;
  const which = segment === undefined ? 'with a device' : `in segment "${segment}" with a device`;
  throw new Failure('failed-check', `the build's sample of ${shop} has nobody ${which}`);
}

function size(text: string): string {
  if (!/^\d{1,4}x\d{1,4}$/.test(text))
    throw new InvalidArgumentError('expected a size like 300x250');
  return text;
}

function seed(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('expected a whole number from 1');
  return number;
}
