import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { EVENT_MEASURES, ORDER_MEASURES } from '../rules/aggregate.ts';
import { clvSchema, rfmSchema } from './model-settings.ts';
import { NUMBER_FIELDS } from './rule-words.ts';
import { readSegment } from './segment-file.contract.ts';
import { runSegmentTests } from './segment-tests.ts';

const DOCS = readFileSync(new URL('../docs/rules.md', import.meta.url), 'utf8');
const BLOCKS = [...DOCS.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);
const [SEGMENT = '', ROWS = '', ABOUT_EACH_OTHER = ''] = BLOCKS;

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

it('reads the conditions on single orders and events, every test that it shows, and a profile for them', () => {
  const inEuro = (text: string) => text.replaceAll(' EUR', ' USD');
  expect(readSegment(`segment: a\ntitle: A\n${inEuro(ROWS)}`).problems).toEqual([]);
  const ofEvents = /^(value|name|kind): /;
  const tests = examples(
    'Single',
    /^(status|product|category|brand|revenue|value|name|kind|attributes.*): /,
  );
  expect(tests).toHaveLength(9);
  const conditions = tests.map((test) => {
    if (!ofEvents.test(test)) return `orders: { where: { ${test} }, count: { gte: 1 } }`;
    const inner = test.startsWith('value') ? `where: { ${test} }` : test;
    return `events: { ${inner}, count: { gte: 1 } }`;
  });
  const silent = examples('Single', /^events: \{/);
  const found = [...conditions, ...silent].flatMap((one) => problemsOf(inEuro(one)));
  expect(found).toEqual([]);
  const [, profile] = /\n {4}profile:\n(( {6}.*\n)+)/.exec(DOCS)!;
  const lines = inEuro(profile!).trim().split(/\n +/);
  expect(problemsOf('orders.paid: { gte: 1 }', `{ ${lines.join(', ')} }`)).toEqual([]);
});

it('names everything of single orders and events that may be compared', () => {
  const missing = [...ORDER_MEASURES, ...EVENT_MEASURES].filter(
    (one) => !DOCS.includes(`\`${one}\``),
  );
  expect(missing).toEqual([]);
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

it('reads the conditions, tests and sections that docs/models.md shows', () => {
  const models = readFileSync(new URL('../docs/models.md', import.meta.url), 'utf8');
  const [rule = '', tests = '', ...sections] = [...models.matchAll(/```yaml\n(.*?)```/gs)].map(
    ([, text]) => text!.replaceAll('EUR', 'USD'),
  );
  expect(readSegment(`segment: a\ntitle: A\n${rule}${tests}`).problems).toEqual([]);
  const rows = [...models.matchAll(/^\| `((?:rfm|clv|affinity|categories)[^`]*\{[^`]*)`/gm)];
  expect(rows).toHaveLength(7);
  expect(rows.flatMap(([, row]) => problemsOf(row!.replace('EUR', 'USD')))).toEqual([]);
  expect(sections.map((section) => Object.keys(parse(section)))).toEqual([
    ...[['rfm'], ['rfm'], ['clv']],
  ]);
  for (const section of sections.map((text) => parse(text))) {
    if (section.rfm !== undefined) rfmSchema.parse(section.rfm);
    else clvSchema.parse(section.clv);
  }
});

it('names every number that may be compared', () => {
  const written = (field: string) => DOCS.includes(`\`${field}\``);
  const missing = NUMBER_FIELDS.filter(
    (field) => !written(field) && !written(field.slice('orders'.length)),
  );
  expect(missing).toEqual([]);
});
