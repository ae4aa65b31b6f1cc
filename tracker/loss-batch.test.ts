import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_ITEMS_MAX, parseLossBatch } from './loss-batch.ts';

const SUITE = new URL('../../shared/data/badinput/json/JSONTestSuite/', import.meta.url);
const BOMBS = new URL('../../shared/data/badinput/json/json_bombs.jsonl', import.meta.url);

const parse = (body: string | object) =>
  parseLossBatch(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const query = (token: string, price = '', minToWin = '', lossCode = '') => ({
  token,
  price,
  minToWin,
  lossCode,
  slot: '',
});

describe('a batch of loss notices', () => {
  it('is an array or lines, of URLs or of what stands in them', () => {
    const items = [
      'https://ads.example/l?t=a.b&p=1.5&m=2&c=102',
      '/l?t=a.b&c=102#x',
      { t: 'a.b', p: 1.5, m: '2', c: 102 },
    ];
    const expected = [
      query('a.b', '1.5', '2', '102'),
      query('a.b', '', '', '102'),
      query('a.b', '1.5', '2', '102'),
    ];
    expect(parse(items)).toEqual(expected);
    expect(parse(items.map((item) => JSON.stringify(item)).join('\r\n'))).toEqual(expected);
    expect(parse(`\n${items[0]}\n\n${items[1]}\n`)).toEqual(expected.slice(0, 2));
  });

  it('takes an item that is none for one broken item', () => {
    const broken = [null, 1, [], {}, { t: '' }, 'x', '/l', '/n?t=a.b', '/l?t=a&t=b'];
    expect(parse([...broken, { t: 'a.b' }])).toEqual([...broken.map(() => null), query('a.b')]);
    expect(parse('{"t":"a.b"}\n{"t":\n{"t":"c.d"}')).toEqual([query('a.b'), null, query('c.d')]);
  });

  it.each(['', ' \n ', '[', '[{"t":"a.b"}', '[]'])('%j is none', (text) =>
    expect(parse(text)).toBe('unreadable'),
  );

  it('has a most', () => {
    const items = new Array(BATCH_ITEMS_MAX).fill({ t: 'a.b' });
    expect(parse(items)).toHaveLength(BATCH_ITEMS_MAX);
    expect(parse([...items, { t: 'a.b' }])).toBe('too-many');
  });

  it('law: no bytes make it throw, and every item is a query of texts or null', () => {
    const checkAny = (bytes: Uint8Array) => {
      const batch = parseLossBatch(bytes);
      const queries = typeof batch === 'string' ? [] : batch.filter((item) => item !== null);
      for (const each of queries) {
        expect(each.token).not.toBe('');
        for (const text of Object.values(each)) expect(typeof text).toBe('string');
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), checkAny));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => checkAny(Buffer.from(text))));
    fc.assert(fc.property(fc.json(), (json) => checkAny(Buffer.from(`[${json},{"t":"a.b"}]`))));
  });

  it.skipIf(!existsSync(SUITE))('survives the JSON suite (needs ../shared/data)', () => {
    const files = readdirSync(SUITE, { recursive: true, encoding: 'utf8' });
    const cases = files.filter((name) => name.endsWith('.json'));
    expect(cases.length).toBeGreaterThan(100);
    for (const name of cases) parseLossBatch(readFileSync(new URL(name, SUITE)));
    if (existsSync(BOMBS)) parseLossBatch(readFileSync(BOMBS));
    expect(parse('['.repeat(200_000))).toBe('unreadable');
  });
});
