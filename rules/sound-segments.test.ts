import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileSegments } from './memberships.ts';
import type { Rule, Segment } from './rule.ts';
import { compareWith, plainSegment } from './segment.contract.ts';
import { type BrokenFile, soundSegments, type WrittenSegments } from './sound-segments.ts';

const SERVED_MS = Date.UTC(2026, 10, 20);
const at = (name: string) => ({ file: `segments/${name}.yaml`, line: 3, column: 5 });
const BUYERS = compareWith('orders.count', 'gte', 1);

/** A segment with a file of its own, that refers to these. */
function segment(
  name: string,
  references: readonly string[] = [],
  changes: Partial<Segment> = {},
): Segment {
  const of: Rule[] = references.map((other) => ({ kind: 'segment', segment: other, at: at(name) }));
  const rule: Rule = { kind: 'all', of: [BUYERS, ...of], at: at(name) };
  return plainSegment(name, rule, { at: { ...at(name), line: 1, column: 1 }, ...changes });
}

function broken(name: string, changes: Partial<BrokenFile> = {}): BrokenFile {
  const file = at(name).file;
  return { file, segment: null, error: `${file}:9:1  expected a rule`, ...changes };
}

function served(...segments: readonly Segment[]) {
  return {
    asOfMs: SERVED_MS,
    segments: segments.map((one) => ({ ...one, members: 1, heldOut: 0 })),
  };
}

/** `name`, `name: its error` where it is stale, and `-name: error` for what is left out. */
function check(
  written: Partial<WrittenSegments>,
  serving: ReturnType<typeof served> | null,
  ...expected: readonly string[]
): readonly Segment[] {
  const { segments, leftOut } = soundSegments({ segments: [], broken: [], ...written }, serving);
  const told = segments.map(({ segment: name, stale }) =>
    stale === undefined ? name : `${name}: ${stale.error}`,
  );
  const out = leftOut.map(({ file, segment: name, error }) => `-${name ?? file}: ${error}`);
  expect([...told, ...out]).toEqual(expected);
  return segments;
}

it('goes on with what serves from a broken file, and with everything else as written', () => {
  const old = segment('b', [], { title: 'old' });
  const segments = check(
    { segments: [segment('a', ['b'])], broken: [broken('b')] },
    served(old, segment('gone')),
    'a',
    'b: segments/b.yaml:9:1  expected a rule',
  );
  expect(segments[1]).toEqual({
    ...old,
    stale: { sinceMs: SERVED_MS, error: 'segments/b.yaml:9:1  expected a rule' },
  });
});

it('tells of a segment that stays broken since when it is', () => {
  const stale = { sinceMs: 5, error: 'of before' };
  const serving = served({ ...segment('b'), stale });
  const [b] = check({ broken: [broken('b')] }, serving, 'b: segments/b.yaml:9:1  expected a rule');
  expect(b!.stale!.sinceMs).toBe(5);
});

it('leaves out what never served, and in turn what is new and refers to it', () => {
  check(
    { segments: [segment('a', ['b']), segment('c', ['a']), segment('d')], broken: [broken('b')] },
    served(segment('a')),
    'a: segments/a.yaml:3:5  there is no segment named "b"',
    'c',
    'd',
    '-segments/b.yaml: segments/b.yaml:9:1  expected a rule',
  );
  check(
    { segments: [segment('a', ['b'])], broken: [broken('b', { segment: 'b' })] },
    null,
    '-b: segments/b.yaml:9:1  expected a rule',
    '-a: segments/a.yaml:3:5  there is no segment named "b": segments/b.yaml:9:1  expected a rule',
  );
});

it('knows a renamed file by the name in it, and a renamed segment by its file', () => {
  const old = segment('a', [], { at: { ...at('old'), line: 1 } });
  check(
    { broken: [broken('new', { segment: 'a' })] },
    served(old),
    'a: segments/new.yaml:9:1  expected a rule',
  );
  check(
    { broken: [broken('old', { segment: 'b' })] },
    served(old),
    'a: segments/old.yaml:9:1  expected a rule',
  );
  check(
    { segments: [segment('a')], broken: [broken('old', { segment: 'a' })] },
    served(old),
    'a',
    '-a: segments/old.yaml:9:1  expected a rule',
  );
});

