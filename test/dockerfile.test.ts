/** What can be held of the image without building it; .ci/run starts what it would hold. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROOMS } from './rooms.contract.ts';

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** Stages in order, each a list of instructions with continued lines joined. */
const stages: Instruction[][] = [];
for (const line of readFileSync('Dockerfile', 'utf8').replace(/\\\n/g, ' ').split('\n')) {
  const [, name, text] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
  if (name === 'FROM') stages.push([]);
  if (name !== undefined && text !== undefined) stages.at(-1)!.push({ name, text });
}
const [build = [], image = []] = stages;
const only = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ text }) => text);

const ignored = readFileSync('.dockerignore', 'utf8').trim().split('\n');

it('copies into the build what exists and is not ignored', () => {
  const sources = only(build, 'COPY').flatMap((text) => text.split(/\s+/).slice(0, -1));
  expect(sources).toEqual(['package.json', 'package-lock.json', '.']);
  for (const source of sources) expect(existsSync(source), source).toBe(true);
  const needed = [...ROOMS, 'bin', 'tsconfig.json', 'tsconfig.build.json', 'LICENSE'];
  for (const source of needed) expect(existsSync(source), source).toBe(true);
  expect([...sources, ...needed].filter((source) => ignored.includes(source))).toEqual([]);
});

it('keeps keys, data and what is made anew out of the build', () => {
  const kept = ['.git', 'node_modules', 'dist', 'workspace', 'examples', '**/secret.key'];
  expect(kept.filter((path) => !ignored.includes(path))).toEqual([]);
});

it('copies into the image what the build has', () => {
  const made = ['/app/package.json', '/app/LICENSE', '/app/node_modules', '/app/dist'];
  const copied = only(image, 'COPY').flatMap((text) => {
    const [from, ...paths] = text.split(/\s+/);
    expect(from).toBe('--from=build');
    return paths.slice(0, -1);
  });
  expect(copied).toEqual(made);
});

it('runs as nobody in particular, on a volume, as the process that gets the signals', () => {
  expect(only(image, 'USER')).toEqual(['node']);
  expect(only(image, 'VOLUME')).toEqual(['/data']);
  expect(only(image, 'ENV').join(' ')).toContain('REKINDLE_DIR=/data');
  // A shell in front of it (the form without brackets) would keep the signals to itself.
  expect(JSON.parse(only(image, 'ENTRYPOINT')[0]!)).toEqual(['node', 'dist/cli/main.js']);
  expect(existsSync('cli/main.ts')).toBe(true);
});

it('asks its own readiness', () => {
  const [, command] = /CMD (\[.*\])$/.exec(only(image, 'HEALTHCHECK')[0]!)!;
  const [program, flag, script] = JSON.parse(command!) as string[];
  expect([program, flag]).toEqual(['node', '-e']);
  expect(script).toContain('/readyz');
  expect(() => new Function(script!)).not.toThrow();
});
