/** What no other tool holds: where time, chance and the environment are asked, and that documents name what exists. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOMS } from './rooms.contract.ts';

const PROMISES = 10;

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

const sources = [...ROOMS, 'test']
  .flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => `${room}/${name}`),
  )
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

const isTest = (file: string) => /\.(test|contract)\.ts$/.test(file) || file.startsWith('test/');

function filesWith(pattern: RegExp, allowed: RegExp): string[] {
  return sources
    .filter(({ file, text }) => !isTest(file) && !allowed.test(file) && pattern.test(text))
    .map(({ file }) => file);
}

it('asks the clock in platform/ only', () => {
  expect(filesWith(/\bDate\.now\(|new Date\(\)/, /^platform\//)).toEqual([]);
});

it('asks for chance in platform/ only', () => {
  expect(filesWith(/\bMath\.random\(/, /^platform\//)).toEqual([]);
});

it('reads the environment in platform/, mains and commands only', () => {
  expect(filesWith(/\bprocess\.env\b/, /^(platform|cli)\/|-main\.ts$/)).toEqual([]);
});

it('leaves nothing open without an issue', () => {
  const open = /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/;
  expect(
    sources
      .filter(({ file, text }) => file !== 'test/tidy.test.ts' && open.test(text))
      .map(({ file }) => file),
  ).toEqual([]);
});

it('links every promise in ARCHITECTURE.md to tests that exist and are named after it', () => {
  const text = readFileSync('ARCHITECTURE.md', 'utf8');
  for (let promise = 1; promise <= PROMISES; promise++) {
    const row = new RegExp(`^\\|\\s*${promise}\\s*\\|.*$`, 'm').exec(text)?.[0] ?? '';
    const files = [...row.matchAll(/\]\(([^)]+\.ts)\)/g)].map(([, file]) => file!);
    expect(files.length, `promise ${promise} names a test`).toBeGreaterThan(0);
    for (const file of files) {
      expect(existsSync(file), `${file} exists`).toBe(true);
      expect(readFileSync(file, 'utf8'), `${file} names promise ${promise}`).toContain(
        `promise ${promise}`,
      );
    }
  }
});

it('links to files that exist', () => {
  const examples = readdirSync('examples', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}/README.md`);
  const root = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];
  for (const document of [...root, 'deploy/README.md', ...examples]) {
    const links = [...readFileSync(document, 'utf8').matchAll(/\]\(([^)#:]+)\)/g)].map(([, to]) =>
      join(dirname(document), to!),
    );
    expect(
      links.filter((to) => !existsSync(to)),
      document,
    ).toEqual([]);
  }
});

it('locks the packages of every platform, without which npm ci refuses the lock', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)));
  expect(missing).toEqual([]);
});

it('lets npx run the binary, also of a folder that it has linked before', () => {
  expect(statSync('bin/rekindle.mjs').mode & 0o111).toBe(0o111);
});
