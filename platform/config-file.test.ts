import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  CONFIG_BYTES_MAX,
  ConfigInvalid,
  formatProblems,
  parseConfig,
  readConfigFile,
} from './config-file.ts';

const schema = z.strictObject({
  port: z.int().min(1).max(65_535),
  mode: z.enum(['even', 'asap']).default('even'),
  limits: z.array(z.strictObject({ max: z.number(), per: z.string() })).default([]),
  owner: z.strictObject({ name: z.string() }).exactOptional(),
});
const dir = mkdtempSync(join(tmpdir(), 'rekindle-config-'));
afterAll(() => rmSync(dir, { recursive: true }));

function check(text: string, ...expected: string[]): void {
  const { value, problems } = parseConfig(text, 'a.yaml', schema);
  expect(value).toBe(null);
  const shown = problems.map((problem) => {
    const { line, column, path, message, suggestion } = problem;
    return [`${line}:${column}`, path, message, ...(suggestion ? [`→ ${suggestion}`] : [])].join(
      ' ',
    );
  });
  expect(shown).toEqual(expected);
}

it('gives a typed value for a sound file', () =>
  expect(parseConfig('port: 1\nlimits: [{max: 1, per: d}]', 'a.yaml', schema)).toMatchObject({
    value: { port: 1, mode: 'even', limits: [{ max: 1, per: 'd' }] },
    problems: [],
  }));

it('reports all problems together, each at its place', () =>
  check(
    'port: 90+\nmode: evn\nlimits:\n  - max: 1\n    per: 5\n  - { max: x, per: d, pre: 1 }\n',
    '1:7 port expected a whole number, got "90+" → 90',
    '2:7 mode expected one of even, asap, got "evn" → even',
    '5:10 limits.0.per expected text, got 5',
    '6:12 limits.1.max expected a number, got "x"',
    '6:23 limits.1.pre unknown key; known keys: max, per → per',
  ));

it('refuses unknown keys and names the one that was meant', () =>
  check(
    'prot: 1\nport: 2\nowner: { nmae: x }\n',
    '3:8 owner.name is missing: expected text',
    '3:10 owner.nmae unknown key; known keys: name → name',
    '1:1 prot unknown key; known keys: port, mode, limits, owner → port',
  ));

it('points at the section where something is missing', () =>
  check(
    'limits:\n  - per: d\n',
    '1:1 port is missing: expected a whole number',
    '2:5 limits.0.max is missing: expected a number',
  ));

it('says bounds as bounds', () => check('port: 0', '1:7 port expected at least 1, got 0'));

it.each([
  ['', '1:1  the file is empty'],
  ['# only a comment\n', '1:1  the file is empty'],
  ['- 1\n', '1:1  expected YAML with "key: value" lines, but this is plain text or a list'],
  ['hello', '1:1  expected YAML with "key: value" lines, but this is plain text or a list'],
  [
    '<!DOCTYPE html>\n<p style="a: b">\n',
    '1:1  expected YAML with "key: value" lines, but this looks like HTML or XML',
  ],
  ['a\0b: 1', '1:1  expected YAML, but this is binary data'],
  ['port: 1\nport: 2\n', '2:1  the key "port" appears twice'],
  ['port: 1\n---\nport: 2\n', '2:1  expected one YAML document, got several'],
  [
    'port: !!js/function "x"\n',
    '1:7  not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function',
  ],
])('gives one clear problem for %j', (text, problem) => check(text, problem));

it('gives one problem for broken syntax', () => {
  const { problems } = parseConfig('port: [1\nmode: {', 'a.yaml', schema);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain('not valid YAML');
});

it('survives bombs', () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`,
  );
  check(
    `a0: &a0 [x]\n${levels.join('\n')}\n`,
    '1:1  too many YAML aliases (at most 100), or one without its anchor',
  );
  const nested = parseConfig('['.repeat(200_000), 'a.yaml', schema);
  expect(nested.problems).toHaveLength(1);
});

it('bounds the size of a file, and tells an absent one from an unreadable one', () => {
  const path = join(dir, 'big.yaml');
  writeFileSync(path, `port: 1 #${'x'.repeat(CONFIG_BYTES_MAX)}`);
  const message = (name: string) =>
    readConfigFile(join(dir, name), name, schema).problems[0]?.message;
  expect(message('big.yaml')).toContain(`at most ${CONFIG_BYTES_MAX}`);
  expect(message('none.yaml')).toBe('the file does not exist');
  writeFileSync(join(dir, 'latin.yaml'), Buffer.from([0x70, 0x3a, 0x20, 0xe9]));
  expect(message('latin.yaml')).toBe('expected YAML, but this is not UTF-8 text');
  expect(message('.')).toContain('cannot be read');
});

it('prints position, path, expectation, suggestion and the source line with a caret', () => {
  const { problems } = parseConfig('mode: even\nport:   "90+"\n', 'segments/a.yaml', schema);
  expect(formatProblems(problems)).toBe(
    [
      'segments/a.yaml:2:9  port  expected a whole number, got "90+"   did you mean 90?',
      '    2 │ port:   "90+"',
      '      │         ^^^^^',
    ].join('\n'),
  );
  expect(new ConfigInvalid(problems).message).toContain('did you mean 90?');
});

it('keeps control characters of a file away from the terminal', () => {
  const { problems } = parseConfig('port: "\u009b31m"\n', 'a.yaml', schema);
  expect(formatProblems(problems)).not.toMatch(/(?!\n)\p{Cc}/u);
});

it('never throws, whatever the file holds', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.stringMatching(/^[\s\w:{}[\],&*!|>'"#-]{0,40}$/),
      ),
      (text) => {
        const { value, problems } = parseConfig(text, 'a.yaml', schema);
        expect(value === null).toBe(problems.length > 0);
        for (const { line, column } of problems) expect(line >= 1 && column >= 1).toBe(true);
      },
    ),
    { seed: 20_261_122, numRuns: 3000 },
  );
});
