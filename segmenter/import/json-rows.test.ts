import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextRow } from './csv-rows.ts';
import { JsonCutter, jsonListStart, jsonRows } from './json-rows.ts';
import { rowNumbers, rowsOf } from './row-parts.ts';

const KEYS = ['id', 'v'];
const JSON_FORMAT = { kind: 'json', keys: KEYS, recipes: null } as const;

/** Reads a text of which the first piece reaches past the opening, as open-rows.ts gives it. */
function read(text: string, size: number): TextRow[] {
  const cutter = new JsonCutter('rows.json');
  let at = Math.max(jsonListStart(text), 1);
  const rows = jsonRows(cutter.push(text.slice(0, at), text.length === at), KEYS);
  for (; at < text.length; at += size) {
    const piece = cutter.push(text.slice(at, at + size), at + size >= text.length);
    rows.push(...jsonRows(piece, KEYS));
  }
  return rows;
}

/** Where a text is cut into pieces must not matter. */
function check(text: string, expected: readonly unknown[]): void {
  for (const size of [1, 2, 3, 7, 1000]) {
    expect(read(text, size).map(({ fields, problem }) => fields ?? problem)).toEqual(expected);
  }
}

function refuses(text: string, complaint: RegExp): void {
  for (const size of [1, 3, 1000]) expect(() => read(text, size)).toThrow(complaint);
}

describe('JSON lists', () => {
  it('reads a bare array', () =>
    check('[{"id":1,"v":"a"},{"id":2}]', [
      ['1', 'a'],
      ['2', ''],
    ]));
  it("reads Metrica's contacts and retailCRM's answer", () => {
    check('{ "contacts" : [ {"id":"x"} ] }\n', [['x', '']]);
    check('{"success":true,"pagination":{"limit":20},"orders":[{"id":7}]}', [['7', '']]);
  });
  it('reads an empty list', () => check(' [ ] ', []));
  it('writes several values as one cell', () =>
    check('[{"id":["1","2"],"v":{"pear":10,"fig":2}}]', [['1,2', 'pear:10,fig:2']]));
  it('takes brackets, commas and quotes within a text for text', () =>
    check(String.raw`[{"id":"],}{\"\\","v":"é\n"}]`, [['],}{"\\', 'é\n']]));
  it('rejects an element that is no object and goes on', () =>
    check('[1,{"id":,"v":1},null,"x",{"id":2}]', [
      'expected a JSON object',
      'not valid JSON (is it cut off?)',
      ...['expected a JSON object', 'expected a JSON object'],
      ['2', ''],
    ]));
  it('rejects a number that JSON has rounded', () =>
    check('[{"id":9007199254740993}]', ['id: expected a text or an exact number']));
  it('rejects a list that is nested too deep to be a cell, and goes on', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const text = `[{"id":1,"v":[{"quantity":1,"offer":${deep}}]},{"id":2}]`;
    const expected = ['v: expected a text or an exact number', ['2', '']];
    expect(read(text, 1000).map(({ fields, problem }) => fields ?? problem)).toEqual(expected);
    const piece = new JsonCutter('rows.json').push(text, true);
    const shown = rowsOf({ piece, format: { ...JSON_FORMAT, shown: true } });
    expect(shown[0]!.fields).toEqual(['1', '']);
  });
  it('numbers rows by their first line', () =>
    expect(read('[\n{"id":1},\n\n{\n"id":2\n}, {"id":3}\n]', 2).map(({ line }) => line)).toEqual([
      2, 4, 6,
    ]));
  it('numbers rows by their place in the list, however it is cut', () => {
    const text = '[{"id":1},2,{"id":3},{"id":4}]';
    for (const size of [1, 3, 9, 100]) {
      const cutter = new JsonCutter('rows.json');
      const numbers: number[] = [];
      for (let at = 0; at < text.length; at += size) {
        const piece = cutter.push(text.slice(at, at + size), at + size >= text.length);
        numbers.push(...rowNumbers({ piece, format: JSON_FORMAT }, jsonRows(piece, KEYS)));
      }
      expect(numbers).toEqual([1, 2, 3, 4]);
    }
  });
  it('says where a list breaks', () => {
    refuses('[{"id":1}\n{"id":2}]', /rows.json:2: expected a comma between two rows/);
    refuses('[{"id":1},\n]', /rows.json:2: expected a row before and after each comma/);
    refuses('[,{"id":1}]', /expected a row before and after each comma/);
    refuses('[{"id":1}] x', /expected nothing after the list/);
    refuses('{"orders":[], "contacts":[{"id":1}]}', /expected } after the list/);
  });
  it('says that a file is cut off', () => {
    refuses('[{"id":1},{"id"', /the JSON list is never closed: is the file cut off/);
    refuses('[{"id":1}', /the JSON list is never closed/);
    refuses('{"orders":[{"id":1}]', /cut off after its list/);
  });
  it('does not gather a row without end', () => {
    const cutter = new JsonCutter('rows.json');
    cutter.push('["', false);
    expect(() => {
      for (let i = 0; i < 100; i++) cutter.push('x'.repeat(65_536), false);
    }).toThrow(/a row of over 1048576 characters/);
  });
  it('takes one object a line for NDJSON', () => expect(jsonListStart('{"id":1}\n')).toBe(-1));

  it('agrees with JSON.parse on whatever it can write', () => {
    const row = fc.record({ id: fc.string(), v: fc.oneof(fc.string(), fc.integer()) });
    const size = fc.integer({ min: 1, max: 40 });
    const indent = fc.constantFrom(0, 2);
    fc.assert(
      fc.property(fc.array(row), size, indent, (rows, pieceSize, spaces) => {
        const text = JSON.stringify(rows, null, spaces);
        const expected = rows.map(({ id, v }) => [id, String(v)]);
        expect(read(text, pieceSize).map(({ fields }) => fields)).toEqual(expected);
      }),
    );
  });

  const suite = '../shared/data/badinput/json/JSONTestSuite/test_parsing';
  it.skipIf(!existsSync(suite))(
    'takes no array of JSONTestSuite for more than JSON.parse does (skipped without ../shared/data)',
    () => {
      const names = readdirSync(suite).filter((name) => name.startsWith('n_'));
      expect(names.length).toBeGreaterThan(100);
      for (const name of names) {
        const text = readFileSync(`${suite}/${name}`, 'utf8');
        if (jsonListStart(text) === -1) continue;
        let rows: TextRow[] = [];
        try {
          rows = read(text, 1000);
        } catch (error) {
          expect((error as Error).name, name).toBe('ImportError');
        }
        expect(
          rows.filter(({ fields }) => fields !== null),
          name,
        ).toEqual([]);
      }
    },
  );
});
