import { expect, it } from 'vitest';
import { withGroups } from '../rules/groups.ts';
import { readSegment } from './segment-file.contract.ts';
import { referenceProblems } from './segment-graph.ts';
import { runSegmentTests } from './segment-tests.ts';

/** Segment files by name; each text is what follows `segment:` and `title:`, from line 3 on. */
function files(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([name, text]) => {
    const { value, problems } = readSegment(`segment: ${name}\ntitle: A\n${text}`);
    expect(problems).toEqual([]);
    return value!;
  });
}

function check(texts: Readonly<Record<string, string>>, ...expected: string[]): void {
  const problems = referenceProblems(files(texts), true);
  const shown = problems.map(({ line, column, message, suggestion }) =>
    [`${line}:${column}`, message, ...(suggestion ? [`→ ${suggestion}`] : [])].join(' '),
  );
  expect(shown).toEqual(expected);
}

const BUYERS = 'all: [ { orders.count: { gte: 1 } } ]\n';

it('makes exclusions conditions of the rule, where they are written', () => {
  const [file] = files({ a: `${BUYERS}exclude: [b, c]\n` });
  const at = (line: number, column: number) => ({ file: 'segments/a.yaml', line, column });
  const { rule } = file!.segment;
  expect(rule).toMatchObject({ kind: 'all', of: [{ kind: 'all' }, { kind: 'none' }] });
  expect(rule.kind === 'all' && rule.of[1]).toEqual({
    kind: 'none',
    at: at(4, 1),
    of: [
      { kind: 'segment', segment: 'b', at: at(4, 11) },
      { kind: 'segment', segment: 'c', at: at(4, 14) },
    ],
  });
});

it('takes those of a group who come before by priority out, of equal ones those named before', () => {
  const group = (priority: number) => `${BUYERS}group: life\npriority: ${priority}\n`;
  const written = files({ c: group(1), b: group(9), a: group(1), z: BUYERS });
  const segments = withGroups(written.map(({ segment }) => segment));
  const refusedBy = segments.map(({ segment, rule }) => {
    const last = rule.kind === 'all' ? rule.of.at(-1)! : rule;
    const names = last.kind === 'none' ? last.of : [];
    return [segment, ...names.map((one) => one.kind === 'segment' && one.segment)];
  });
  expect(refusedBy).toEqual([['c', 'b', 'a'], ['b'], ['a', 'b'], ['z']]);
});

it('refuses a reference to a segment that is not there, unless some file could not be read', () => {
  const texts = {
    existing: `${BUYERS}exclude: [refuser]\n`,
    loyal: 'any: [ { segment: exiting } ]\n',
  };
  check(
    texts,
    '4:11 there is no segment named "refuser"',
    '3:19 there is no segment named "exiting" → existing',
  );
  expect(referenceProblems(files(texts), false)).toEqual([]);
});

it('names the whole circle, with the files and lines it leads through', () => {
  check(
    {
      a: 'all: [ { segment: b } ]\n',
      b: `${BUYERS}exclude: [c]\n`,
      c: `${BUYERS}group: g\n`,
      d: `all: [ { segment: a } ]\ngroup: g\npriority: 5\n`,
    },
    '3:19 segments refer to each other in a circle: a → b at segments/a.yaml:3, ' +
      'b → c at segments/a.yaml:4, c → d (its group) at segments/a.yaml:4, d → a at segments/a.yaml:3',
  );
  check(
    { a: 'none: [ { segment: a } ]\n' },
    '3:20 segments refer to each other in a circle: a → a at segments/a.yaml:3',
  );
});

it('refuses references that are nested too deep', () => {
  const chain = Array.from({ length: 51 }, (_, i) => {
    const rule = i === 0 ? BUYERS : `all: [ { segment: s${i - 1} } ]\n`;
    return [`s${i}`, rule];
  });
  check(Object.fromEntries(chain.slice(0, 50)));
  check(
    Object.fromEntries(chain),
    '1:10 segments refer to each other 51 deep; at most 50 are allowed',
  );
});

it('refuses a control group of nobody or of all, and a reference that is no name', () => {
  const { problems } = readSegment(
    'segment: a\ntitle: A\nall: [ { segment: [b] } ]\ncontrol: { share: 1 }\n',
  );
  expect(problems.map(({ message }) => message)).toEqual([
    'expected a share between 0 and 1, such as 0.1, got 1',
  ]);
  const wrong = readSegment('segment: a\ntitle: A\nall: [ { segment: [b] } ]\n').problems;
  expect(wrong.map(({ message }) => message)).toEqual(['expected the name of another segment']);
});

it('holds people out by the seed, which is the name of the segment unless it is said', () => {
  const [a, b] = files({
    a: `${BUYERS}control: { share: 0.1 }\n`,
    b: `${BUYERS}control: { share: 0.25, seed: autumn }\n`,
  });
  expect(a!.segment.control).toEqual({ sharePpm: 100_000, seed: 'a' });
  expect(b!.segment.control).toEqual({ sharePpm: 250_000, seed: 'autumn' });
});

it('lets a test beside the rule say which other segments the person is in', () => {
  const [file] = files({
    a: `${BUYERS}exclude: [refusers]
tests:
  - { name: in, profile: { orders.count: 1 }, expect: in }
  - { name: refuser, profile: { orders.count: 1, segments: [refusers] }, expect: out }
`,
  });
  expect(runSegmentTests(file!).map(({ passed }) => passed)).toEqual([true, true]);
});
