import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NUMBER_FIELDS } from './rule-words.ts';
import { readSegment } from './segment-file.contract.ts';
import { runSegmentTests } from './segment-tests.ts';

const DOCS = readFileSync(new URL('../docs/rules.md', import.meta.url), 'utf8');
const BLOCKS = [...DOCS.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);
const [SEGMENT = '', ABOUT_EACH_OTHER = ''] = BLOCKS;

/** What stands between backticks below a heading, and begins so. */
function examples(heading: string, beginning: RegExp): string[] {
  const prose = DOCS.replaceAll(/```.*?```/gs, '');
  const section = prose.split('\n## ').find((text) => text.startsWith(heading))!;
  const codes = [...section.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  return codes.filter((code) => beginning.test(code));
}

function problemsOf(condition: string, profile = '{}'): readonly string[] {
  const test = `- { name: t, profile: ${profile}, expect: in }`;
  const { problems } = readSegment(
    `segment: a\ntitle: A\nall:\n  - ${condition}\ntests:\n  ${test}\n`,
  );
  return problems.map(({ message }) => `${condition} ${profile}: ${message}`);
}

it('reads the segment that docs/rules.md begins with, and its test passes', () => {
  const { value, problems } = readSegment(SEGMENT);
  expect(problems).toEqual([]);
  expect(runSegmentTests(value!).map(({ message }) => message)).toEqual(['']);
});

it('reads how segments are said about each other', () => {
  expect(ABOUT_EACH_OTHER).toContain('exclude:');
  expect(readSegment(`segment: a\ntitle: A\n${ABOUT_EACH_OTHER}`).problems).toEqual([]);
});

it('reads every window and every condition on attributes that it shows', () => {
  const windows = examples('Windows', /^(within(?!: Nd)|between|ago|since): /);
  const attributes = examples('Attributes', /^attributes\.\w+: \{/);
  expect([windows.length, attributes.length]).toEqual([8, 10]);
  const conditions = [
    ...windows.map((window) => `orders.paid: { eq: 0, ${window} }`),
    ...attributes,
  ];
  expect(conditions.flatMap((condition) => problemsOf(condition))).toEqual([]);
});

it('reads every profile of a test that it shows', () => {
  const profiles = [
    ...examples('Windows', /^profile: /),
    ...examples('Attributes', /^(attributes|today): /).map((fact) => `profile: { ${fact} }`),
    ...examples('Segments', /^profile: /),
  ].map((example) => example.slice('profile: '.length));
  const names = examples(
    'Windows',
    /^\d.*d|^\d{4}-.*\.\.|^this_week$|^own_last_order$|^1\.5 cycles$/,
  );
  const windows = names.map((name) => `{ within: { ${name}: { orders.paid: 1 } } }`);
  expect([profiles.length, windows.length]).toEqual([4, 6]);
  const found = [...profiles, ...windows].flatMap((one) =>
    problemsOf('orders.paid: { gte: 1 }', one),
  );
  expect(found).toEqual([]);
});

it('names every number that may be compared', () => {
  const written = (field: string) => DOCS.includes(`\`${field}\``);
  const missing = NUMBER_FIELDS.filter(
    (field) => !written(field) && !written(field.slice('orders'.length)),
  );
  expect(missing).toEqual([]);
});
