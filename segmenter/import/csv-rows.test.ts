import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvCutter, csvRows, detectDelimiter, type TextRow } from './csv-rows.ts';

/** Reads a text cut into pieces of `size` characters: where it is cut must not matter. */
function read(text: string, size = 7, delimiter = ','): TextRow[] {
  const cutter = new CsvCutter(delimiter);
  const rows: TextRow[] = [];
  for (let at = 0; at < text.length; at += size) {
    rows.push(...csvRows(cutter.push(text.slice(at, at + size), false), delimiter));
  }
  return [...rows, ...csvRows(cutter.push('', true), delimiter)];
}

function check(text: string, expected: readonly (readonly string[] | string)[]): void {
  for (const size of [1, 2, 3, 7, 1000]) {
    const rows = read(text, size);
    expect(rows.map(({ fields, problem }) => fields ?? problem)).toEqual(expected);
  }
}

describe('CSV rows', () => {
  it('splits plain lines', () =>
    check('a,b\r\n1,\n', [
      ['a', 'b'],
      ['1', ''],
    ]));
  it('reads a last line without its end', () => check('a\nb', [['a'], ['b']]));
  it('leaves empty lines out', () => check('a\n\n\r\nb\n', [['a'], ['b']]));
  it('keeps delimiters, doubled quotes and line ends within quotes', () =>
    check('"a,b","say ""hi""","x\ny"\r\nc\n', [['a,b', 'say "hi"', 'x\ny'], ['c']]));
  it('takes a quote within an unquoted field as it stands', () =>
    check('12" vinyl,3\n', [['12" vinyl', '3']]));
  it('loses one line to a quote that is never closed', () =>
    check('a,b\n1,"2\n3,4\n', [['a', 'b'], 'a quote is never closed', ['3', '4']]));
  it('loses one line to text after a closing quote', () =>
    check('1,"x"y\n3,4\n', ['text follows a closing quote', ['3', '4']]));
  it('numbers rows by their first line', () =>
    expect(read('h\n"a\nb"\n\nc\n').map(({ line }) => line)).toEqual([1, 2, 5]));
  it('keeps the raw text of a row', () =>
    expect(read('"a\nb",c\r\nd\n').map(({ raw }) => raw)).toEqual(['"a\nb",c', 'd']));

  it('agrees with csv-parse on whatever can be written as CSV', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', ';') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 40 }), (table, size) => {
        const text = table.map((row) => row.map(quoted).join(',')).join('\n');
        const expected = parse(text, { relax_column_count: true }) as string[][];
        expect(read(text, size).map(({ fields }) => fields)).toEqual(expected);
      }),
    );
  });

  // Its CSV and its JSON differ in the phone number.
  const DIFFERS = 'location_coordinates.json';
  const spectrum = '../shared/data/badinput/csv/csv-spectrum';
  it.skipIf(!existsSync(spectrum))(
    'reads csv-spectrum as its JSON says (skipped without ../shared/data)',
    () => {
      const files = readdirSync(spectrum);
      const names = files.filter(
        (name) => name.endsWith('.json') && name !== DIFFERS && files.includes(csvOf(name)),
      );
      expect(names.length).toBe(4);
      for (const name of names) {
        const csv = readFileSync(`${spectrum}/${csvOf(name)}`, 'utf8');
        const [header, ...rows] = read(csv, 5).map(({ fields }) => fields!);
        const objects = rows.map((row) =>
          Object.fromEntries(header!.map((column, i) => [column, row[i]])),
        );
        expect(objects, name).toEqual(JSON.parse(readFileSync(`${spectrum}/${name}`, 'utf8')));
      }
    },
  );
});

function csvOf(name: string): string {
  return name.replace('.json', '.csv');
}

describe('delimiter', () => {
  it('is the one that splits the header most', () => {
    expect(detectDelimiter('a;b;c,d')).toBe(';');
    expect(detectDelimiter('"a;b;c",d')).toBe(',');
    expect(detectDelimiter('a\tb')).toBe('\t');
    expect(detectDelimiter('alone')).toBe(',');
  });
});
