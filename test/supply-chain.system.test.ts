/** Files that say who may sell: taken over by a running service, and fetched by nobody unasked. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningService } from './running-service.contract.ts';

const SITE = { domain: 'news.example', publisher: { id: 'p1' } };

let service: RunningService;
let body = '';
beforeAll(async () => {
  service = await RunningService.create({ customers: 300, env: { REKINDLE_WORKERS: '2' } });
  await service.start();
  const request = JSON.parse(service.run('sample', '--json')) as object;
  // A test is bought again and again: no cap counts it.
  body = JSON.stringify({ ...request, site: SITE, test: 1 });
});
afterAll(() => service.remove());

/** The nbr of the answer, null for a bid. */
async function ask(): Promise<number | null> {
  const answer = await fetch(`${service.open}/bid/generic`, { method: 'POST', body });
  return ((await answer.json()) as { nbr?: number }).nbr ?? null;
}

async function answersWith(nbr: number | null): Promise<void> {
  // Each thread takes it over at its own moment.
  await service.until(`answers have nbr ${nbr}`, 15_000, async () => {
    const answers = await Promise.all([ask(), ask(), ask(), ask()]);
    return answers.every((answer) => answer === nbr);
  });
}

function write(file: string, text: string): void {
  mkdirSync(join(service.dir, 'supply/ads-txt'), { recursive: true });
  writeFileSync(join(service.dir, 'supply', file), text);
}

it('buys by the files that lie in supply/ now, without a restart', async () => {
  expect(existsSync(join(service.dir, 'supply'))).toBe(false);
  const file = join(service.dir, 'exchanges/generic.yaml');
  const supply = 'no_bid: reason\nsupply:\n  domain: ssp.example\n  ads_txt: require\n';
  writeFileSync(file, readFileSync(file, 'utf8') + supply);
  await answersWith(11);
  write('ads-txt/news.example.txt', 'ssp.example, p1, DIRECT\n');
  write('domains.txt', '# one\n');
  await answersWith(null);
  write('ads-txt/news.example.txt', 'ssp.example, p2, DIRECT\n');
  write('domains.txt', '# another\n');
  await answersWith(12);
});
