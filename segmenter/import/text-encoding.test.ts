import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SaidEncoding } from '../../settings/import-mapping.ts';
import { type FoundEncoding, TextDecoding } from './text-encoding.ts';

/** Letters of the Cyrillic alphabet and № as windows-1251 writes them. */
function cp1251(text: string): Buffer {
  const bytes = [...text].map((letter) => {
    const code = letter.codePointAt(0)!;
    if (letter === '№') return 0xb9;
    if (letter === 'ё') return 0xb8;
    return code < 0x80 ? code : code - 0x350;
  });
  return Buffer.from(bytes);
}

function decode(bytes: Buffer, size = 1 << 18, said?: SaidEncoding): [FoundEncoding[], string] {
  const found: FoundEncoding[] = [];
  const decoding = new TextDecoding(said, (encoding) => found.push(encoding));
  let text = '';
  for (let at = 0; at < bytes.length; at += size) {
    text += decoding.push(bytes.subarray(at, at + size));
  }
  return [found, text + decoding.end()];
}

function check(bytes: Buffer, encoding: FoundEncoding, text: string): void {
  expect(decode(bytes)).toEqual([[encoding], text]);
}

const RUSSIAN = 'ид;имя\n1;Пётр и Анна, заказ № 5\n';

describe('encoding', () => {
  it('knows ASCII and UTF-8', () => {
    check(Buffer.from('id\n1\n'), 'utf-8', 'id\n1\n');
    check(Buffer.from(RUSSIAN), 'utf-8', RUSSIAN);
  });
  it('drops the byte order mark and keeps one within the text', () =>
    check(Buffer.from('\uFEFFid;\uFEFFx\n'), 'utf-8', 'id;\uFEFFx\n'));
  it('knows windows-1251 by its words', () => check(cp1251(RUSSIAN), 'windows-1251', RUSSIAN));
  it('knows windows-1251 that begins megabytes into a file', () => {
    const text = `id;name\n${'1;x\n'.repeat(200_000)}${RUSSIAN}`;
    expect(decode(cp1251(text))).toEqual([['windows-1251'], text]);
  });
  it('decides alike wherever the first chunks end', () => {
    const text = RUSSIAN.repeat(4);
    for (const size of [40, 50, 64, 100]) {
      expect(decode(Buffer.from(text), size)).toEqual([['utf-8'], text]);
      expect(decode(cp1251(text), size)).toEqual([['windows-1251'], text]);
    }
  });
  it('takes UTF-8 with a damaged byte for UTF-8', () =>
    check(
      Buffer.concat([Buffer.from(RUSSIAN), Buffer.from([0xe4]), Buffer.from('\n')]),
      'utf-8',
      `${RUSSIAN}\uFFFD\n`,
    ));
  it('does not take accents of another alphabet for Cyrillic', () =>
    check(
      Buffer.from('M\xfcller;G\xf6tz;Caf\xe9\n', 'latin1'),
      'utf-8',
      'M\uFFFDller;G\uFFFDtz;Caf\uFFFD\n',
    ));
  it('believes what is said', () => {
    expect(decode(cp1251('д\n'), 64, 'windows-1251')).toEqual([['windows-1251'], 'д\n']);
    expect(decode(cp1251(RUSSIAN), 64, 'utf-8')[1]).toContain('\uFFFD');
  });
  it('reads UTF-16 by its mark', () => {
    const little = Buffer.from(`\uFEFF${RUSSIAN}`, 'utf16le');
    check(little, 'utf-16le', RUSSIAN);
    check(Buffer.from(little).swap16(), 'utf-16be', RUSSIAN);
  });
  it('refuses UTF-16 without a mark', () =>
    expect(() => decode(Buffer.from(RUSSIAN, 'utf16le'))).toThrow(/UTF-16 needs its byte order/));

  const cases = '../shared/data/badinput/encoding/invalid_utf8.jsonl';
  it.skipIf(!existsSync(cases))(
    'takes no bytes that are not UTF-8 for a text (skipped without ../shared/data)',
    () => {
      const lines = readFileSync(cases, 'utf8').trim().split('\n');
      expect(lines.length).toBeGreaterThan(10);
      for (const line of lines) {
        const { name, hex } = JSON.parse(line) as { name: string; hex: string };
        const bytes = Buffer.from(hex, 'hex');
        if (name === 'utf16be') {
          expect(() => decode(bytes), name).toThrow(/UTF-16/);
          continue;
        }
        const [[found], text] = decode(bytes);
        const mark = bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
        expect([found, text], name).toEqual(['utf-8', bytes.subarray(mark).toString('utf8')]);
      }
    },
  );
});
