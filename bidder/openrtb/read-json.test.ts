import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fields, type JsonShape, listOf, NAME, SCALAR, withoutBounds } from './json-shape.ts';
import { NOT_JSON } from './json-tokens.ts';
import { readJson } from './read-json.ts';
import {
  JSON_DEPTH_MAX,
  REQUEST_BYTES_MAX,
  TOO_DEEP,
  TOO_MANY,
  VALUES_MAX,
} from './read-limits.ts';

const INNER = fields(() => ({ a: undefined, ab: undefined, w: undefined, h: undefined }));
const SHAPE = fields(
  () => ({ a: undefined, b: undefined, id: undefined, 'long-name': undefined, w: undefined }),
  {
    b: listOf(INNER, 2),
    id: listOf(NAME, 3),
    'long-name': fields(() => ({ b: undefined }), { b: listOf(INNER, 0) }),
    w: listOf(SCALAR, 9),
  },
);

function read(json: string | Uint8Array, shape = SHAPE): unknown {
  return readJson(typeof json === 'string' ? Buffer.from(json) : json, shape);
}

/** What the reader promises, said in terms of JSON.parse. */
function prune(value: unknown, shape: JsonShape): unknown {
  if (Array.isArray(value)) {
    const kept = value.slice(0, shape.kept);
    return kept.map((element) => (Array.isArray(element) ? [] : prune(element, shape)));
  }
  if (typeof value !== 'object' || value === null) return value;
  const pruned: Record<string, unknown> = {};
  shape.names.forEach((name, i) => {
    if (Object.hasOwn(value, name)) {
      pruned[name] = prune((value as Record<string, unknown>)[name], shape.shapes[i]!);
    }
  });
  return pruned;
}

function checkAsParsed(json: string | Uint8Array): void {
  let expected: unknown;
  try {
    expected = prune(JSON.parse(Buffer.from(json as string).toString('utf8')), SHAPE);
  } catch {
    expect(() => read(json)).toThrow(NOT_JSON);
    return;
  }
  expect(read(json)).toEqual(expected);
}

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', 'w', 'h', 'long-name', '__proto__', '', 'lang-nome'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const { value: anyValue } = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(fc.double(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 6 }),
}));

// First of all: a longer one that was met before would have made room.
it('ends within its room, whatever the length', () => {
  for (let length = REQUEST_BYTES_MAX - 2; length < REQUEST_BYTES_MAX + 8; length++) {
    expect(() => read(`"${'a'.repeat(length - 1)}`)).toThrow(NOT_JSON);
    expect(() => read(`"${'a'.repeat(length - 2)}\\`)).toThrow(NOT_JSON);
  }
});

describe('law: it reads what JSON.parse reads, pruned and cut to the shape', () => {
  it('of any JSON', () =>
    fc.assert(
      fc.property(anyValue, fc.constantFrom(0, 1, '\t', '\n \r'), (value, space) =>
        checkAsParsed(JSON.stringify(value, null, space) ?? 'null'),
      ),
      { numRuns: 2000 },
    ));

  it('and refuses what JSON.parse refuses', () => {
    const broken = fc
      .tuple(
        anyValue,
        fc.nat(),
        fc.nat({ max: 2 }),
        fc.constantFrom(...'{}[]",:\\.-+eE0 1tfnu\0\n'),
      )
      .map(([value, at, cut, put]) => {
        const json = JSON.stringify({ a: value, b: value });
        const place = at % (json.length + 1);
        return json.slice(0, place) + put + json.slice(place + cut);
      });
    fc.assert(fc.property(broken, checkAsParsed), { numRuns: 5000 });
  });

  it('of any bytes, also those that are no UTF-8', () => {
    const bytes = fc.uint8Array({ maxLength: 12 });
    fc.assert(
      fc.property(bytes, bytes, (key, value) =>
        checkAsParsed(
          Buffer.concat([
            Buffer.from('{"'),
            key,
            Buffer.from('":1,"a":"'),
            value,
            Buffer.from('"}'),
          ]),
        ),
      ),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 8 }), checkAsParsed), { numRuns: 3000 });
  });

  it('of short decimals, which are read digit by digit', () =>
    fc.assert(
      fc.property(
        fc.tuple(
          fc.constantFrom('', '-'),
          fc.nat({ max: 10 ** 8 }),
          fc.constantFrom('', '.', '.0', '.00', '.000000'),
          fc.nat(),
          fc.constantFrom('', 'e1', 'E-7', 'e+20'),
        ),
        ([sign, whole, point, decimals, power]) =>
          checkAsParsed(`${sign}${whole}${point}${point && decimals}${power}`),
      ),
      { numRuns: 5000 },
    ));

  it('of lists as long as their bounds and longer, and not without an end', () => {
    const list = fc.array(anyValue, { maxLength: 14 });
    const within = fc.constantFrom('w', 'b', 'a', 'x');
    const end = fc.constantFrom(']}', ']', ',]}', ' 1]}', '}]', '] }');
    fc.assert(
      fc.property(list, within, end, (values, name, closing) =>
        checkAsParsed(`{"${name}":${JSON.stringify(values).slice(0, -1)}${closing}`),
      ),
      { numRuns: 2000 },
    );
  });

  it('of strings that end at any place of a word', () => {
    for (const end of ['"', '\\n"', '\u0000"', '\u001f"', 'é"', '\u007f"', '\\']) {
      for (let length = 0; length < 12; length++) checkAsParsed(`"${'a'.repeat(length)}${end}`);
    }
  });

  const cases = [
    ['the last of two equal names', '{"a":1,"a":{"x":1},"b":{"a":1},"b":2}'],
    ['a name written with escapes', '{"\\u0061":1,"\\u0062":{"\\u0061b":2},"a\\n":3}'],
    ['strings beyond ASCII', '{"a":"größe \u2028 😀","b":{"a":"\\ud83d\\ude00 \\ud800"}}'],
    ['numbers of every form', '{"w":[0,-0,1.5,-2e3,1E+2,3e-2,123456789012345678901,1e999]}'],
    ['blanks wherever they may be', ' { "a" : [ 1 , 2 ] , "b" : { } , "w" : [ ] } \n'],
    ['a lone scalar', '"x"'],
    ['the prototype’s name', '{"__proto__":{"a":1},"a":2}'],
    ['objects in arrays in arrays', '{"b":[[{"a":1,"x":2}],{"a":[{}]},3]}'],
    ['what a wanted name begins', '{"long-nam":1,"long-name2":2,"long-name":{"b":{"w":1,"z":1}}}'],
  ] as const;
  for (const [what, json] of cases) it(`reads ${what}`, () => checkAsParsed(json));

  const refused =
    '|{|}|[1,]|[1 2]|{"a":1,}|{,}|{"a"}|{"a":}|{a:1}|01|-|+1|1.|.5|1e|1e+|tru|nul|True|"|"\\x"|"\\u12g4"|"\t"|"a\0"|[1]x|\ufeff1|// x\n1|\u00a01|NaN|\'a\'|{"a":1}{';
  it('refuses each common mistake', () => refused.split('|').forEach(checkAsParsed));
});

