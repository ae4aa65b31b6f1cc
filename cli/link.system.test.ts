/** `rekindle link` as analysts and their scripts meet it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;

let dir: string;
let file: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'link-'));
  file = join(dir, 'records.csv');
  writeFileSync(file, 'id,email\n1,Ann@mail.ru\n2,ann@mail.ru\n3,bob@mail.ru\n');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function link(args: readonly string[]) {
  const options = { encoding: 'utf8', timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'link', file, ...args],
    options,
  );
  return { status, stdout, stderr };
}

it('lists persons with their records', () => {
  const { status, stdout } = link(['--keys', 'email', '--id', 'id', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    v: 1,
    records: 3,
    clusters: [
      { person: '1', records: ['1', '2'] },
      { person: '3', records: ['3'] },
    ],
  });
});

it.each([
  [['--keys', 'phone'], 1, 'records.csv:1: no column "phone"'],
  [['--keys', 'email,'], 2, 'expected columns, as in email'],
  [['--keys', 'email', '--region', 'Russia'], 2, 'expected an ISO 3166 code'],
  [['--keys', 'email', '--labels', 'truth.csv'], 2, 'by their --id'],
  [['--keys', 'email', '--label-pairs', 'l,r,score'], 2, 'columns of --labels'],
])('ends with what is wrong with %j', (args, exitCode, problem) => {
  const { status, stderr } = link(args);
  expect(stderr).toContain(problem);
  expect(status).toBe(exitCode);
});
