/** `exchanges/*.yaml`, each over the profile it names, with the keys that open prices. */
import { join } from 'node:path';
import type { z } from 'zod';
import {
  type ConfigPath,
  type ConfigProblem,
  type ConfigSource,
  readConfigFile,
} from '../platform/config-file.ts';
import type { Exchange, PriceCodec } from './exchange.ts';
import { profileField } from './exchange-schemas.ts';
import { readPriceKeys } from './price-keys.ts';
import { laidOver, profileKeys } from './profile.ts';
import { type Sourced, yamlFiles } from './read-shop.ts';
import { exchangeSchema, type PriceSection } from './section-schemas.ts';

const FOLDER = 'exchanges';
/** Of `network`: how far an allowance may be learned where settings do not say. */
const NETWORK_MAX_FACTOR = 3;

/** Every readable exchange of a workspace; what is wrong is added to `problems`. */
export function readExchanges(
  dir: string,
  problems: ConfigProblem[],
): readonly Sourced<Exchange>[] {
  const exchanges: Sourced<Exchange>[] = [];
  for (const name of yamlFiles(dir, FOLDER, '', problems)) {
    const file = `${FOLDER}/${name}`;
    const {
      value,
      source,
      problems: wrong,
    } = readConfigFile(join(dir, file), file, exchangeSchema, overProfile);
    problems.push(...wrong.map(withoutKeys));
    if (value === null) continue;
    const codec = readCodec(dir, value.price, source);
    const wrongTerms = [markingProblems, nativeProblems, networkProblems].flatMap((problemsOf) =>
      problemsOf(value, source),
    );
    problems.push(...codec.problems, ...wrongTerms);
    if (codec.value === null || wrongTerms.length > 0) continue;
    exchanges.push({ value: exchangeOf(value, codec.value), source });
  }
  return exchanges;
}

/** A name that is no profile's is left to the schema. */
function overProfile(own: Readonly<Record<string, unknown>>): unknown {
  const profile = profileField.safeParse(own['profile']);
  return profile.success ? laidOver(profileKeys(profile.data), own) : own;
}

type ExchangeSection = z.output<typeof exchangeSchema>;

function exchangeOf(section: ExchangeSection, codec: PriceCodec): Exchange {
  const { exchange, seat, currencies, billing, format, gzip, notices, native, marking } = section;
  return {
    exchange,
    seat,
    currencies,
    billing,
    networkMs: section.network,
    networkMaxMs: networkMaxOf(section),
    tmaxDefaultMs: section.tmax_default,
    format,
    gzip,
    noBid: section.no_bid,
    price: { macro: section.price.macro, codec },
    contentType: section.content_type ?? '',
    click: section.click ?? null,
    notices: { loss: notices.loss, minToWin: notices.min_to_win },
    native,
    taxonomy: section.taxonomy,
    limits: {
      bids: section.limits.bids ?? Number.POSITIVE_INFINITY,
      markupBytes: section.limits.markup_bytes ?? Number.POSITIVE_INFINITY,
    },
    multiBid: section.multi_bid,
    qpsMax: section.qps_max ?? Number.POSITIVE_INFINITY,
    marking,
    ...(section.supply === undefined ? {} : { supply: section.supply }),
    ...(section.sync === undefined ? {} : { sync: section.sync }),
  };
}

function networkMaxOf({ network, network_max }: ExchangeSection): number {
  return network_max ?? NETWORK_MAX_FACTOR * network;
}

function networkProblems(section: ExchangeSection, source: ConfigSource): ConfigProblem[] {
  const { network } = section;
  if (networkMaxOf(section) >= network) return [];
  return [source.problem(['network_max'], `is less than network, ${network}ms`)];
}

/** In protobuf a native answer that is an object is another message than ours. */
function nativeProblems(section: ExchangeSection, source: ConfigSource): ConfigProblem[] {
  if (section.native.form === 'string' || section.format === 'json') return [];
  return [source.problem(['format'], 'native answers as objects (native.form) need JSON')];
}

/** OpenRTB's protobuf has no field for the mark: such bids would be refused, or break the law. */
function markingProblems(section: ExchangeSection, source: ConfigSource): ConfigProblem[] {
  if (section.marking.required === 'never' || section.format === 'json') return [];
  const message = 'an exchange that is asked to be told the mark of an ad (marking) needs JSON';
  return [source.problem(['format'], message)];
}

/** A run of base64 as long as this may be a key that somebody has written into the wrong file. */
const KEY_LIKE = /[A-Za-z0-9+/_-]{20,}=?/g;

function withoutKeys(problem: ConfigProblem): ConfigProblem {
  if (problem.path !== '' && !problem.path.startsWith('price')) return problem;
  const covered = (text: string) => text.replace(KEY_LIKE, (run) => '·'.repeat(run.length));
  return { ...problem, message: covered(problem.message), excerpt: covered(problem.excerpt) };
}

interface CodecReading {
  readonly value: PriceCodec | null;
  readonly problems: readonly ConfigProblem[];
}

function readCodec(dir: string, price: PriceSection, source: ConfigSource): CodecReading {
  if (price.codec === 'plain') {
    const idle = (['keys_file', 'unit'] as const).filter((key) => price[key] !== undefined);
    const message = 'belongs to codec: google-hmac; plain prices have no keys, and are CPM';
    if (idle.length === 0) return { value: { kind: 'plain' }, problems: [] };
    return {
      value: null,
      problems: idle.map((key) => source.keyProblem(['price', key], message)),
    };
  }
  if (price.keys_file === undefined) {
    const message =
      'codec google-hmac needs keys_file: the name of a file in exchanges/ such as google.keys.json';
    return { value: null, problems: [source.problem(placeOfCodec(source), message)] };
  }
  const file = `${FOLDER}/${price.keys_file}`;
  const { keys, problems } = readPriceKeys({ path: join(dir, file), file, source });
  // Google and OpenX seal the cost of one impression. Taken for a CPM it would book a thousandth;
  // the other way round the bid itself is booked, and counted as a price above it.
  const unit = price.unit ?? 'impression';
  return { value: keys === null ? null : { kind: 'google-hmac', unit, keys }, problems };
}

/** The codec may stand in the profile: then the file's own word for it is the profile's name. */
function placeOfCodec(source: ConfigSource): ConfigPath {
  return source.has(['price', 'codec']) ? ['price', 'codec'] : ['profile'];
}