it('keeps the digits of a whole number that names something', () => {
  expect(read('{"id":8189378542222915032}')).toEqual({ id: '8189378542222915032' });
  expect(read('{"id":[-9007199254740993,7,1.5,1e3]}')).toEqual({
    id: ['-9007199254740993', 7, 1.5, 1000],
  });
});

it('goes as deep as its bound, and no deeper', () => {
  for (const [open, close] of ['[]', '{"a":}', '{"x":}'].map((pair) => pair.split(/(?=[\]}])/))) {
    const nested = (depth: number) => `${open!.repeat(depth)}1${close!.repeat(depth)}`;
    expect(() => read(nested(JSON_DEPTH_MAX), SCALAR)).not.toThrow();
    expect(() => read(nested(JSON_DEPTH_MAX + 1), SCALAR)).toThrow(TOO_DEEP);
    expect(() => read(nested(JSON_DEPTH_MAX + 1))).toThrow(TOO_DEEP);
    expect(() => read(`${open!.repeat(200_000)}`)).toThrow(TOO_DEEP);
  }
});

it('keeps of a list one element more than its bound, and all where there is none', () => {
  const json = '{"b":[{"a":1},{"a":2},{"a":3},{"a":4},{"a":5}],"a":[7,8,9],"id":[[1],[2]]}';
  expect(read(json)).toMatchObject({ b: [{ a: 1 }, { a: 2 }, { a: 3 }], a: [7], id: [[], []] });
  const { b, a } = read(json, withoutBounds(SHAPE)) as Record<string, unknown[]>;
  expect([b!.length, a!.length]).toEqual([5, 3]);
});

it('makes so many values and no more, in lists or over and over', () => {
  const shape = fields(() => ({ list: undefined }), { list: listOf(INNER, VALUES_MAX) });
  const inList = (count: number) => `{"list":[${new Array(count).fill('1').join(',')}]}`;
  const again = (count: number) => `{${new Array(count).fill('"list":{}').join(',')}}`;
  // The object, and the list in it.
  expect(read(inList(VALUES_MAX - 2), shape)).toHaveProperty('list.length', VALUES_MAX - 2);
  expect(() => read(inList(VALUES_MAX - 1), shape)).toThrow(TOO_MANY);
  expect(() => read(again(VALUES_MAX - 1), shape)).not.toThrow();
  expect(() => read(again(VALUES_MAX), shape)).toThrow(TOO_MANY);
  // What is cut or unwanted counts for nothing.
  expect(() => read(inList(VALUES_MAX))).not.toThrow();
  expect(() => read(again(VALUES_MAX))).not.toThrow();
});

it('makes room for more than it has met', () => {
  const long = JSON.stringify({ a: 'x'.repeat(REQUEST_BYTES_MAX), b: 7 });
  expect(read(long)).toEqual({ a: 'x'.repeat(REQUEST_BYTES_MAX), b: 7 });
});

it('finds every name of a shape with many', () => {
  const names = Array.from({ length: 200 }, (_, i) => `n${i * i}x`);
  const shape = fields(() => Object.fromEntries(names.map((name) => [name, undefined])));
  const object = Object.fromEntries(names.map((name, i) => [name, i]));
  expect(read(JSON.stringify(object), shape)).toEqual(object);
});
