/** `exchanges/*.yaml`, with the keys that open prices. */
import { join } from 'node:path';
import { type ConfigProblem, type ConfigSource, readConfigFile } from '../platform/config-file.ts';
import { readPriceKeys } from './price-keys.ts';
import { type Sourced, yamlFiles } from './read-shop.ts';
import { exchangeSchema, type PriceSection } from './section-schemas.ts';
import type { Exchange, PriceCodec } from './workspace.ts';

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
    } = readConfigFile(join(dir, file), file, exchangeSchema);
    problems.push(...wrong.map(withoutKeys));
    if (value === null) continue;
    const { network, network_max, tmax_default, no_bid, multi_bid, price, notices, ...rest } = value;
    const codec = readCodec(dir, price, source);
    problems.push(...codec.problems);
    if (codec.value === null) continue;
    const networkMaxMs = network_max ?? NETWORK_MAX_FACTOR * network;
    if (networkMaxMs < network) {
      problems.push(source.problem(['network_max'], `is less than network, ${network}ms`));
      continue;
    }
    exchanges.push({
      value: {
        ...rest,
        networkMs: network,
        networkMaxMs,
        tmaxDefaultMs: tmax_default,
        noBid: no_bid,
        multiBid: multi_bid,
        price: { macro: price.macro, codec: codec.value },
        notices: { loss: notices.loss, minToWin: notices.min_to_win },
      },
      source,
    });
  }
  return exchanges;
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
    return { value: null, problems: [source.problem(['price', 'codec'], message)] };
  }
  const file = `${FOLDER}/${price.keys_file}`;
  const { keys, problems } = readPriceKeys({ path: join(dir, file), file, source });
  // Google and OpenX seal the cost of one impression. Taken for a CPM it would book a thousandth;
  // the other way round the bid itself is booked, and counted as a price above it.
  const unit = price.unit ?? 'impression';
  return { value: keys === null ? null : { kind: 'google-hmac', unit, keys }, problems };
}
