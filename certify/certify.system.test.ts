/** The built command against the built service, and against a bidder with a fault. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningService } from '../test/running-service.contract.ts';
import { ALL_CHECKS } from './all-checks.ts';
import { FakeBidder } from './fake-bidder.contract.ts';
import { PROFILES } from './profiles.ts';
import type { CertifyReport } from './report.ts';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const GENERIC = PROFILES.find(({ name }) => name === 'generic')!;

/** Those that need nothing of their user's but the currency. */
const SHIPPED = ['xandr', 'index', 'prebid'];

let service: RunningService;
let folder: string;
let request: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rekindle-certify-'));
  request = join(folder, 'request.json');
  service = await RunningService.create({ customers: 300 });
  await service.start();
  writeFileSync(
    join(service.dir, 'exchanges/packs.yaml'),
    'exchange: packs\ncurrencies: [USD]\nbilling: burl\nformat: protobuf\ngzip: true\nno_bid: reason\n' +
      'sync: { url: "https://sync.example.com/match?uid={uid}&gdpr={gdpr}" }\n',
  );
  for (const profile of SHIPPED) {
    writeFileSync(
      join(service.dir, `exchanges/${profile}.yaml`),
      `exchange: ${profile}\nprofile: ${profile}\ncurrencies: [USD]\n`,
    );
  }
  await service.until('the exchange is served', 20_000, async () => {
    const answer = await fetch(`${service.open}/bid/packs`, { method: 'POST', body: 'x' });
    return answer.status !== 404;
  });
  writeFileSync(request, service.run('sample', '--json'));
});
afterAll(async () => {
  await service.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** As a child beside this process, which may be serving the fake bidder. */
function certify(url: string, ...args: string[]): Promise<Ended> {
  const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1' } };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, 'certify', url, ...args],
      options,
      (error, stdout, stderr) => {
        resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
      },
    );
  });
}

const reportIn = ({ stdout }: Ended) => JSON.parse(stdout) as CertifyReport;

describe('the service', () => {
  it.each([
    ['generic', 'generic'],
    ['packs', 'google'],
    ...SHIPPED.map((profile) => [profile, profile]),
  ])('keeps every rule that its exchange %s is asked about as %s', async (exchange, profile) => {
    const sync = `${service.open}/sync/packs?gdpr=0`;
    const given = ['--request', request, '--sync', sync, '--sockets', '300'];
    const options = ['--profile', profile, ...given];
    const ended = await certify(`${service.open}/bid/${exchange}`, '--quick', '--json', ...options);
    const report = reportIn(ended);
    const failed = report.checks.filter(({ verdict }) => verdict === 'FAIL');
    expect(failed).toEqual([]);
    expect([ended.exitCode, report.gotBid, report.counts.PASS > 40]).toEqual([0, true, true]);
    expect(report.checks.map(({ id }) => id)).toEqual(ALL_CHECKS.map(({ id }) => id));
  });
});

describe('a bidder with a fault', () => {
  it('is told of it in a table, as JSON, as JUnit and in files', async () => {
    await using bidder = await FakeBidder.open(GENERIC, { ignores: ['floor', 'size'] });
    const ended = await certify(
      bidder.url.href,
      '--json',
      '--quick',
      '--junit',
      'out/junit.xml',
      '--sockets',
      '20',
    );
    const report = reportIn(ended);
    const failed = report.checks.filter(({ verdict }) => verdict === 'FAIL');
    expect(ended.exitCode).toBe(1);
    expect(failed.map(({ id }) => id)).toContain('oversized-body');
    expect(ended.stderr).toMatch(/FAIL {2}oversized-body[\s\S]*failed: \d+ of \d+/);
    for (const { saved } of failed) {
      for (const name of ['request.http', 'answer.http', 'readable.txt']) {
        expect(existsSync(join(folder, saved!, name)), `${saved}/${name}`).toBe(true);
      }
    }
    expect(junitFailures(readFileSync(join(folder, 'out/junit.xml'), 'utf8'))).toBe(failed.length);
  });
});

function junitFailures(xml: string): number {
  let failures = 0;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    if (name === 'failure') failures++;
  });
  parser.write(xml).close();
  return failures;
}

describe('a call', () => {
  it.each([
    [4, ['http://127.0.0.1:9/bid'], /no bidder answers/],
    [2, ['nonsense'], /expected a URL/],
    [2, ['http://127.0.0.1:9/bid', '--profile', 'nobody'], /generic/],
    [2, ['http://127.0.0.1:9/bid', '--only', 'nothing'], /expected one of: post-only/],
    [2, ['http://127.0.0.1:9/bid', '--request', 'missing.json'], /missing\.json/],
  ])('ends with %d of %j', async (exitCode, [url, ...args], message) => {
    const ended = await certify(url!, ...args);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toMatch(message);
  });

  it('asks what is named alone', async () => {
    await using bidder = await FakeBidder.open(GENERIC);
    const ended = await certify(bidder.url.href, '--only', 'id-echo', '--only', 'health', '--json');
    expect(reportIn(ended).checks.map(({ id }) => id)).toEqual(['health', 'id-echo']);
  });
});
