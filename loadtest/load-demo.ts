/** A demo shop whose caps no load test reaches, so that every request may stay a bid. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKnownPersons } from './known-persons.ts';
import { generateCorpus, KNOWN_ONLY } from './request-corpus.ts';
import { type Environment, runBuilt } from './service-process.ts';

export interface LoadDemoOptions {
  readonly customers: number;
  /** Made for load tests: their money never ends. */
  readonly campaigns: number;
  readonly seed: number;
  readonly env: Environment;
}

export interface LoadDemo {
  /** Requests about people of the demo whom the exchange knows by its own id. */
  bodies(options: { readonly count: number; readonly exchange: string }): Promise<string[]>;
}

/** Writes the workspace of shop `demo` to `dir`, with the built program. */
export function writeLoadDemo(dir: string, options: LoadDemoOptions): LoadDemo {
  const { customers, campaigns, seed, env } = options;
  runBuilt('segmenter/demo-main.js', [dir, ...[customers, campaigns, seed].map(String)], env);
  liftCaps(join(dir, 'shops', 'demo', 'segments'));
  return {
    async bodies({ count, exchange }) {
      const known = await readKnownPersons(join(dir, 'data', 'demo', 'samples.json'), customers);
      const persons = known.filter(({ identities }) =>
        identities.some(({ space }) => space === `exchange:${exchange}`),
      );
      const corpus = generateCorpus({ count, seed, shares: KNOWN_ONLY, persons, exchange });
      return corpus.map(({ body }) => body);
    },
  };
}

/** Nobody sees so many banners in a day, but the same few people are asked about all the time. */
function liftCaps(segments: string): void {
  for (const name of readdirSync(segments)) {
    const path = join(segments, name);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/max: \d+, per/g, 'max: 400, per'));
  }
}
