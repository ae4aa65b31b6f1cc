/** `rekindle link` as people and scripts meet it: what it prints, and how it ends. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const dir = mkdtempSync(join(tmpdir(), 'rekindle-link-'));
const file = join(dir, 'customers.csv');
writeFileSync(
  file,
  'id;email;Телефон;person\na;ann@mail.ru;;1\nb;Ann@Mail.ru;89165551122;1\nc;;9165551122;2\nd;;;3\n',
);
afterAll(() => rmSync(dir, { recursive: true }));

function link(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'link', ...args], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

const KEYS = [file, '--keys', 'email,Телефон', '--region', 'ru', '--id', 'id'];
const LABELS = ['--labels', file, '--cluster', 'person'];

it('prints persons, what linked them and how well, as data', () => {
  const { status, stdout } = link(...KEYS, ...LABELS, '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    v: 1,
    records: 4,
    clusters: [
      { person: 'a', records: ['a', 'b', 'c'] },
      { person: 'd', records: ['d'] },
    ],
    keys: [{ key: 'email', valued: 2, empty: 2 }, { key: 'Телефон' }],
    quarantined: [],
    refused: [],
    quality: { truePairs: 1, linkedPairs: 3, correctPairs: 1, recall: 1 },
  });
});

it('says it in lines for people', () => {
  const { status, stdout } = link(...KEYS, ...LABELS, '--shared-max', '1');
  expect(status).toBe(0);
  expect(stdout).toContain('4 records, 4 persons\n');
  expect(stdout).toContain('  key email: 2 values, 2 empty, 0 unreadable, 0 placeholders\n');
  expect(stdout).toContain('  quarantined: email "ann@mail.ru", of 2 records\n');
  expect(stdout).toContain(
    '  precision – (0 of 0 linked pairs), recall 0.0000 (of 1 true pairs)\n',
  );
});

it('ends as usage when it is not told what it needs, and says what that is', () => {
  for (const [args, said] of [
    [[file], '--keys'],
    [[file, '--keys', 'email,'], 'expected columns'],
    [[file, '--keys', 'email', '--region', 'zz'], 'ISO 3166'],
    [[file, '--keys', 'fax'], 'customers.csv:1: no column "fax"'],
    [[file, '--keys', 'email', ...LABELS], '--id'],
    [[join(dir, 'none.csv'), '--keys', 'email'], 'cannot be read'],
  ] as const) {
    const { status, stderr } = link(...args);
    expect(stderr).toContain(said);
    expect(status).toBe(2);
  }
});