it('goes on with all that serves where the folder cannot be read', () => {
  const folder = { file: 'segments', segment: null, error: 'segments:1:1  EACCES' };
  check(
    { broken: [folder] },
    served(segment('a'), segment('b', ['a'])),
    'a: segments:1:1  EACCES',
    'b: segments:1:1  EACCES',
  );
});

it('takes none of two files that define one name', () => {
  const twice = [
    segment('a', [], { title: 'copy', at: { ...at('a-copy'), line: 1 } }),
    segment('a'),
  ];
  const error = 'segments/a-copy.yaml:1:5  segments/a.yaml already has a segment named a';
  const [a] = check({ segments: twice }, served(segment('a', [], { title: 'old' })), `a: ${error}`);
  expect(a!.title).toBe('old');
  check(
    { segments: twice },
    null,
    `-a: ${error}`,
    '-a: segments/a.yaml:1:1  segments/a-copy.yaml already has a segment named a',
  );
});

it('takes back those of a circle that were edited, and leaves new ones out only where that is not enough', () => {
  const circle = 'segments refer to each other in a circle:';
  check(
    { segments: [segment('a', ['b']), segment('b', ['a'])] },
    served(segment('a', ['b']), segment('b')),
    'a',
    `b: segments/b.yaml:1:1  ${circle} a, b`,
  );
  check(
    { segments: [segment('a', ['new']), segment('new', ['a'])] },
    served(segment('a')),
    `a: segments/a.yaml:1:1  ${circle} a, new`,
    'new',
  );
  check(
    { segments: [segment('x', ['y']), segment('y', ['x']), segment('z')] },
    null,
    'z',
    `-x: segments/x.yaml:1:1  ${circle} x, y`,
    `-y: segments/y.yaml:1:1  ${circle} x, y`,
  );
});

it('keeps a group exclusive, with a stale segment in its place of before', () => {
  const group = { group: 'life', priority: 9 };
  const a = segment('a', [], { group: 'life', priority: 1 });
  const b = segment('b', [], group);
  const first = check({ segments: [a, b] }, null, 'a', 'b');
  expect(first[0]!.rule).toMatchObject({ of: [{}, { kind: 'none', of: [{ segment: 'b' }] }] });
  const raised = segment('a', [], { group: 'life', priority: 20 });
  const next = check(
    { segments: [raised], broken: [broken('b')] },
    served(...first),
    'a',
    'b: segments/b.yaml:9:1  expected a rule',
  );
  expect(next[0]!.rule).toEqual(a.rule);
  expect(next[1]!.rule).toMatchObject({ of: [{}, { kind: 'none', of: [{ segment: 'a' }] }] });
});

it('always ends with segments that can be evaluated, each file of which is served or told of', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const anySegment = fc
    .record({
      name: fc.constantFrom(...names),
      references: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
      group: fc.constantFrom(null, null, 'g', 'h'),
      priority: fc.nat({ max: 2 }),
    })
    .map(({ name, references, ...changes }) => segment(name, references, changes));
  const shop = fc.uniqueArray(anySegment, { selector: (one) => one.segment, maxLength: 5 });
  let stale = 0;
  fc.assert(
    fc.property(shop, shop, fc.subarray(names), (before, fresh, fail) => {
      const first = soundSegments({ segments: before, broken: [] }, null);
      const written = {
        segments: fresh.filter(({ segment: name }) => !fail.includes(name)),
        broken: fail.map((name) => broken(name)),
      };
      const { segments, leftOut } = soundSegments(written, served(...first.segments));
      expect(() => compileSegments(segments)).not.toThrow();
      for (const { segment: name, at: place } of written.segments) {
        const isServed = segments.some((one) => one.segment === name);
        expect(isServed || leftOut.some(({ file }) => file === place.file), name).toBe(true);
      }
      const gone = segments.filter(
        ({ segment: name }) => !fresh.some((one) => one.segment === name) && !fail.includes(name),
      );
      expect(gone).toEqual([]);
      stale += segments.filter((one) => one.stale !== undefined).length;
    }),
    { numRuns: 300, seed: 20_261_130 },
  );
  expect(stale).toBeGreaterThan(100);
});
