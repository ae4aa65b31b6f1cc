/** `rekindle sample`: a bid request for a person whom the running store knows. */
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readSamples } from '../loadtest/read-samples.ts';
import { sampleRequest } from '../loadtest/sample-request.ts';
import { Failure } from '../platform/failure.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';

interface SampleOptions extends CommonOptions {
  readonly shop?: string;
  readonly segment?: string;
  readonly size: string;
  readonly exchange: string;
  readonly seed: number;
}

export function addSample(program: Command): void {
  withCommon(
    program.command('sample').description('print a bid request for a person whom the store knows'),
    `rekindle sample --segment lapsed_loyal --json | curl -s -d @- http://127.0.0.1:8080/bid/generic`,
  )
    .option('--shop <shop>', 'the shop; the first one without it')
    .option('--segment <segment>', 'a person in this segment')
    .option('--size <WxH>', 'size of the imp', size, '300x250')
    .option('--exchange <exchange>', 'the exchange that asks', 'generic')
    .option('--seed <n>', 'another number, another person', Number, 1)
    .action(sample);
}

function sample(options: SampleOptions): void {
  const terminal = terminalOf(options);
  const { person, request } = sampleFor(options);
  terminal.data(request);
  const segments = person.segments.join(', ') || 'no segment';
  terminal.say(`# customer ${person.customer}, person ${person.person}, in ${segments}`);
  if (!terminal.json) terminal.say(JSON.stringify(request, null, 2));
}

/** A known person and a request that names one of their identifiers. Throws Failure when nobody fits. */
export function sampleFor(options: Omit<SampleOptions, keyof CommonOptions>) {
  const { dir } = serviceConfig();
  const { shops } = loadWorkspace(dir);
  const shop = options.shop === undefined ? shops[0] : shops.find((s) => s.shop === options.shop);
  if (shop === undefined) {
    const names = shops.map((s) => s.shop).join(', ');
    throw new Failure('usage', `there is no shop "${options.shop}"; expected one of: ${names}`);
  }
  const persons = readSamples(join(dir, 'data', shop.shop, 'samples.json')).filter(
    ({ segments, identities }) =>
      identities.length > 0 &&
      (options.segment === undefined || segments.includes(options.segment)),
  );
  const person = persons[options.seed % Math.max(persons.length, 1)];
  if (person === undefined) {
    const which =
      options.segment === undefined
        ? 'with a device'
        : `in segment "${options.segment}" with a device`;
    throw new Failure('failed-check', `the build's sample of ${shop.shop} has nobody ${which}`);
  }
  const request = sampleRequest({
    identities: person.identities,
    size: options.size,
    exchange: options.exchange,
    currency: shop.currency,
    seed: options.seed,
  });
  return { shop: shop.shop, person, request };
}

function size(text: string): string {
  if (!/^\d{1,4}x\d{1,4}$/.test(text))
    throw new InvalidArgumentError('expected a size like 300x250');
  return text;
}
