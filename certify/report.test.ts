import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Exchange } from './exchange.ts';
import { junitXml } from './junit.ts';
import { PROFILES, type Profile } from './profiles.ts';
import { formatReport, reportOf } from './report.ts';
import type { CheckResult, Run } from './run-checks.ts';
import { saveFailures } from './save-failures.ts';
import { fail, notApplicable, pass, type Verdict } from './verdict.ts';
import { encodeRequest } from './wire.ts';

const HOSTILE = '<"&\u0000\ud800é😀>\nnext';
const HEADING = {
  at: '2026-01-01T00:00:00.000Z',
  url: 'http://b.example/bid?a=1&b=2',
  profile: 'x',
};
const STYLES = { bold: plain, dim: plain, good: plain, bad: plain };
const JSON_PROFILE = PROFILES.find(({ format }) => format === 'json')!;
const PROTOBUF = PROFILES.find(({ format }) => format === 'protobuf')!;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rekindle-certify-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plain(text: string): string {
  return text;
}

function result(id: string, area: CheckResult['check']['area'], verdict: Verdict): CheckResult {
  return {
    check: { id, area, title: `title of ${id}`, run: async () => verdict },
    verdict,
    tookMs: 12,
  };
}

function exchange(body: Uint8Array, answer: string): Exchange {
  return {
    sent: Buffer.concat([Buffer.from('POST /bid HTTP/1.1\r\nHost: b.example\r\n\r\n'), body]),
    received: Buffer.from(`HTTP/1.1 200\r\nX: 1\r\n\r\n${answer}`),
    status: 200,
    headers: {},
    body: Buffer.from(answer),
    trouble: '',
    tookMs: 3.21,
  };
}

function runOf(profile: Profile): Run {
  const talk = exchange(encodeRequest(profile, { id: 'r1' }), '{"id":"r2"}');
  return {
    gotBid: true,
    results: [
      result('kept', 'transport', pass('413')),
      result('broken', 'protocol', fail(HOSTILE, talk)),
      result('untried', 'protocol', notApplicable('no bid')),
      result('silent', 'policy', fail('no end', null)),
    ],
  };
}

it('saves what was sent and answered, byte for byte and to be read', () => {
  const run = runOf(JSON_PROFILE);
  const saved = saveFailures(folder, JSON_PROFILE, run.results);
  expect([...saved.keys()]).toEqual(['broken', 'silent']);
  const read = (name: string) => readFileSync(join(folder, 'broken', name), 'utf8');
  expect(read('request.http')).toBe('POST /bid HTTP/1.1\r\nHost: b.example\r\n\r\n{"id":"r1"}');
  expect(read('answer.http')).toBe('HTTP/1.1 200\r\nX: 1\r\n\r\n{"id":"r2"}');
  expect(read('readable.txt')).toMatch(/title of broken[\s\S]*after 3\.2 ms[\s\S]*"id": "r2"/);
  expect(readdirSync(join(folder, 'silent'))).toEqual(['readable.txt']);
});

it('removes what an earlier run saved of a check that is kept now, and nothing else', () => {
  saveFailures(folder, JSON_PROFILE, runOf(JSON_PROFILE).results);
  const mended = result('broken', 'protocol', pass());
  expect(saveFailures(folder, JSON_PROFILE, [mended]).size).toBe(0);
  expect(existsSync(join(folder, 'broken'))).toBe(false);
  expect(existsSync(join(folder, 'silent'))).toBe(true);
});

it('lays protobuf out as JSON', () => {
  saveFailures(folder, PROTOBUF, runOf(PROTOBUF).results);
  expect(readFileSync(join(folder, 'broken', 'readable.txt'), 'utf8')).toContain('"id": "r1"');
});

it('is a table for people, with where a failure was saved', () => {
  const report = reportOf(HEADING, runOf(JSON_PROFILE), new Map([['broken', 'f/broken']]));
  const table = formatReport(report, STYLES);
  expect(table).toMatch(/transport\n {2}PASS {2}kept/);
  expect(table).toMatch(/FAIL {2}broken .*title of broken\n[\s\S]*saved in f\/broken/);
  expect(table).toMatch(/N\/A {3}untried .*\n +no bid/);
  expect(table).toMatch(/1 passed, 2 failed, 1 not applicable$/);
  expect(report.counts).toEqual({ PASS: 1, FAIL: 2, 'N/A': 1 });
  expect(formatReport({ ...report, gotBid: false }, STYLES)).toContain('--request');
});

it('is JUnit XML whatever a bidder says', () => {
  const report = reportOf(HEADING, runOf(JSON_PROFILE), new Map([['broken', 'f/broken']]));
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => tags.push({ name, attributes }));
  parser.write(junitXml(report)).close();
  const suites = tags
    .filter(({ name }) => name === 'testsuite')
    .map(({ attributes }) => attributes);
  expect(
    suites.map(({ name, tests, failures, skipped }) => [name, tests, failures, skipped]),
  ).toEqual([
    ['transport', '1', '0', '0'],
    ['protocol', '2', '1', '1'],
    ['policy', '1', '1', '0'],
  ]);
  expect(tags[0]!.attributes).toMatchObject({ tests: '4', failures: '2', skipped: '1' });
  const [failure] = tags.filter(({ name }) => name === 'failure');
  expect(failure!.attributes['message']).toBe('<"&\ufffd\ufffdé😀>\nnext');
});
