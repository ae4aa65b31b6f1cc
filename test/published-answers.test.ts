/**
 * The validator over answers that others have published, to look at what it says: it is stricter than
 * they are, so what it finds is printed and only what would show it wrong is held.
 */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DATA, hasData } from '../bidder/corpora.contract.ts';
import { violationsOf } from '../certify/answers/answer-violations.ts';

const PER_USD = { USD: 1, EUR: 0.9, GBP: 0.8, JPY: 150, RUB: 80, CHF: 0.9, AUD: 1.5 };

interface Pair {
  readonly file: string;
  readonly request: Wire;
  readonly response: Buffer;
}

// biome-ignore lint/suspicious/noExplicitAny: wire JSON, looked into by a test.
type Wire = any;

const FORMATS = [
  { name: 'banner', pairsMin: 50 },
  { name: 'video', pairsMin: 30 },
  { name: 'native', pairsMin: 10 },
] as const;

it.skipIf(!hasData).each(FORMATS)(
  'says what it finds in published answers of $name (skipped without ../shared/data)',
  ({ name, pairsMin }) => {
    const pairs = publishedPairs().filter((pair) => isOnly(pair, name));
    const counts = new Map<string, number>();
    let clean = 0;
    for (const { request, response } of pairs) {
      const headers = {
        'content-type': 'application/json',
        'content-length': String(response.byteLength),
      };
      const answer = { status: 200, headers, body: response };
      const rules = violationsOf(request, answer, { perUsd: PER_USD }).map(ruleOf);
      if (rules.length === 0) clean += 1;
      for (const rule of new Set(rules)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    }
    const found = [...counts].sort(([, a], [, b]) => b - a).map(([rule, n]) => `${n} ${rule}`);
    process.stdout.write(
      `${pairs.length} published ${name} answers, ${clean} without a finding; ${found.join(', ')}\n`,
    );
    expect(pairs.length).toBeGreaterThan(pairsMin);
  },
);

const ruleOf = (violation: string) =>
  violation.startsWith('field-missing') ? violation : violation.split(':')[0]!;

function publishedPairs(): Pair[] {
  const table = readFileSync(new URL('openrtb/responses/SOURCES.tsv', DATA), 'utf8');
  const rows = table.trim().split(/\r?\n/).slice(1);
  return rows.flatMap((row) => {
    const [file = '', , , , requestFile = '', status] = row.split('\t');
    const requested = new URL(`openrtb/requests/${requestFile}`, DATA);
    if (requestFile === '' || status !== 'ok' || !existsSync(requested)) return [];
    const request = JSON.parse(readFileSync(requested, 'utf8'));
    return [{ file, request, response: readFileSync(new URL(`openrtb/responses/${file}`, DATA)) }];
  });
}

function isOnly({ request }: Pair, format: string): boolean {
  const others = ['banner', 'video', 'audio', 'native'].filter((each) => each !== format);
  return request.imp.every((imp: Wire) => imp[format] && !others.some((other) => imp[other]));
}
